/** What a cluster finds again when it is closed and started: its objects, its machines, what was paused. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { vmObject } from "./controlled.ts";

const dataDir = mkdtempSync(join(tmpdir(), "kube-sim-restart-"));
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

const vms = "/apis/kubevirt.io/v1/namespaces/project/virtualmachines";
const instances = "/apis/kubevirt.io/v1/namespaces/project/virtualmachineinstances";
const subresources = "/apis/subresources.kubevirt.io/v1/namespaces/project/virtualmachineinstances";
const put = { method: "PUT", body: {}, headers: { accept: "*/*" } };

async function shows(cluster: TestCluster, name: string, status: string): Promise<void> {
  await eventually(async () => {
    const { body } = await cluster.call(`${vms}/${name}`);
    return body.status?.printableStatus === status;
  });
}

const screen = async (cluster: TestCluster, name: string) =>
  (await cluster.call(`${subresources}/${name}/vnc/screenshot`)).code;

test("machines run again after a restart, paused ones stay paused, stopped ones stay stopped", {
  timeout: 60_000,
}, async () => {
  const first = await startCluster({ dataDir });
  await first.call("/api/v1/namespaces", { body: { metadata: { name: "project" } } });
  for (const name of ["runs", "paused"])
    expect((await first.call(vms, { body: vmObject(name) })).code).toBe(201);
  expect((await first.call(vms, { body: vmObject("stopped", { runStrategy: "Halted" }) })).code).toBe(201);
  for (const name of ["runs", "paused"]) await shows(first, name, "Running");
  expect((await first.call(`${subresources}/paused/pause`, put)).code).toBe(200);
  await shows(first, "paused", "Paused");
  const uid = (await first.call(`${instances}/runs`)).body.metadata.uid;
  const address = (await first.call(`${instances}/runs`)).body.status.interfaces[0].ipAddress;
  await first.close();

  const second = await startCluster({ dataDir });
  await eventually(async () => (await screen(second, "runs")) === 200);
  await eventually(async () => (await screen(second, "paused")) === 200);
  const again = (await second.call(`${instances}/runs`)).body;
  expect(again.metadata.uid).toBe(uid);
  expect(again.status.interfaces[0].ipAddress).toBe(address);
  await shows(second, "runs", "Running");
  await shows(second, "paused", "Paused");
  await shows(second, "stopped", "Stopped");
  expect((await second.call(`${subresources}/paused/unpause`, put)).code).toBe(200);
  await shows(second, "paused", "Running");
  await second.close();
});

test("copies that waited are taken up again", { timeout: 60_000 }, async () => {
  const folder = mkdtempSync(join(tmpdir(), "kube-sim-copies-"));
  const base = "/apis/snapshot.kubevirt.io/v1beta1/namespaces/project";
  const clones = "/apis/clone.kubevirt.io/v1beta1/namespaces/project/virtualmachineclones";
  const quotas = "/api/v1/namespaces/project/resourcequotas";
  const machine = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });
  const make = async (cluster: TestCluster, path: string, body: object) =>
    expect(await cluster.call(path, { body })).toMatchObject({ code: 201 });
  const statusOf = async (cluster: TestCluster, path: string) => (await cluster.call(path)).body.status ?? {};
  const snapshot = (name: string, spec: object) => ({
    apiVersion: "snapshot.kubevirt.io/v1beta1",
    kind: "VirtualMachineSnapshot",
    metadata: { name },
    spec,
  });

  const first = await startCluster({ dataDir: folder });
  await make(first, "/api/v1/namespaces", { metadata: { name: "project" } });
  await make(first, vms, vmObject("vm", { runStrategy: "Halted" }));
  await make(first, `${base}/virtualmachinesnapshots`, snapshot("kept", { source: machine("vm") }));
  await eventually(async () => (await statusOf(first, `${base}/virtualmachinesnapshots/kept`)).readyToUse);
  await make(first, quotas, {
    metadata: { name: "full" },
    spec: { hard: { "count/virtualmachines.kubevirt.io": "1" } },
  });
  await eventually(async () => (await statusOf(first, `${quotas}/full`)).used !== undefined);
  await make(first, `${base}/virtualmachinerestores`, {
    apiVersion: "snapshot.kubevirt.io/v1beta1",
    kind: "VirtualMachineRestore",
    metadata: { name: "refused" },
    spec: { target: machine("copy"), virtualMachineSnapshotName: "kept" },
  });
  await eventually(async () => {
    const { conditions = [] } = await statusOf(first, `${base}/virtualmachinerestores/refused`);
    return conditions.some(({ reason }: { reason: string }) => reason.includes("exceeded quota"));
  });
  await make(
    first,
    `${base}/virtualmachinesnapshots`,
    snapshot("late", { source: machine("none"), failureDeadline: "4s" }),
  );
  await make(first, clones, {
    apiVersion: "clone.kubevirt.io/v1beta1",
    kind: "VirtualMachineClone",
    metadata: { name: "early" },
    spec: { source: machine("later"), target: machine("twin") },
  });
  await eventually(
    async () => (await statusOf(first, `${base}/virtualmachinesnapshots/late`)).phase === "InProgress",
  );
  await first.call(`${quotas}/full`, { method: "DELETE" });
  await first.close();

  const second = await startCluster({ dataDir: folder });
  await eventually(async () => (await statusOf(second, `${base}/virtualmachinerestores/refused`)).complete);
  await eventually(
    async () => (await statusOf(second, `${base}/virtualmachinesnapshots/late`)).phase === "Failed",
  );
  await make(second, vms, vmObject("later", { runStrategy: "Halted" }));
  await eventually(async () => (await statusOf(second, `${clones}/early`)).phase === "Succeeded");
  await second.close();
  rmSync(folder, { recursive: true, force: true });
});
