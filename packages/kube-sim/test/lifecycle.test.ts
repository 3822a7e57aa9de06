/** The life of a VirtualMachine under the controllers: run strategies, grace, disks, addresses, quotas. */
import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import {
  claimKind,
  dataVolumeKind,
  eventKind,
  ipKind,
  quotaKind,
  vmiKind,
  vmKind,
  volumeSnapshotContentKind,
  volumeSnapshotKind,
} from "../src/controllers/kinds.ts";
import { demoImageObjects } from "../src/scenarios/demo-disk.ts";
import { subnetObject } from "../src/scenarios/platform.ts";
import { type Controlled, project, startControlled, vmObject } from "./controlled.ts";

const writer = { fieldManager: "test" };
let cluster: Controlled;
beforeEach(async () => {
  cluster = await startControlled([
    subnetObject({
      name: "net",
      vpc: "ovn-cluster",
      cidr: "10.9.0.0/29",
      gateway: "10.9.0.1",
      namespaces: [project],
    }),
    ...demoImageObjects({
      namespace: project,
      name: "golden",
      displayName: "Golden",
      size: "1Gi",
      preference: "linux",
      instanceType: "u1.nano",
    }),
  ]);
});
afterEach(() => cluster.close());

const statusOf = (name: string) => cluster.kinds.get(vmKind, project, name)?.status?.printableStatus;
const vmiGone = (name: string) =>
  cluster.until(`VMI ${name} gone`, () => !cluster.kinds.get(vmiKind, project, name));
const request = (name: string, requests: { action: "Start" | "Stop"; uid?: string }[]) =>
  cluster.kinds.modify(vmKind, project, name, (vm) => ({
    ...vm,
    status: { ...vm.status, stateChangeRequests: requests },
  }));
const setStrategy = (name: string, runStrategy: string) =>
  cluster.kinds.modify(vmKind, project, name, (vm) => ({ ...vm, spec: { ...vm.spec, runStrategy } }));
/** Everything that was queued has been handled: a machine that should not start had its chance. */
const another = async (name: string) => {
  cluster.store.create(vmObject(name), writer);
  await cluster.running(name);
};

