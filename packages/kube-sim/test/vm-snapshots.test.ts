/** Snapshots, restores and clones of machines: the data of their disks is really kept, and really comes back. */
import { readFileSync, writeFileSync } from "node:fs";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  claimKind,
  vmCloneKind,
  vmiKind,
  vmKind,
  vmRestoreKind,
  vmSnapshotContentKind,
  vmSnapshotKind,
  volumeKind,
  volumeSnapshotClassKind,
  volumeSnapshotKind,
} from "../src/controllers/kinds.ts";
import { clonePatches, passesFilters } from "../src/controllers/vm-clone-controller.ts";
import { type Controlled, project, startControlled, vmObject } from "./controlled.ts";

const writer = { fieldManager: "test" };
let cluster: Controlled;
beforeEach(async () => {
  cluster = await startControlled();
});
afterEach(() => cluster.close());

/** A VM with one disk of class fast-block, bound before it ever runs. */
async function machine(runStrategy: string, annotations: Record<string, string> = {}): Promise<void> {
  cluster.store.create(
    {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: {
        name: "data",
        namespace: project,
        annotations: { "cdi.kubevirt.io/storage.bind.immediate.requested": "true" },
      },
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "fast-block",
        resources: { requests: { storage: "1Mi" } },
      },
    },
    writer,
  );
  cluster.store.create(
    vmObject("vm", {
      runStrategy,
      annotations,
      template: { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "data" } }] },
    }),
    writer,
  );
  await cluster.until(
    "bound",
    () => cluster.kinds.get(claimKind, project, "data")?.status?.phase === "Bound",
  );
  await cluster.until("known", () => cluster.vm("vm").status?.conditions !== undefined);
}

const imageOf = (claim: string): string => {
  const volume = cluster.kinds.get(claimKind, project, claim)?.spec.volumeName ?? "";
  return cluster.images.get(volume)?.path ?? "";
};
const write = (claim: string, text: string) => writeFileSync(imageOf(claim), text);
const content = (claim: string) => readFileSync(imageOf(claim), "utf8").slice(0, 6);
const claimOf = (vm: string) =>
  cluster.vm(vm).spec.template.spec.volumes?.[0]?.persistentVolumeClaim?.claimName ?? "";

const take = (name: string) =>
  cluster.store.create(
    {
      apiVersion: "snapshot.kubevirt.io/v1beta1",
      kind: "VirtualMachineSnapshot",
      metadata: { name, namespace: project },
      spec: { source: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "vm" } },
    },
    writer,
  );
const ready = (name: string) =>
  cluster.until(`${name} ready`, () => cluster.kinds.get(vmSnapshotKind, project, name)?.status?.readyToUse);
const restore = (name: string, target: string, over: Record<string, unknown> = {}) =>
  cluster.store.create(
    {
      apiVersion: "snapshot.kubevirt.io/v1beta1",
      kind: "VirtualMachineRestore",
      metadata: { name, namespace: project },
      spec: {
        target: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: target },
        virtualMachineSnapshotName: "before",
        ...over,
      },
    },
    writer,
  );
const complete = (name: string) =>
  cluster.until(`${name} complete`, () => cluster.kinds.get(vmRestoreKind, project, name)?.status?.complete);

test("what was on the disk comes back, in place and to a new machine", async () => {
  await machine("Halted");
  write("data", "before");
  const phases = cluster.trail(vmSnapshotKind, (one) => one.status?.phase ?? "");
  take("before");
  await ready("before");
  expect(phases).toEqual(["", "InProgress", "Succeeded"]);
  expect(cluster.kinds.get(vmSnapshotKind, project, "before")?.status).toMatchObject({
    snapshotVolumes: { includedVolumes: ["data"], excludedVolumes: [] },
  });
  await cluster.until("unlocked", () => cluster.vm("vm").status?.snapshotInProgress === undefined);
  write("data", "after!");
  restore("back", "vm");
  await complete("back");
  expect(claimOf("vm")).toMatch(/^restore-/);
  expect(content(claimOf("vm"))).toBe("before");
  expect(cluster.vm("vm").status?.restoreInProgress).toBeUndefined();
  restore("other", "fresh", {
    patches: [JSON.stringify({ op: "replace", path: "/spec/runStrategy", value: "Manual" })],
  });
  await complete("other");
  expect(cluster.vm("fresh").spec.runStrategy).toBe("Manual");
  expect(content(claimOf("fresh"))).toBe("before");
  expect(claimOf("fresh")).not.toBe(claimOf("vm"));
});

test("a running machine is stopped for a restore only where the policy says so", async () => {
  await machine("Always");
  await cluster.running("vm");
  take("before");
  await ready("before");
  expect(cluster.kinds.get(vmSnapshotKind, project, "before")?.status?.indications).toEqual([
    "NoGuestAgent",
    "Online",
  ]);
  restore("refused", "vm", { targetReadinessPolicy: "FailImmediate" });
  await cluster.until("refused", () =>
    cluster.kinds
      .get(vmRestoreKind, project, "refused")
      ?.status?.conditions?.find(
        ({ type, reason }) =>
          type === "Failure" && reason === "Restore target VMI must be powered off before restore operation",
      ),
  );
  restore("stopped", "vm", { targetReadinessPolicy: "StopTarget" });
  await complete("stopped");
  expect(cluster.vm("vm").spec.runStrategy).toBe("Halted");
  expect(cluster.kinds.get(vmiKind, project, "vm")).toBeUndefined();
});

