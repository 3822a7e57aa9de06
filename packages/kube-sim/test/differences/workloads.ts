/** Differences of services and of containers' workloads that a request shows. */
import { eventually, type TestCluster } from "../cluster.ts";
import type { Difference } from "./difference.ts";

const core = "/api/v1/namespaces/default";
const apps = "/apis/apps/v1/namespaces/default";
const container = { name: "c", image: "c:1", command: ["sh", "-c", "exit 1"] };

const service = (name: string, spec: object) => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: { name },
  spec: { ports: [{ port: 80 }], ...spec },
});

const make = async (cluster: TestCluster, path: string, body: object): Promise<void> => {
  const { code, text } = await cluster.call(path, { body });
  if (code !== 201) throw new Error(text);
};

export const workloads: readonly Difference[] = [
  {
    id: "validation-in-part",
    stillDiffers: async (cluster) =>
      (
        await cluster.call(`${core}/pods?dryRun=All`, {
          body: {
            metadata: { name: "strange" },
            spec: { containers: [container], securityContext: { runAsUser: -1 } },
          },
        })
      ).code === 201,
  },
  {
    id: "ipv4-services-only",
    stillDiffers: async (cluster) =>
      (
        await cluster.call(`${core}/services`, {
          body: service("six", { ipFamilies: ["IPv6"], ipFamilyPolicy: "SingleStack" }),
        })
      ).code === 422,
  },
  {
    id: "no-kubernetes-service",
    stillDiffers: async (cluster) => (await cluster.call(`${core}/services/kubernetes`)).code === 404,
  },
  {
    id: "no-load-balancer",
    stillDiffers: async (cluster) => {
      await make(cluster, `${core}/services`, service("lb", { type: "LoadBalancer" }));
      return (await cluster.call(`${core}/services/lb`)).body.status.loadBalancer?.ingress === undefined;
    },
  },
  {
    id: "containers-run-nothing",
    stillDiffers: async (cluster) => {
      await make(cluster, `${core}/pods`, {
        apiVersion: "v1",
        kind: "Pod",
        metadata: { name: "fails" },
        spec: { restartPolicy: "Never", containers: [container] },
      });
      return eventually(
        async () => (await cluster.call(`${core}/pods/fails`)).body.status.phase === "Running",
      );
    },
  },
  {
    id: "logs-are-a-story",
    stillDiffers: async (cluster) => {
      const { text } = await cluster.call(`${core}/pods/fails/log`);
      return text.includes("kube-sim");
    },
  },
  {
    id: "jobs-end-well",
    stillDiffers: async (cluster) => {
      await make(cluster, "/apis/batch/v1/namespaces/default/jobs", {
        apiVersion: "batch/v1",
        kind: "Job",
        metadata: { name: "fails" },
        spec: { template: { spec: { restartPolicy: "Never", containers: [container] } } },
      });
      const path = "/apis/batch/v1/namespaces/default/jobs/fails";
      return eventually(async () => (await cluster.call(path)).body.status?.succeeded === 1);
    },
  },
  {
    id: "no-deployment-progress",
    stillDiffers: async (cluster) => {
      await make(cluster, `${apps}/deployments`, {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "web" },
        spec: {
          selector: { matchLabels: { app: "web" } },
          template: { metadata: { labels: { app: "web" } }, spec: { containers: [container] } },
        },
      });
      const { conditions } = await eventually(async () => {
        const { status } = (await cluster.call(`${apps}/deployments/web`)).body;
        return status?.readyReplicas === 1 && status;
      });
      return conditions.every(({ type }: { type: string }) => type !== "Progressing");
    },
  },
  {
    id: "no-rollout-history",
    stillDiffers: async (cluster) => {
      const { annotations } = (await cluster.call(`${apps}/deployments/web`)).body.metadata;
      return annotations?.["deployment.kubernetes.io/revision"] === undefined;
    },
  },
];
