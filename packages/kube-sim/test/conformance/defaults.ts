/** What fields count as where nobody gives them: the specs of workloads as the server keeps them. */
import { beforeAll, describe, expect, test } from "vitest";
import { newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

const template = (name: string): object => ({
  metadata: { labels: { app: name } },
  spec: {
    containers: [
      {
        name: "web",
        image: "web",
        ports: [{ containerPort: 80 }],
        readinessProbe: { httpGet: { port: 80 } },
        resources: { limits: { cpu: "1" } },
      },
    ],
    volumes: [
      { name: "c", configMap: { name: "c" } },
      { name: "h", hostPath: { path: "/x" } },
      { name: "e", emptyDir: {} },
    ],
  },
});

/** Of a template above, as every server keeps it. */
const keptTemplate = {
  restartPolicy: "Always",
  terminationGracePeriodSeconds: 30,
  dnsPolicy: "ClusterFirst",
  schedulerName: "default-scheduler",
  securityContext: {},
  containers: [
    {
      name: "web",
      image: "web",
      imagePullPolicy: "Always",
      terminationMessagePath: "/dev/termination-log",
      terminationMessagePolicy: "File",
      ports: [{ containerPort: 80, protocol: "TCP" }],
      readinessProbe: {
        httpGet: { path: "/", port: 80, scheme: "HTTP" },
        timeoutSeconds: 1,
        periodSeconds: 10,
        successThreshold: 1,
        failureThreshold: 3,
      },
      resources: { limits: { cpu: "1" } },
    },
  ],
  volumes: [
    { name: "c", configMap: { name: "c", defaultMode: 420 } },
    { name: "h", hostPath: { path: "/x", type: "" } },
    { name: "e", emptyDir: {} },
  ],
};

export function defaults(api: () => Target): void {
  describe("defaults", () => {
    let namespace: string;
    beforeAll(async () => {
      namespace = await newNamespace(api());
    });
    const made = async (collection: string, kind: string, spec: object) => {
      const [group, version] = collection.split("/");
      const path = `/apis/${group}/${version}/namespaces/${namespace}/${collection.split("/")[2]}`;
      const name = kind.toLowerCase();
      const body = { apiVersion: `${group}/${version}`, kind, metadata: { name }, spec };
      const answer = await api().call(path, { body });
      expect(answer).toMatchObject({ code: 201 });
      return answer.body;
    };
    const selector = (app: string): object => ({ matchLabels: { app } });

    test("of a Deployment", async () => {
      const { spec, status } = await made("apps/v1/deployments", "Deployment", {
        selector: selector("d"),
        template: template("d"),
      });
      expect(spec).toMatchObject({
        replicas: 1,
        revisionHistoryLimit: 10,
        progressDeadlineSeconds: 600,
        strategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "25%", maxSurge: "25%" } },
      });
      expect(spec.template.spec).toMatchObject(keptTemplate);
      expect(status).toEqual({});
    });

    test("of a Deployment that recreates", async () => {
      const body = {
        apiVersion: "apps/v1",
        kind: "Deployment",
        metadata: { name: "recreating" },
        spec: { selector: selector("r"), template: template("r"), strategy: { type: "Recreate" } },
      };
      const answer = await api().call(`/apis/apps/v1/namespaces/${namespace}/deployments`, { body });
      expect(answer.body.spec.strategy).toEqual({ type: "Recreate" });
    });

    test("of a StatefulSet", async () => {
      const { spec, status } = await made("apps/v1/statefulsets", "StatefulSet", {
        serviceName: "s",
        selector: selector("s"),
        template: template("s"),
      });
      expect(spec).toMatchObject({
        replicas: 1,
        podManagementPolicy: "OrderedReady",
        revisionHistoryLimit: 10,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { partition: 0 } },
      });
      expect(spec.template.spec).toMatchObject(keptTemplate);
      expect(status.replicas).toBe(0);
    });

    test("of a DaemonSet", async () => {
      const { spec, status } = await made("apps/v1/daemonsets", "DaemonSet", {
        selector: selector("ds"),
        template: template("ds"),
      });
      expect(spec).toMatchObject({
        revisionHistoryLimit: 10,
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: 1 } },
      });
      expect(status).toEqual({
        currentNumberScheduled: 0,
        numberMisscheduled: 0,
        desiredNumberScheduled: 0,
        numberReady: 0,
      });
    });

    test("of a Job", async () => {
      const { spec, metadata } = await made("batch/v1/jobs", "Job", {
        template: {
          spec: { restartPolicy: "Never", containers: [{ name: "once", image: "once:1" }] },
        },
      });
      expect(spec).toMatchObject({ completions: 1, parallelism: 1, backoffLimit: 6 });
      expect(spec.template.spec).toMatchObject({
        restartPolicy: "Never",
        containers: [{ name: "once", imagePullPolicy: "IfNotPresent", resources: {} }],
      });
      // a selector that no other job has, by the job's own identity
      const [selected] = Object.entries(spec.selector.matchLabels);
      expect(selected?.[1]).toBe(metadata.uid);
      expect(spec.template.metadata.labels["job-name"]).toBe("job");
      expect(spec.template.metadata.labels["controller-uid"]).toBe(metadata.uid);
    });

    test("of a NetworkPolicy", async () => {
      const { spec } = await made("networking.k8s.io/v1/networkpolicies", "NetworkPolicy", {
        podSelector: {},
        ingress: [{ ports: [{ port: 80 }] }],
      });
      expect(spec).toEqual({
        podSelector: {},
        ingress: [{ ports: [{ port: 80, protocol: "TCP" }] }],
        policyTypes: ["Ingress"],
      });
    });

    test("of a Pod, and what is wrong with one", async () => {
      const pods = `/api/v1/namespaces/${namespace}/pods`;
      const spec = { containers: [{ name: "a", image: "a:1" }] };
      const { code, body, text } = await api().call(pods, {
        body: { apiVersion: "v1", kind: "Pod", metadata: { name: "pod" }, spec },
      });
      expect({ code, text }).toMatchObject({ code: 201 });
      expect(body.spec).toMatchObject({
        restartPolicy: "Always",
        enableServiceLinks: true,
        preemptionPolicy: "PreemptLowerPriority",
        priority: 0,
        tolerations: [
          {
            key: "node.kubernetes.io/not-ready",
            operator: "Exists",
            effect: "NoExecute",
            tolerationSeconds: 300,
          },
          {
            key: "node.kubernetes.io/unreachable",
            operator: "Exists",
            effect: "NoExecute",
            tolerationSeconds: 300,
          },
        ],
      });
      expect(body.status).toMatchObject({ phase: "Pending", qosClass: "BestEffort" });
      const wrong = await api().call(pods, {
        body: {
          apiVersion: "v1",
          kind: "Pod",
          metadata: { name: "wrong" },
          spec: { containers: [{ name: "a" }] },
        },
      });
      expect(wrong.code).toBe(422);
      expect(wrong.body.message).toContain("spec.containers[0].image: Required value");
    });

    test("of a Secret, a ServiceAccount's and a claim's", async () => {
      const secret = await api().call(`/api/v1/namespaces/${namespace}/secrets`, {
        body: { metadata: { name: "s" }, stringData: { a: "b" } },
      });
      expect(secret.body).toMatchObject({ type: "Opaque", data: { a: "Yg==" } });
      expect(secret.body).not.toHaveProperty("stringData");
      const claim = await api().call(`/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
        body: {
          metadata: { name: "c" },
          spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
        },
      });
      expect(claim.code).toBe(201);
      expect(claim.body).toMatchObject({
        metadata: { finalizers: ["kubernetes.io/pvc-protection"] },
        spec: { volumeMode: "Filesystem" },
        status: { phase: "Pending" },
      });
    });
  });
}