describe("run strategies", () => {
  test("Always starts a VM, and again after its guest has powered off", async () => {
    const statuses = cluster.trail(vmKind, (vm) => vm.status?.printableStatus ?? "");
    cluster.store.create(vmObject("a"), writer);
    const first = await cluster.running("a");
    await cluster.until("shown as running", () => statusOf("a") === "Running");
    expect(statuses.filter((status) => status !== "")).toEqual(["Stopped", "Starting", "Running"]);
    await first.powerButton();
    const second = await cluster.until("a new guest", () => {
      const machine =
        cluster.kinds.get(vmiKind, project, "a") && cluster.machines.get(cluster.vmi("a").metadata.uid);
      return machine !== undefined && machine.uid !== first.uid && machine;
    });
    expect(second.uid).toBe(cluster.vmi("a").metadata.uid);
    expect(cluster.vm("a").status?.startFailure).toBeUndefined();
  });

  test("Halted starts nothing, and ends what runs", async () => {
    cluster.store.create(vmObject("h", { runStrategy: "Halted" }), writer);
    await another("other");
    expect(cluster.kinds.get(vmiKind, project, "h")).toBeUndefined();
    expect(statusOf("h")).toBe("Stopped");
    setStrategy("other", "Halted");
    await vmiGone("other");
    await cluster.until("other stopped", () => statusOf("other") === "Stopped");
  });

  test("Manual starts and stops on request only", async () => {
    cluster.store.create(vmObject("m", { runStrategy: "Manual" }), writer);
    await another("other");
    expect(cluster.kinds.get(vmiKind, project, "m")).toBeUndefined();
    request("m", [{ action: "Start" }]);
    await cluster.running("m");
    expect(cluster.vm("m").status?.stateChangeRequests).toBeUndefined();
    request("m", [{ action: "Stop", uid: cluster.vmi("m").metadata.uid }]);
    await vmiGone("m");
    await another("third");
    expect(cluster.kinds.get(vmiKind, project, "m")).toBeUndefined();
  });

  test("RerunOnFailure starts by itself, again after a crash, not after a power-off", async () => {
    cluster.store.create(vmObject("r", { runStrategy: "RerunOnFailure" }), writer);
    const first = await cluster.running("r");
    await first.kill();
    await cluster.until("a new guest", () => {
      const vmi = cluster.kinds.get(vmiKind, project, "r");
      return vmi?.status?.phase === "Running" && vmi.metadata.uid !== first.uid;
    });
    await (await cluster.running("r")).powerButton();
    await vmiGone("r");
    await another("other");
    expect(cluster.kinds.get(vmiKind, project, "r")).toBeUndefined();
    expect(statusOf("r")).toBe("Stopped");
  });

  test("Once runs once; its VMI stays until the VM is stopped", async () => {
    cluster.store.create(vmObject("o", { runStrategy: "Once" }), writer);
    await (await cluster.running("o")).powerButton();
    await cluster.until("Succeeded", () => cluster.vmi("o").status?.phase === "Succeeded");
    await cluster.until("shown as stopped", () => statusOf("o") === "Stopped");
    await another("other");
    expect(cluster.vmi("o").status?.phase).toBe("Succeeded");
    setStrategy("o", "Halted");
    await vmiGone("o");
  });

  test("a guest that ends before it ever ran is tried again later and later", async () => {
    cluster.store.create(
      vmObject("c", {
        template: {
          domain: {
            memory: { guest: "128Mi" },
            devices: { disks: [{ name: "seed", disk: { bus: "virtio" } }] },
          },
          volumes: [{ name: "seed", cloudInitNoCloud: { secretRef: { name: "nowhere" } } }],
        },
      }),
      writer,
    );
    await cluster.until("crash loop", () => statusOf("c") === "CrashLoopBackOff");
    expect(cluster.vm("c").status?.startFailure?.consecutiveFailCount).toBe(1);
  });
});

describe("ends", () => {
  test("a guest that ignores the power button is killed after its grace, and has failed", async () => {
    cluster.store.create(vmObject("g", { template: { terminationGracePeriodSeconds: 1 } }), writer);
    const machine = await cluster.running("g");
    machine.powerButton = () => Promise.resolve();
    const phases = cluster.trail(vmiKind, (vmi) => vmi.status?.phase ?? "");
    setStrategy("g", "Halted");
    await vmiGone("g");
    expect(phases).toEqual(["Failed", "DELETED"]);
    await cluster.until("stopped", () => statusOf("g") === "Stopped");
    expect(cluster.vm("g").status?.startFailure).toBeUndefined();
  });

  test("deleting a VM takes its disk along, but one that was released stays", async () => {
    const disk = (name: string) => ({
      metadata: { name },
      spec: {
        source: { blank: {} },
        storage: { storageClassName: "fast-block", resources: { requests: { storage: "1Gi" } } },
      },
    });
    const volumes = (names: string[]) => names.map((name) => ({ name, dataVolume: { name } }));
    const names = ["goes", "stays"];
    cluster.store.create(
      vmObject("d", {
        dataVolumeTemplates: names.map(disk),
        template: {
          domain: {
            memory: { guest: "128Mi" },
            devices: { disks: names.map((name) => ({ name, disk: { bus: "virtio" } })) },
          },
          volumes: volumes(names),
        },
      }),
      writer,
    );
    await cluster.running("d");
    // The console keeps a disk by taking the VM off its owners.
    cluster.kinds.modify(dataVolumeKind, project, "stays", (dataVolume) => ({
      ...dataVolume,
      metadata: { ...dataVolume.metadata, ownerReferences: [] },
    }));
    cluster.kinds.delete(vmKind, cluster.vm("d"), { propagationPolicy: "Background" });
    await cluster.until("VM gone", () => !cluster.kinds.get(vmKind, project, "d"));
    await cluster.until("its disk gone", () => !cluster.kinds.get(claimKind, project, "goes"));
    expect(cluster.kinds.get(claimKind, project, "stays")?.status?.phase).toBe("Bound");
    expect(
      cluster.images.get(cluster.kinds.get(claimKind, project, "stays")?.spec.volumeName ?? ""),
    ).toBeDefined();
  });
});

