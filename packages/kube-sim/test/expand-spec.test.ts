/** expand-vm-spec and the patch types that custom kinds take, against the recorded answers. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const url = "/apis/subresources.kubevirt.io/v1/namespaces/default/expand-vm-spec";
const vm = (name: string, domain: object = {}): object => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name: "x" },
  spec: {
    runStrategy: "Halted",
    instancetype: { name },
    template: { spec: { domain: { devices: {}, ...domain } } },
  },
});

beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.close());

test("writes an instance type out", async () => {
  const answer = await cluster.call(url, { method: "PUT", body: vm("u1.medium") });
  expect(answer.code).toBe(200);
  expect(answer.body.spec.template.spec.domain.memory.guest).toBe("4Gi");
  expect(answer.body.spec.instancetype).toBeUndefined();
});

test("refuses with 400 in the recorded words, and an empty body with 415", async () => {
  const unknown = await cluster.call(url, { method: "PUT", body: vm("nope") });
  expect([unknown.code, unknown.body.message]).toEqual([
    400,
    'virtualmachineclusterinstancetypes.instancetype.kubevirt.io "nope" not found',
  ]);
  const cpu = { sockets: 1, cores: 1, threads: 1 };
  const conflict = await cluster.call(url, {
    method: "PUT",
    body: vm("u1.medium", { cpu, memory: { guest: "1Gi" } }),
  });
  expect(conflict.body.message).toBe(
    "VM field(s) spec.template.spec.domain.cpu.sockets, spec.template.spec.domain.cpu.cores, spec.template.spec.domain.cpu.threads, spec.template.spec.domain.memory.guest conflicts with selected instance type",
  );
  const empty = await cluster.call(url, { method: "PUT" });
  expect([empty.code, empty.text]).toEqual([415, "415: Unsupported Media Type"]);
});

test("custom kinds take no strategic merge patch; a VMI's spec is not edited", async () => {
  const path = "/apis/kubevirt.io/v1/namespaces/default/virtualmachineinstances";
  await cluster.call("/apis/kubevirt.io/v1/namespaces/default/virtualmachines", {
    body: { ...vm("u1.medium"), metadata: { name: "y" } },
  });
  const patch = await cluster.call("/apis/kubevirt.io/v1/namespaces/default/virtualmachines/y", {
    method: "PATCH",
    body: {},
    headers: { "content-type": "application/strategic-merge-patch+json" },
  });
  expect(patch.code).toBe(415);
  cluster.sim.seed([
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachineInstance",
      metadata: { name: "z", namespace: "default" },
      spec: { domain: { devices: {} } },
      status: { phase: "Failed" },
    },
  ]);
  const edit = await cluster.call(`${path}/z`, {
    method: "PATCH",
    body: { spec: { hostname: "other" } },
    headers: { "content-type": "application/merge-patch+json" },
  });
  expect([edit.code, edit.body.message]).toEqual([
    422,
    'admission webhook "virtualmachineinstances-update-validator.kubevirt.io" denied the request: update of VMI object is restricted',
  ]);
});

test("a protected machine is not deleted", async () => {
  const path = "/apis/kubevirt.io/v1/namespaces/default/virtualmachines";
  const labels = { "kubevirt.io/vm-delete-protection": "True" };
  await cluster.call(path, { body: { ...vm("u1.medium"), metadata: { name: "kept", labels } } });
  const refused = await cluster.call(`${path}/kept`, { method: "DELETE" });
  expect(refused.code).toBe(422);
  expect(refused.body.message).toContain("cannot be deleted, disable/remove label");
});

test("quota and limits are refused in the API server's words", async () => {
  await cluster.call("/api/v1/namespaces", { body: { metadata: { name: "q" } } });
  await cluster.call("/api/v1/namespaces/q/resourcequotas", {
    body: { metadata: { name: "small" }, spec: { hard: { "requests.storage": "5Gi" } } },
  });
  const claim = (name: string, storage: string): object => ({
    metadata: { name },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "absent",
      resources: { requests: { storage } },
    },
  });
  const answer = await cluster.call("/api/v1/namespaces/q/persistentvolumeclaims", {
    body: claim("big", "10Gi"),
  });
  expect([answer.code, answer.body.message]).toEqual([
    403,
    'persistentvolumeclaims "big" is forbidden: exceeded quota: small, requested: requests.storage=10Gi, used: requests.storage=0, limited: requests.storage=5Gi',
  ]);
});