test("a snapshot takes its copies along when it goes", async () => {
  await machine("Halted");
  take("before");
  await ready("before");
  expect(cluster.kinds.list(volumeSnapshotKind, project)).toHaveLength(1);
  const snapshot = cluster.kinds.get(vmSnapshotKind, project, "before");
  if (snapshot) cluster.kinds.delete(vmSnapshotKind, snapshot);
  await cluster.until("gone", () => cluster.kinds.list(volumeSnapshotKind, project).length === 0);
  expect(cluster.kinds.list(vmSnapshotContentKind, project)).toEqual([]);
});

test("a clone has the data, none of the filtered annotations, and leaves nothing behind", async () => {
  await machine("Halted", { "ovn.kubernetes.io/ip_address": "10.16.0.7", note: "kept" });
  write("data", "before");
  cluster.store.create(
    {
      apiVersion: "clone.kubevirt.io/v1beta1",
      kind: "VirtualMachineClone",
      metadata: { name: "c", namespace: project },
      spec: {
        source: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "vm" },
        target: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "copy" },
        template: { annotationFilters: ["*", "!ovn.kubernetes.io/*"] },
        newMacAddresses: { default: "02-00-00-00-00-aa" },
      },
    },
    writer,
  );
  const phases = cluster.trail(vmCloneKind, (one) => one.status?.phase ?? "");
  await cluster.until(
    "cloned",
    () => cluster.kinds.get(vmCloneKind, project, "c")?.status?.phase === "Succeeded",
  );
  expect(phases).toEqual(["SnapshotInProgress", "RestoreInProgress", "Succeeded"]);
  expect(content(claimOf("copy"))).toBe("before");
  const { template } = cluster.vm("copy").spec;
  expect(template.metadata?.annotations).toEqual({ note: "kept" });
  expect(template.spec.domain.devices.interfaces?.[0]?.macAddress).toBe("02-00-00-00-00-aa");
  await cluster.until(
    "cleaned",
    () =>
      cluster.kinds.list(vmSnapshotKind, project).length === 0 &&
      cluster.kinds.list(vmRestoreKind, project).length === 0,
  );
  expect(cluster.kinds.get(vmKind, project, "copy")?.metadata.uid).not.toBe(cluster.vm("vm").metadata.uid);
});

test("filters keep, drop, and say nothing of what they do not name", () => {
  expect(passesFilters("a", undefined)).toBe(true);
  expect(passesFilters("ovn.kubernetes.io/mac_address", ["*", "!ovn.kubernetes.io/*"])).toBe(false);
  expect(passesFilters("note", ["*", "!ovn.kubernetes.io/*"])).toBe(true);
  expect(passesFilters("note", ["ovn.kubernetes.io/*"])).toBe(false);
  const vm = vmObject("x");
  expect(clonePatches(vm as never, { source: { kind: "VirtualMachine", name: "x" } })).toEqual([]); // a VM's shape by construction
});

test("a snapshot fails by its own deadline, and with none never", async () => {
  const hourAgo = new Date(Date.now() - 3_600_000).toISOString();
  const old = (name: string, failureDeadline?: string) =>
    cluster.kinds.create(vmSnapshotKind, {
      metadata: { name, namespace: project, creationTimestamp: hourAgo },
      spec: {
        source: { apiGroup: "kubevirt.io", kind: "VirtualMachine", name: "none" },
        ...(failureDeadline !== undefined && { failureDeadline }),
      },
    });
  old("never", "0s");
  old("later", "1h30m");
  old("past", "59m0.5s");
  old("default");
  const phase = (name: string) => cluster.kinds.get(vmSnapshotKind, project, name)?.status?.phase;
  for (const name of ["past", "default"]) await cluster.until(name, () => phase(name) === "Failed");
  for (const name of ["never", "later"]) await cluster.until(name, () => phase(name) === "InProgress");
  expect(cluster.kinds.get(vmSnapshotKind, project, "past")?.status?.error?.message).toBe(
    "snapshot deadline exceeded",
  );
});

test("a guest stands still until the last of its snapshots is copied, and a user's pause outlives them", async () => {
  await machine("Always");
  const guest = await cluster.running("vm");
  const [pause, resume] = [vi.spyOn(guest, "pause"), vi.spyOn(guest, "resume")];
  const volumeName = cluster.kinds.get(claimKind, project, "data")?.spec.volumeName ?? "";
  const driver = cluster.kinds.get(volumeKind, undefined, volumeName)?.spec.csi?.driver;
  const volumeSnapshotClassName = cluster.kinds
    .list(volumeSnapshotClassKind)
    .find((one) => one.driver === driver)?.metadata.name;
  const snapshotOf = (name: string) =>
    cluster.kinds.create(volumeSnapshotKind, {
      metadata: { name, namespace: project },
      spec: { source: { persistentVolumeClaimName: "data" }, volumeSnapshotClassName },
    });
  const both = (names: string[]) =>
    cluster.until(names.join(), () =>
      names.every((name) => cluster.kinds.get(volumeSnapshotKind, project, name)?.status?.readyToUse),
    );
  for (const name of ["a", "b"]) snapshotOf(name);
  await both(["a", "b"]);
  expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 1]);
  cluster.kinds.modify(vmiKind, project, "vm", (vmi) => ({
    ...vmi,
    status: {
      ...vmi.status,
      conditions: [...(vmi.status?.conditions ?? []), { type: "Paused", status: "True" }],
    },
  }));
  for (const name of ["c", "d"]) snapshotOf(name);
  await both(["c", "d"]);
  expect([pause.mock.calls.length, resume.mock.calls.length]).toEqual([1, 1]);
});