describe("disks", () => {
  test("a VM whose disk is cloned from a DataSource waits for the clone and boots", async () => {
    const statuses = cluster.trail(vmKind, (vm) => vm.status?.printableStatus ?? "");
    cluster.store.create(
      vmObject("clone", {
        dataVolumeTemplates: [
          {
            metadata: { name: "clone-root" },
            spec: {
              sourceRef: { kind: "DataSource", name: "golden", namespace: project },
              storage: { resources: { requests: { storage: "2Gi" } } },
            },
          },
        ],
        template: {
          domain: {
            memory: { guest: "128Mi" },
            devices: { disks: [{ name: "root", disk: { bus: "virtio" } }] },
          },
          volumes: [{ name: "root", dataVolume: { name: "clone-root" } }],
        },
      }),
      writer,
    );
    await cluster.running("clone");
    await cluster.until("shown as running", () => statusOf("clone") === "Running");
    expect(statuses.filter((status) => status !== "")).toEqual([
      "Stopped",
      "Provisioning",
      "Starting",
      "Running",
    ]);
    const volume = cluster.kinds.get(claimKind, project, "clone-root")?.spec.volumeName ?? "";
    expect(cluster.images.get(volume)?.virtualSizeBytes).toBe(2 * 1024 ** 3);
  });

  test("a snapshot keeps what was on the disk, and a disk is restored from it", async () => {
    const snapshot = (name: string, claim: string) =>
      cluster.store.create(
        {
          apiVersion: "snapshot.storage.k8s.io/v1",
          kind: "VolumeSnapshot",
          metadata: { name, namespace: project },
          spec: {
            source: { persistentVolumeClaimName: claim },
            volumeSnapshotClassName: "fast-block-snapshots",
          },
        },
        writer,
      );
    const golden = cluster.kinds.list(claimKind, project)[0];
    snapshot("kept", golden?.metadata.name ?? "");
    const kept = await cluster.until("ready", () => {
      const object = cluster.kinds.get(volumeSnapshotKind, project, "kept");
      return object?.status?.readyToUse === true && object;
    });
    expect(kept.status?.restoreSize).toBe("1Gi");
    const content = kept.status?.boundVolumeSnapshotContentName ?? "";
    expect(cluster.kinds.get(volumeSnapshotContentKind, undefined, content)?.status).toMatchObject({
      readyToUse: true,
      restoreSize: 1024 ** 3,
    });
    cluster.store.create(
      {
        apiVersion: "cdi.kubevirt.io/v1beta1",
        kind: "DataVolume",
        metadata: { name: "restored", namespace: project },
        spec: {
          source: { snapshot: { namespace: project, name: "kept" } },
          storage: { storageClassName: "fast-block", resources: { requests: { storage: "1Gi" } } },
        },
      },
      writer,
    );
    await cluster.until(
      "restored",
      () => cluster.kinds.get(dataVolumeKind, project, "restored")?.status?.phase === "Succeeded",
    );
    const pathOf = (volume: string | undefined) => cluster.images.get(volume ?? "")?.path ?? "";
    const restored = pathOf(cluster.kinds.get(claimKind, project, "restored")?.spec.volumeName);
    const original = pathOf(golden?.spec.volumeName);
    expect(restored).not.toBe(original);
    expect(readFileSync(restored).equals(readFileSync(original))).toBe(true);

    snapshot("of-nothing", "no-such-claim");
    const refused = await cluster.until("refused", () => {
      const object = cluster.kinds.get(volumeSnapshotKind, project, "of-nothing");
      return object?.status?.error;
    });
    expect(refused.message).toContain("no-such-claim");

    cluster.kinds.delete(volumeSnapshotKind, kept);
    await cluster.until("gone", () => !cluster.kinds.get(volumeSnapshotContentKind, undefined, content));
    await cluster.until("its data gone", () => cluster.images.get(content) === undefined);
  });

  test("a claim of a class that waits for its first consumer is bound when a VM starts", async () => {
    cluster.store.create(
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "late", namespace: project },
        spec: {
          accessModes: ["ReadWriteOnce"],
          storageClassName: "standard-file",
          resources: { requests: { storage: "1Gi" } },
        },
      },
      writer,
    );
    await another("other");
    expect(cluster.kinds.get(claimKind, project, "late")?.status?.phase).toBe("Pending");
    cluster.store.create(
      vmObject("w", {
        template: {
          domain: {
            memory: { guest: "128Mi" },
            devices: { disks: [{ name: "late", disk: { bus: "virtio" } }] },
          },
          volumes: [{ name: "late", persistentVolumeClaim: { claimName: "late" } }],
        },
      }),
      writer,
    );
    await cluster.running("w");
    expect(cluster.kinds.get(claimKind, project, "late")?.status?.phase).toBe("Bound");
  });
});

