/** Live migration and evacuation under the controllers: phases, hosts, ends. Orders as in the recorded traces. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { migrationKind, nodeKind, podKind, vmiKind, vmKind } from "../src/controllers/kinds.ts";
import { type Controlled, project, startControlled, type VmFacts, vmObject } from "./controlled.ts";

const writer = { fieldManager: "test" };
const allPhases = ["", "Pending", "Scheduling", "Scheduled", "PreparingTarget", "TargetReady", "Running"];
let cluster: Controlled;
beforeEach(async () => {
  cluster = await startControlled();
});
afterEach(() => cluster.close());

const quick = { "kubesim.kubev.io/migration-seconds": "0" };
const slow = { "kubesim.kubev.io/migration-seconds": "600" };

async function runningVm(name: string, facts: VmFacts) {
  cluster.store.create(vmObject(name, facts), writer);
  const machine = await cluster.running(name);
  await cluster.until("shown as running", () => cluster.vm(name).status?.printableStatus === "Running");
  return machine;
}

function migrate(vmiName: string, name: string, addedNodeSelector?: Record<string, string>) {
  cluster.store.create(
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachineInstanceMigration",
      metadata: { name, namespace: project, finalizers: ["kubevirt.io/migrationJobFinalize"] },
      spec: { vmiName, ...(addedNodeSelector && { addedNodeSelector }) },
    },
    writer,
  );
}

const migration = (name: string) => cluster.kinds.get(migrationKind, project, name);
const phase = (name: string, wanted: string) =>
  cluster.until(`${name} ${wanted}`, () => migration(name)?.status?.phase === wanted);
const settled = (name: string) =>
  cluster.until(`${name} wrapped up`, () => (migration(name)?.metadata.finalizers ?? []).length === 0);

test("a guest that holds a device of its host cannot be moved, and says why", async () => {
  cluster.kinds.modify(nodeKind, undefined, "host-1", (node) => ({
    ...node,
    status: {
      ...node.status,
      allocatable: { ...node.status?.allocatable, "example.com/gpu": "1" },
    },
  }));
  const domain = { memory: { guest: "128Mi" }, devices: { gpus: [{ deviceName: "example.com/gpu" }] } };
  await runningVm("trainer", { template: { domain } });
  expect(cluster.vmi("trainer").status?.conditions).toContainEqual(
    expect.objectContaining({
      type: "LiveMigratable",
      status: "False",
      reason: "HostDeviceNotLiveMigratable",
    }),
  );
});

test("moves a guest to another host, which goes on running, and back", async () => {
  const machine = await runningVm("vm", { annotations: quick });
  const from = cluster.vmi("vm").status?.nodeName ?? "";
  const phases = cluster.trail(migrationKind, (object) => object.status?.phase ?? "");
  const statuses = cluster.trail(vmKind, (vm) => vm.status?.printableStatus ?? "");
  migrate("vm", "there");
  await phase("there", "Succeeded");
  await settled("there");
  await cluster.until("running again", () => cluster.vm("vm").status?.printableStatus === "Running");
  expect(phases).toEqual([...allPhases, "Succeeded"]);
  expect(statuses).toEqual(["Migrating", "Running"]);
  const { status, metadata } = cluster.vmi("vm");
  expect(status?.nodeName).not.toBe(from);
  expect(metadata.labels).toMatchObject({ "kubevirt.io/nodeName": status?.nodeName });
  expect(metadata.labels).not.toHaveProperty("kubevirt.io/migrationTargetNodeName");
  expect(status?.migrationState).toMatchObject({
    sourceNode: from,
    targetNode: status?.nodeName,
    completed: true,
    mode: "PreCopy",
  });
  expect(migration("there")?.status?.migrationState).toEqual(status?.migrationState);
  const pods = cluster.kinds.list(podKind, project);
  expect(
    pods.map((pod) => `${pod.status?.phase} on the ${pod.spec.nodeName === from ? "source" : "target"}`),
  ).toEqual(expect.arrayContaining(["Succeeded on the source", "Running on the target"]));
  expect(cluster.machines.get(metadata.uid)).toBe(machine);

  migrate("vm", "back");
  await phase("back", "Succeeded");
  expect(cluster.vmi("vm").status?.nodeName).toBe(from);
  // The machine can still be stopped, pods and all.
  cluster.kinds.modify(vmKind, project, "vm", (vm) => ({
    ...vm,
    spec: { ...vm.spec, runStrategy: "Halted" },
  }));
  await cluster.until("VMI gone", () => !cluster.kinds.get(vmiKind, project, "vm"));
  await cluster.until("pods gone", () => cluster.kinds.list(podKind, project).length === 0);
});

test("a deleted migration is given up; the guest stays where it is", async () => {
  await runningVm("vm", { annotations: slow });
  const from = cluster.vmi("vm").status?.nodeName;
  const phases = cluster.trail(migrationKind, (object) => object.status?.phase ?? "");
  migrate("vm", "cancelled");
  await phase("cancelled", "Running");
  await cluster.until("shown as migrating", () => cluster.vm("vm").status?.printableStatus === "Migrating");
  const running = migration("cancelled");
  if (running) cluster.kinds.delete(migrationKind, running);
  await cluster.until("gone", () => !migration("cancelled"));
  expect(phases).toEqual([...allPhases, "Failed", "DELETED"]);
  expect(cluster.vmi("vm").status?.nodeName).toBe(from);
  expect(cluster.vmi("vm").status?.migrationState).toMatchObject({
    abortRequested: true,
    abortStatus: "Succeeded",
    completed: true,
    failed: true,
    failureReason: "Live migration has been aborted",
  });
  await cluster.until("running again", () => cluster.vm("vm").status?.printableStatus === "Running");
});

test.for(["Scheduling", "Running"])(
  "a migration that is torn away while %s leaves no target, and the next one goes its way",
  async (torn) => {
    await runningVm("vm", { annotations: slow });
    const from = cluster.vmi("vm").status?.nodeName;
    migrate("vm", "torn", torn === "Scheduling" ? { "kubernetes.io/hostname": "no-such-host" } : undefined);
    await phase("torn", torn);
    cluster.kinds.modify(migrationKind, project, "torn", (object) => ({
      ...object,
      metadata: { ...object.metadata, finalizers: [] },
    }));
    const running = migration("torn");
    if (running) cluster.kinds.delete(migrationKind, running);
    await cluster.until("its pod is gone", () => cluster.kinds.list(podKind, project).length === 1);
    await cluster.until("running", () => cluster.vm("vm").status?.printableStatus === "Running");
    const { labels } = cluster.vmi("vm").metadata;
    expect(labels).not.toHaveProperty(["kubevirt.io/migrationTargetNodeName"]);
    expect(Object.keys(cluster.vmi("vm").status?.activePods ?? {})).toHaveLength(1);
    cluster.kinds.modify(vmiKind, project, "vm", (vmi) => ({
      ...vmi,
      metadata: { ...vmi.metadata, annotations: { ...vmi.metadata.annotations, ...quick } },
    }));
    migrate("vm", "next");
    await phase("next", "Succeeded");
    expect(cluster.vmi("vm").status?.nodeName).not.toBe(from);
  },
);

test("a migration that fails on the source leaves the guest there", async () => {
  await runningVm("vm", { annotations: { ...quick, "kubesim.kubev.io/migration-fails": "true" } });
  const phases = cluster.trail(migrationKind, (object) => object.status?.phase ?? "");
  migrate("vm", "failing");
  await phase("failing", "Failed");
  await settled("failing");
  expect(phases).toEqual([...allPhases, "Failed"]);
  expect(migration("failing")?.status?.migrationState?.failureReason).toContain("Live migration failed");
  expect(cluster.kinds.list(podKind, project).map((pod) => pod.status?.phase)).toEqual(
    expect.arrayContaining(["Running", "Succeeded"]),
  );
});

test("without a host that fits it waits; given up, its pod goes", async () => {
  await runningVm("vm", { annotations: quick });
  migrate("vm", "nowhere", { "kubernetes.io/hostname": "no-such-host" });
  await phase("nowhere", "Scheduling");
  await cluster.until("unschedulable", () =>
    cluster.kinds
      .list(podKind, project)
      .some((pod) => pod.status?.conditions?.some(({ reason }) => reason === "Unschedulable")),
  );
  expect(cluster.vm("vm").status?.printableStatus).toBe("Running");
  const waiting = migration("nowhere");
  if (waiting) cluster.kinds.delete(migrationKind, waiting);
  await cluster.until("gone", () => !migration("nowhere"));
  await cluster.until("pod gone", () => cluster.kinds.list(podKind, project).length === 1);
});

test("only the newest five finished migrations of a VMI are kept", async () => {
  await runningVm("vm", { annotations: quick });
  for (const name of ["m1", "m2", "m3", "m4", "m5", "m6"]) {
    migrate("vm", name);
    await phase(name, "Succeeded");
    await settled(name);
  }
  const names = cluster.kinds.list(migrationKind, project).map(({ metadata }) => metadata.name);
  expect(names.toSorted()).toEqual(["m2", "m3", "m4", "m5", "m6"]);
});

test("a host that is drained loses its migratable machines and keeps the others", async () => {
  const hold = { nodeSelector: { "kubernetes.io/hostname": "host-1" } };
  await runningVm("stays", { annotations: quick, template: { ...hold, evictionStrategy: "None" } });
  await runningVm("moves", { annotations: quick, template: { evictionStrategy: "LiveMigrate" } });
  const host = cluster.vmi("moves").status?.nodeName ?? "";
  cluster.kinds.modify(nodeKind, undefined, host, (node) => ({
    ...node,
    spec: { ...node.spec, unschedulable: true, taints: [{ key: "kubevirt.io/drain", effect: "NoSchedule" }] },
  }));
  await cluster.until("moved", () => cluster.vmi("moves").status?.nodeName !== host);
  expect(cluster.vmi("stays").status?.nodeName).toBe("host-1");
  expect(cluster.kinds.list(migrationKind, project).map(({ spec }) => spec.vmiName)).toEqual(["moves"]);
});
