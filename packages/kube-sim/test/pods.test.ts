/** Where pods may run, and what is told of those that do. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

const project = "/api/v1/namespaces/p";
let cluster: TestCluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "p" } } });
});
afterAll(() => cluster.close());

async function make(name: string, spec: object, annotations: Record<string, string> = {}): Promise<void> {
  const { code } = await cluster.call(`${project}/pods`, {
    body: { metadata: { name, annotations }, spec: { containers: [{ name: "a", image: "a" }], ...spec } },
  });
  expect(code).toBe(201);
}
const running = async (name: string) =>
  eventually(async () => {
    const { body } = await cluster.call(`${project}/pods/${name}`);
    return body.status.phase === "Running" && body;
  });

test("a taint is tolerated by key, value and effect", async () => {
  const { items } = (await cluster.call("/api/v1/nodes")).body;
  for (const { metadata } of items as { metadata: { name: string } }[])
    await cluster.call(`/api/v1/nodes/${metadata.name}`, {
      method: "PATCH",
      headers: { "content-type": "application/merge-patch+json" },
      body: { spec: { taints: [{ key: "team", value: "storage", effect: "NoSchedule" }] } },
    });
  await make("other-value", { tolerations: [{ key: "team", value: "network" }] });
  await make("other-effect", { tolerations: [{ key: "team", operator: "Exists", effect: "NoExecute" }] });
  await make("same", { tolerations: [{ key: "team", value: "storage", effect: "NoSchedule" }] });
  await make("any", { tolerations: [{ operator: "Exists" }] });
  await running("same");
  await running("any");
  for (const name of ["other-value", "other-effect"]) {
    const why = await eventually(async () => {
      const { body } = await cluster.call(`${project}/pods/${name}`);
      return (body.status.conditions as { type: string; message?: string }[] | undefined)?.find(
        ({ type }) => type === "PodScheduled",
      )?.message;
    });
    expect(why).toContain("untolerated taint {team: storage}");
  }
});

test("a pod keeps the class of its requests, and tells its addresses of both families", async () => {
  await cluster.call("/apis/kubeovn.io/v1/subnets", {
    body: {
      apiVersion: "kubeovn.io/v1",
      kind: "Subnet",
      metadata: { name: "both" },
      spec: {
        protocol: "Dual",
        cidrBlock: "10.77.0.0/24,fd00:77::/120",
        gateway: "10.77.0.1,fd00:77::1",
        vpc: "ovn-cluster",
      },
    },
  });
  await make(
    "dual",
    { tolerations: [{ operator: "Exists" }] },
    { "ovn.kubernetes.io/logical_switch": "both" },
  );
  const { status } = await running("dual");
  expect(status).toMatchObject({
    qosClass: "BestEffort",
    podIP: "10.77.0.2",
    podIPs: [{ ip: "10.77.0.2" }, { ip: "fd00:77::2" }],
    hostIPs: [{ ip: status.hostIP }],
  });
});