describe("addresses", () => {
  const addressOf = (name: string) =>
    cluster.kinds.get(ipKind, undefined, `${name}.${project}`)?.spec.v4IpAddress;

  test("a VM keeps its address while it is stopped, and frees it when it goes", async () => {
    await another("ip");
    expect(addressOf("ip")).toBe("10.9.0.2");
    expect(cluster.vmi("ip").status?.interfaces?.[0]?.ipAddress).toBe("10.9.0.2");
    setStrategy("ip", "Halted");
    await vmiGone("ip");
    await another("next");
    expect(addressOf("next")).toBe("10.9.0.3");
    setStrategy("ip", "Always");
    await cluster.running("ip");
    expect(addressOf("ip")).toBe("10.9.0.2");
    cluster.kinds.delete(vmKind, cluster.vm("ip"));
    await cluster.until("address freed", () => addressOf("ip") === undefined);
    await another("heir");
    expect(addressOf("heir")).toBe("10.9.0.2");
  });

  test("an address that was asked for is given once; the second VM's pod says why it waits", async () => {
    const annotations = { "ovn.kubernetes.io/ip_address": "10.9.0.5" };
    cluster.store.create(vmObject("first", { annotations }), writer);
    await cluster.running("first");
    expect(addressOf("first")).toBe("10.9.0.5");
    cluster.store.create(vmObject("second", { annotations }), writer);
    const event = await cluster.until("the event", () =>
      cluster.kinds
        .list(eventKind, project)
        .find((candidate) => candidate["reason"] === "AcquireAddressFailed"),
    );
    expect(event["message"]).toContain("AddressConflict: 10.9.0.5");
    expect(cluster.vmi("second").status?.phase).not.toBe("Running");
  });
});

test("a quota counts what lives", async () => {
  const hard = { "count/virtualmachines.kubevirt.io": "5", pods: "5", "requests.memory": "4Gi" };
  cluster.store.create(
    { apiVersion: "v1", kind: "ResourceQuota", metadata: { name: "q", namespace: project }, spec: { hard } },
    writer,
  );
  const used = () => cluster.kinds.get(quotaKind, project, "q")?.status?.used;
  await another("q1");
  await cluster.until("counted", () => used()?.["pods"] === "1");
  expect(used()).toEqual({ "count/virtualmachines.kubevirt.io": "1", pods: "1", "requests.memory": "416Mi" });
  setStrategy("q1", "Halted");
  await cluster.until("given back", () => used()?.["pods"] === "0");
  expect(used()).toEqual({ "count/virtualmachines.kubevirt.io": "1", pods: "0", "requests.memory": "0" });
});
