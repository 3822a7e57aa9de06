/** Workloads of containers: pods as many as asked for, restarts that replace them, jobs that end, and what pods' logs say. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const core = "/api/v1/namespaces/project";
const apps = "/apis/apps/v1/namespaces/project";
const batch = "/apis/batch/v1/namespaces/project";

const template = (app: string, rest: object = {}) => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: "web", image: "registry.example.com/web:1" }], ...rest },
});
const workload = (kind: string, name: string, spec: object) => ({
  apiVersion: "apps/v1",
  kind,
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: template(name), ...spec },
});

interface PodBody {
  metadata: { name: string };
  status?: { phase?: string };
}

async function podsOf(app: string): Promise<PodBody[]> {
  return (await cluster.call(`${core}/pods?labelSelector=app=${app}`)).body.items as PodBody[]; // a list of pods
}
const merge = { method: "PATCH", headers: { "content-type": "application/merge-patch+json" } };

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "project" } } });
});
afterAll(async () => cluster.close());

test("a deployment runs its pods, scales, and replaces them when its template changes", async () => {
  await cluster.call(`${apps}/deployments`, { body: workload("Deployment", "web", { replicas: 2 }) });
  const ready = async (count: number) =>
    eventually(async () => {
      const { status } = (await cluster.call(`${apps}/deployments/web`)).body;
      return status?.readyReplicas === count && status?.replicas === count;
    });
  await ready(2);
  const before = (await podsOf("web")).map(({ metadata }) => metadata.name);
  await cluster.call(`${apps}/deployments/web/scale`, { ...merge, body: { spec: { replicas: 3 } } });
  await ready(3);
  await cluster.call(`${apps}/deployments/web`, {
    ...merge,
    body: { spec: { template: { metadata: { annotations: { touched: "yes" } } } } },
  });
  await eventually(async () => {
    const names = (await podsOf("web")).map(({ metadata }) => metadata.name);
    return names.length === 3 && names.every((name) => !before.includes(name));
  });
  const sets = (await cluster.call(`${apps}/replicasets`)).body.items;
  expect(sets).toHaveLength(2);
  await cluster.call(`${apps}/deployments/web`, { method: "DELETE" });
  await eventually(async () => (await podsOf("web")).length === 0);
});

test("a stateful set numbers its pods and makes their claims", async () => {
  await cluster.call(`${apps}/statefulsets`, {
    body: workload("StatefulSet", "db", {
      replicas: 2,
      serviceName: "db",
      volumeClaimTemplates: [
        {
          metadata: { name: "data" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      ],
    }),
  });
  await eventually(
    async () => (await cluster.call(`${apps}/statefulsets/db`)).body.status?.readyReplicas === 2,
  );
  expect((await podsOf("db")).map(({ metadata }) => metadata.name).toSorted()).toEqual(["db-0", "db-1"]);
  expect((await cluster.call(`${core}/persistentvolumeclaims/data-db-1`)).code).toBe(200);
});

test("a daemon set has one pod on each host that fits", async () => {
  await cluster.call(`${apps}/daemonsets`, { body: workload("DaemonSet", "agent", {}) });
  await eventually(async () => {
    const { status } = (await cluster.call(`${apps}/daemonsets/agent`)).body;
    return status?.desiredNumberScheduled > 0 && status.numberReady === status.desiredNumberScheduled;
  });
  const pods = (await cluster.call(`${core}/pods?labelSelector=app=agent`)).body.items as {
    spec: { nodeName: string };
  }[]; // a list of pods
  expect(new Set(pods.map(({ spec }) => spec.nodeName)).size).toBe(pods.length);
});

test("a job ends well or, when told so, fails; a suspended one runs nothing", async () => {
  const job = (name: string, spec: object, annotations = {}) => ({
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name, annotations },
    spec: { template: template(name, { restartPolicy: "Never" }), ...spec },
  });
  const conditionOf = async (name: string) =>
    (await cluster.call(`${batch}/jobs/${name}`)).body.status?.conditions?.[0]?.type as string | undefined;
  await cluster.call(`${batch}/jobs`, { body: job("once", { completions: 2, parallelism: 2 }) });
  await cluster.call(`${batch}/jobs`, {
    body: job("never", { backoffLimit: 0 }, { "kubesim.kubev.io/job-fails": "true" }),
  });
  await cluster.call(`${batch}/jobs`, { body: job("held", { suspend: true }) });
  await eventually(async () => (await conditionOf("once")) === "Complete");
  await eventually(async () => (await conditionOf("never")) === "Failed");
  expect(await podsOf("held")).toEqual([]);
});

test("a log says that nothing runs, and what became of the pod; refusals are the kubelet's", async () => {
  await cluster.call(`${core}/pods`, {
    body: {
      metadata: { name: "two" },
      spec: {
        containers: [
          { name: "a", image: "x" },
          { name: "b", image: "x" },
        ],
      },
    },
  });
  await eventually(async () => (await cluster.call(`${core}/pods/two`)).body.status?.phase === "Running");
  const unnamed = await cluster.call(`${core}/pods/two/log`);
  expect(unnamed.code).toBe(400);
  expect(unnamed.body.message).toBe("a container name must be specified for pod two, choose one of: [a b]");
  const previous = await cluster.call(`${core}/pods/two/log?container=a&previous=true`);
  expect(previous.body.message).toBe('previous terminated container "a" in pod "two" not found');
  const log = await cluster.call(`${core}/pods/two/log?container=a`);
  expect(log.code).toBe(200);
  expect(log.text).toContain("no program runs in container a");
  expect(log.text).toContain("Scheduled: Successfully assigned project/two");
  const last = await cluster.call(`${core}/pods/two/log?container=a&tailLines=1`);
  expect(last.text.trim().split("\n")).toHaveLength(1);
});
