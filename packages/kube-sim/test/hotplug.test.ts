/** Changes of a running machine: what reaches it live, what by migration, what waits for a restart; disks that come and go. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { claimKind, migrationKind, podKind, vmiKind, vmKind } from "../src/controllers/kinds.ts";
import type { VirtualMachine, VmiSpec } from "../src/controllers/kubevirt-shapes.ts";
import { findOnPath, qemuBinary } from "../src/machines/accelerator.ts";
import { openMachineHost } from "../src/machines/open-machine-host.ts";
import { type Controlled, project, startControlled, vmObject } from "./controlled.ts";

const writer = { fieldManager: "test" };
let cluster: Controlled;
beforeEach(async () => {
  cluster = await startControlled();
});
afterEach(() => cluster.close());

const quick = { "kubesim.kubev.io/migration-seconds": "0" };

async function runningVm(name: string): Promise<void> {
  cluster.store.create(
    vmObject(name, { memory: "1Gi", annotations: quick, template: { terminationGracePeriodSeconds: 5 } }),
    writer,
  );
  await cluster.running(name);
}
const change = (name: string, edit: (spec: VmiSpec) => VmiSpec) =>
  cluster.kinds.modify(
    vmKind,
    project,
    name,
    (vm): VirtualMachine => ({
      ...vm,
      metadata: { ...vm.metadata, generation: (vm.metadata.generation ?? 1) + 1 },
      spec: { ...vm.spec, template: { ...vm.spec.template, spec: edit(vm.spec.template.spec) } },
    }),
  );
const restartMessage = (name: string) =>
  cluster.vm(name).status?.conditions?.find(({ type }) => type === "RestartRequired")?.message;
const withSockets = (sockets: number) => (spec: VmiSpec) => ({
  ...spec,
  domain: { ...spec.domain, cpu: { sockets } },
});
const withMemory = (guest: string) => (spec: VmiSpec) => ({
  ...spec,
  domain: { ...spec.domain, memory: { guest } },
});

describe("a changed template", () => {
  test("more CPU and memory arrive by a migration that nobody asked for", async () => {
    await runningVm("vm");
    const from = cluster.vmi("vm").status?.nodeName;
    change("vm", (spec) => withSockets(2)(withMemory("2Gi")(spec)));
    await cluster.until("carried over", () => cluster.vmi("vm").spec.domain.cpu?.sockets === 2);
    const migration = await cluster.until("a migration", () => cluster.kinds.list(migrationKind, project)[0]);
    expect(migration.metadata.name).toMatch(/^kubevirt-workload-update-/);
    await cluster.until("arrived", () => {
      const topology = cluster.vmi("vm").status?.["currentCPUTopology"] as { sockets?: number };
      return topology.sockets === 2;
    });
    expect(cluster.vmi("vm").status?.["memory"]).toMatchObject({ guestAtBoot: "1Gi", guestCurrent: "2Gi" });
    expect(cluster.vmi("vm").status?.nodeName).not.toBe(from);
    expect(restartMessage("vm")).toBeUndefined();
  });

  test.each<[string, (spec: VmiSpec) => VmiSpec, RegExp]>([
    ["more sockets than it may grow to", withSockets(9), /sockets updated .* higher than what's available/],
    ["less memory than can be plugged", withMemory("512Mi"), /at least 1Gi of guest memory/],
    ["another grace period", (spec) => ({ ...spec, terminationGracePeriodSeconds: 9 }), /non-live-updatable/],
  ])("%s waits for a restart, until it is taken back", async (_what, edit, words) => {
    await runningVm("vm");
    const { spec } = cluster.vm("vm").spec.template;
    change("vm", edit);
    expect(await cluster.until("said", () => restartMessage("vm"))).toMatch(words);
    expect(cluster.kinds.list(migrationKind, project)).toEqual([]);
    change("vm", () => spec);
    await cluster.until("taken back", () => restartMessage("vm") === undefined);
  });

  test("where it may run is carried over at once", async () => {
    await runningVm("vm");
    change("vm", (spec) => ({ ...spec, nodeSelector: { "kubernetes.io/arch": "amd64" } }));
    await cluster.until("carried over", () => cluster.vmi("vm").spec.nodeSelector !== undefined);
    expect(restartMessage("vm")).toBeUndefined();
  });
});

describe("an interface", () => {
  const plug = (spec: VmiSpec): VmiSpec => ({
    ...spec,
    networks: [...(spec.networks ?? []), { name: "back", multus: { networkName: "back-net" } }],
    domain: {
      ...spec.domain,
      devices: {
        ...spec.domain.devices,
        interfaces: [...(spec.domain.devices.interfaces ?? []), { name: "back", bridge: {} }],
      },
    },
  });
  const unplug = (spec: VmiSpec): VmiSpec => ({
    ...spec,
    domain: {
      ...spec.domain,
      devices: {
        ...spec.domain.devices,
        interfaces: (spec.domain.devices.interfaces ?? []).map((nic) =>
          nic.name === "back" ? { ...nic, state: "absent" } : nic,
        ),
      },
    },
  });
  const reported = () => (cluster.vmi("vm").status?.interfaces ?? []).map(({ name }) => name);

  test("of a secondary network comes by migration, and goes by another, from the definition too", async () => {
    await runningVm("vm");
    const from = cluster.vmi("vm").status?.nodeName;
    change("vm", plug);
    await cluster.until("plugged", () => reported().includes("back"));
    expect(cluster.vmi("vm").status?.nodeName).not.toBe(from);
    expect(restartMessage("vm")).toBeUndefined();
    change("vm", unplug);
    await cluster.until("unplugged", () => !reported().includes("back"));
    await cluster.until("forgotten", () =>
      (cluster.vm("vm").spec.template.spec.networks ?? []).every(({ name }) => name !== "back"),
    );
    expect(restartMessage("vm")).toBeUndefined();
  });

  test("of another binding waits for a restart", async () => {
    await runningVm("vm");
    change("vm", (spec) => {
      const plugged = plug(spec);
      const nics = plugged.domain.devices.interfaces ?? [];
      return {
        ...plugged,
        domain: {
          ...plugged.domain,
          devices: {
            ...plugged.domain.devices,
            interfaces: nics.map((nic) => (nic.name === "back" ? { name: "back", masquerade: {} } : nic)),
          },
        },
      };
    });
    expect(await cluster.until("said", () => restartMessage("vm"))).toMatch(/non-live-updatable/);
  });
});

describe("a CD-ROM", () => {
  test("takes and gives a medium while the machine runs; its drive stays", async () => {
    cluster.store.create(
      {
        apiVersion: "v1",
        kind: "PersistentVolumeClaim",
        metadata: { name: "iso", namespace: project },
        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
      },
      writer,
    );
    const drive = { name: "media", cdrom: { bus: "sata" } };
    cluster.store.create(vmObject("vm", { memory: "1Gi", annotations: quick }), writer);
    change("vm", (spec) => ({
      ...spec,
      domain: { ...spec.domain, devices: { ...spec.domain.devices, disks: [drive] } },
    }));
    await cluster.running("vm");
    const { spec } = cluster.vm("vm").spec.template;
    change("vm", (now) => ({
      ...now,
      volumes: [
        ...(now.volumes ?? []),
        { name: "media", persistentVolumeClaim: { claimName: "iso", hotpluggable: true } },
      ],
    }));
    const phase = () =>
      cluster.vmi("vm").status?.volumeStatus?.find(({ name }) => name === "media")?.phase ?? "";
    await cluster.until("inserted", () => phase() === "Ready");
    change("vm", () => spec);
    await cluster.until("ejected", () => phase() === "");
    expect(cluster.vmi("vm").spec.domain.devices.disks).toEqual([drive]);
    expect(restartMessage("vm")).toBeUndefined();
  });
});

describe("a hotplugged disk", () => {
  const claim = (name: string) => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: { name, namespace: project },
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "16Mi" } } },
  });
  const plug = (name: string) => (spec: VmiSpec) => ({
    ...spec,
    volumes: [
      ...(spec.volumes ?? []),
      { name, persistentVolumeClaim: { claimName: name, hotpluggable: true } },
    ],
    domain: {
      ...spec.domain,
      devices: {
        ...spec.domain.devices,
        disks: [...(spec.domain.devices.disks ?? []), { name, disk: { bus: "scsi" } }],
      },
    },
  });
  const phases = () =>
    cluster.trail(vmiKind, (vmi) => vmi.status?.volumeStatus?.find(({ name }) => name === "d1")?.phase ?? "");

  test("comes by way of an attachment pod, goes again, and needs no restart", async () => {
    await runningVm("vm");
    const { spec } = cluster.vm("vm").spec.template;
    const seen = phases();
    cluster.store.create(claim("d1"), writer);
    change("vm", plug("d1"));
    await cluster.until("ready", () => seen.at(-1) === "Ready");
    expect(seen.slice(-3)).toEqual(["AttachedToNode", "MountedToPod", "Ready"]);
    expect(cluster.kinds.list(podKind, project).map((pod) => pod.metadata.labels?.["kubevirt.io"])).toContain(
      "hotplug-disk",
    );
    expect(cluster.kinds.get(claimKind, project, "d1")?.status?.phase).toBe("Bound");
    expect(restartMessage("vm")).toBeUndefined();
    change("vm", () => spec);
    await cluster.until("gone", () => seen.at(-1) === "");
    expect(seen.slice(-3)).toEqual(["UnMountedFromPod", "Detaching", ""]);
    await cluster.until("the pod is gone", () => cluster.kinds.list(podKind, project).length === 1);
  });

  test("whose claim is missing says so, and comes once it is there", async () => {
    await runningVm("vm");
    const seen = phases();
    change("vm", plug("d1"));
    await cluster.until("pending", () => seen.at(-1) === "Pending");
    expect(cluster.vmi("vm").status?.volumeStatus?.find(({ name }) => name === "d1")).toMatchObject({
      reason: "FailedPvcNotFound",
      message: "PVC d1 not found",
    });
    cluster.store.create(claim("d1"), writer);
    await cluster.until("ready", () => seen.at(-1) === "Ready");
  });

  test.skipIf(findOnPath(qemuBinary) === null)(
    "is really held by QEMU while it is in",
    async () => {
      const dir = mkdtempSync(join(tmpdir(), "kube-sim-hotplug-"));
      const host = await openMachineHost({
        mode: "qemu",
        runDir: join(dir, "run"),
        guestInternet: false,
        log: () => {},
      });
      try {
        const path = join(dir, "hot.img");
        writeFileSync(path, Buffer.alloc(1024 ** 2));
        const machine = await host.start({
          uid: "eeeeeeee-5",
          title: "t/hot",
          cpuCores: 1,
          memoryBytes: 64 * 1024 ** 2,
          firmware: "bios",
          disks: [],
          nics: [],
          graphics: false,
          serial: true,
          startPaused: false,
        });
        const disk = (name: string, bus: "scsi" | "virtio") => ({
          name,
          path,
          format: "raw" as const,
          media: "disk" as const,
          bus,
          readOnly: false,
          bootIndex: null,
        });
        await machine.attachDisk(disk("one", "scsi"));
        await expect(machine.attachDisk(disk("two", "virtio"))).rejects.toThrow(/lock/); // the file is in use
        await machine.detachDisk("one");
        await machine.attachDisk(disk("two", "virtio"));
        await machine.kill();
      } finally {
        await host.close(0);
        rmSync(dir, { recursive: true, force: true });
      }
    },
    60_000,
  );

  describe.skipIf(findOnPath(qemuBinary) === null)("of a guest that ignores its button", () => {
    let real: Controlled;
    const logged: Record<string, unknown>[] = [];
    beforeEach(async () => {
      real = await startControlled([], "qemu", (_message, fields = {}) => logged.push(fields));
    });
    afterEach(() => real.close());

    test("is Detaching until it is out, and the next one of its name waits for that", async () => {
      const edit = (name: string, make: (spec: VmiSpec) => VmiSpec) =>
        real.kinds.modify(vmKind, project, name, (vm) => ({
          ...vm,
          metadata: { ...vm.metadata, generation: (vm.metadata.generation ?? 1) + 1 },
          spec: { ...vm.spec, template: { ...vm.spec.template, spec: make(vm.spec.template.spec) } },
        }));
      const withDisk = (claimName: string) => (spec: VmiSpec) => ({
        ...spec,
        volumes: [{ name: "hot", persistentVolumeClaim: { claimName, hotpluggable: true } }],
        domain: {
          ...spec.domain,
          devices: { ...spec.domain.devices, disks: [{ name: "hot", disk: { bus: "virtio" } }] },
        },
      });
      const hot = () => real.vmi("vm").status?.volumeStatus?.find(({ name }) => name === "hot");
      const pods = () =>
        real.kinds
          .list(podKind, project)
          .filter((pod) => pod.metadata.labels?.["kubevirt.io"] === "hotplug-disk")
          .flatMap((pod) =>
            (pod.spec.volumes ?? []).flatMap((one) => one.persistentVolumeClaim?.claimName ?? []),
          );
      for (const name of ["h1", "h2"]) real.store.create(claim(name), writer);
      real.store.create(vmObject("vm", { template: { terminationGracePeriodSeconds: 0 } }), writer);
      const machine = await real.running("vm");
      const { spec } = real.vm("vm").spec.template;
      /** Whether QEMU has its image open. */
      const open = async (claimName: string) => {
        const volume = real.kinds.get(claimKind, project, claimName)?.spec.volumeName ?? "";
        const image = real.images.get(volume);
        if (image === undefined) throw new Error(`${claimName} has no image`);
        const probe = {
          name: "probe",
          media: "disk",
          bus: "scsi",
          readOnly: false,
          bootIndex: null,
        } as const;
        try {
          await machine.attachDisk({ ...probe, path: image.path, format: image.format });
        } catch (error) {
          if (/lock/.test(String(error))) return true;
          throw error;
        }
        await machine.detachDisk("probe");
        return false;
      };

      edit("vm", withDisk("h1"));
      await real.until("h1 is ready", () => hot()?.phase === "Ready");
      expect(await open("h1")).toBe(true);
      const seen = real.trail(
        vmiKind,
        (vmi) => vmi.status?.volumeStatus?.find(({ name }) => name === "hot")?.phase ?? "",
      );
      edit("vm", () => spec);
      await real.until("asked again", () => logged.length > 1);
      expect(seen).toEqual(["Detaching"]);
      expect(pods()).toEqual(["h1"]);
      expect(logged.at(-1)).toMatchObject({ error: "The guest does not let go of the disk." });

      edit("vm", withDisk("h2"));
      const tries = logged.length;
      await real.until("asked again", () => logged.length > tries + 1);
      expect(await open("h1")).toBe(true);
      expect(seen).toEqual(["Detaching"]);
      expect(hot()?.persistentVolumeClaimInfo?.claimName).toBe("h1");

      await machine.reset(); // the firmware of a machine that starts over finds the slot empty
      await real.until("h2 is ready", () => hot()?.phase === "Ready");
      expect(hot()?.persistentVolumeClaimInfo?.claimName).toBe("h2");
      expect([await open("h1"), await open("h2")]).toEqual([false, true]);
      await real.until("one pod is left", () => pods().join() === "h2");
    }, 60_000);
  });
});

test("a machine of cores alone asks for no restart: the sockets that it leaves out are none in its instance too", async () => {
  const name = "cores-alone";
  cluster.store.create(
    vmObject(name, {
      template: { domain: { cpu: { cores: 2 }, memory: { guest: "128Mi" }, devices: {} } },
    }),
    writer,
  );
  await cluster.running(name);
  await cluster.until("shown as running", () => cluster.vm(name).status?.printableStatus === "Running");
  expect(cluster.vmi(name).spec.domain.cpu).toEqual({ cores: 2, model: "host-model" });
  change(name, (spec) => spec);
  const generation = String(cluster.vm(name).metadata.generation);
  await cluster.until(
    "looked at",
    () => cluster.vmi(name).metadata.annotations?.["kubevirt.io/vm-generation"] === generation,
  );
  expect(restartMessage(name)).toBeUndefined();
});
