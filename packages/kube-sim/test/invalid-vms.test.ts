/** Creation of wrong VirtualMachines: every recorded answer of the real webhooks, replayed. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";
import { recordedGates } from "./replay/recorder-clusters.ts";
import { oracles, traceSteps } from "./oracles.ts";

const NAMESPACE = "t-invalid-vms";
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster();
  await cluster.call("/apis/kubevirt.io/v1/namespaces/kubevirt/kubevirts/kubevirt", {
    method: "PATCH",
    headers: { "content-type": "application/merge-patch+json" },
    body: { spec: { configuration: { developerConfiguration: { featureGates: recordedGates } } } },
  });
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: NAMESPACE } } });
  await cluster.call("/apis/instancetype.kubevirt.io/v1beta1/virtualmachineclusterinstancetypes", {
    body: {
      apiVersion: "instancetype.kubevirt.io/v1beta1",
      kind: "VirtualMachineClusterInstancetype",
      metadata: { name: "u1.medium" },
      spec: { cpu: { guest: 1 }, memory: { guest: "4Gi" } },
    },
  });
});
afterAll(() => cluster.close());

const steps = traceSteps("invalid-vms").filter(({ request }) => request.method === "POST");

describe.skipIf(oracles === undefined)("recorded creations", () => {
  test.each(steps.map((step) => [step.label, step] as const))("%s", async (_label, step) => {
    const answer = await cluster.call(step.request.path, {
      method: step.request.method,
      body: step.request.body,
    });
    expect(answer.code).toBe(step.response.code);
    expect(answer.headers["warning"]).toBe(step.response.warning);
    if (step.response.code < 400) return;
    expect(answer.body).toEqual(step.response.body);
  });
});
