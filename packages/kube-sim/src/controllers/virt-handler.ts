/** virt-handler on all hosts: starts the guest of a scheduled VMI, reports what it does, shuts it down. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { Machine, MachineExit } from "../machines/machine.ts";
import { isTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import { agentMs, bootMs, crashesAtBoot, hasSimulatedAgent } from "./guest-knobs.ts";
import { type Indexes, launcherPodOf } from "./indexes.ts";
import { vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { isHotplugged } from "./live-update.ts";
import { machineSpec } from "./machine-spec.ts";
import { absentVolumes } from "./volume-file.ts";
import { withMigratability } from "./migratability.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { isFinal } from "./vm-status.ts";
import { withPhase } from "./vmi-phase.ts";
import { byName } from "./vmi-volumes.ts";

const defaultGraceSeconds = 30;
/** Of a cloud-init disk, as virt-handler reports it. Source: the recorded traces. */
const seedBytes = 1024 ** 2;
const pressAgainMs = 2_000;
/** Names what a guest agent would report; only guests with this annotation have one. */
export const guestOsAnnotation = "kubesim.kubev.io/guest-os";

export class VirtHandler {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #seedDir: string;
  readonly #graceTimers = new Map<string, { cancel(): void }>();
  readonly #pressTimers = new Map<string, { cancel(): void }>();
  /** Guests on their way up, by uid. */
  readonly #bootTimers = new Map<string, { cancel(): void }>();
  readonly #agentTimers = new Map<string, { cancel(): void }>();
  #closed = false;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    seedDir: string,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
    this.#seedDir = seedDir;
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const vmi = this.#store.get(vmiKind, namespace, name);
    if (!vmi) return;
    const { uid } = vmi.metadata;
    const machine = this.#context.machines.get(uid);
    const phase = vmi.status?.phase;
    if (isFinal(vmi)) {
      await machine?.kill();
      return;
    }
    if (phase !== "Scheduled" && phase !== "Running") return;
    // A launcher that is told to end takes its guest along.
    const endsSince = vmi.metadata.deletionTimestamp ?? this.#launcherDeletedAt(vmi);
    if (endsSince !== undefined) await this.#shutDown(vmi, machine, endsSince);
    else if (!machine) await this.#boot(vmi);
    else if (phase === "Running") {
      this.#store.modifyObject(vmiKind, vmi, (current) => withMigratability(current, this.#now()));
      this.#awaitAgent(vmi);
    }
  }

  /** Guests that end from now on are ours to end: their VMIs stay as they are and boot again at the next start. */
  close(): void {
    this.#closed = true;
    for (const timer of [
      ...this.#graceTimers.values(),
      ...this.#pressTimers.values(),
      ...this.#bootTimers.values(),
      ...this.#agentTimers.values(),
    ])
      timer.cancel();
  }

  /** When the pod's deletion was asked for: its mark says when the grace is over. */
  #launcherDeletedAt(vmi: VirtualMachineInstance): string | undefined {
    const pod = launcherPodOf(this.#indexes, vmi);
    const { deletionTimestamp, deletionGracePeriodSeconds = 0 } = pod?.metadata ?? {};
    if (deletionTimestamp === undefined) return undefined;
    return timestamp(Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000);
  }

  /** At once, or after the pause that its scenario gives the guest. */
  async #boot(vmi: VirtualMachineInstance): Promise<void> {
    const { metadata, status } = vmi;
    if (status?.phase === "Scheduled") this.#reportMigratable(vmi);
    const pauseMs = status?.phase === "Scheduled" ? bootMs(vmi) : 0;
    if (pauseMs === 0) {
      await this.#start(vmi);
      return;
    }
    if (this.#bootTimers.has(metadata.uid)) return;
    const timer = this.#context.clock.setTimeout(() => {
      this.#bootTimers.delete(metadata.uid);
      const current = this.#store.get(vmiKind, metadata.namespace, metadata.name);
      if (
        this.#closed ||
        current?.metadata.uid !== metadata.uid ||
        current.metadata.deletionTimestamp !== undefined ||
        isFinal(current)
      )
        return;
      void this.#start(current);
    }, pauseMs);
    this.#bootTimers.set(metadata.uid, timer);
  }

  async #start(vmi: VirtualMachineInstance): Promise<void> {
    if (crashesAtBoot(vmi)) {
      this.#guestEnded(vmi, { kind: "failed", message: "the guest crashed while it started" });
      return;
    }
    const pod = launcherPodOf(this.#indexes, vmi);
    if (!pod) return;
    for (const { name, kind } of absentVolumes(vmi))
      this.#events.record(
        vmi,
        "Warning",
        "VolumeNotSimulated",
        `The volume ${name} (${kind}) is not in the guest: kube-sim has no such disks.`,
      );
    let machine: Machine;
    try {
      const sources = { store: this.#store, images: this.#context.images, seedDir: this.#seedDir };
      machine = await this.#context.machines.start(await machineSpec(vmi, pod, sources));
    } catch (error) {
      const message = `server error. command SyncVMI failed: "${error instanceof Error ? error.message : String(error)}"`;
      this.#events.record(vmi, "Warning", "SyncFailed", message);
      this.#store.modifyObject(vmiKind, vmi, (current) => {
        const failed = {
          type: "Synchronized",
          status: "False",
          reason: "Synchronizing with the Domain failed.",
          message,
        };
        const conditions = withCondition(current.status?.conditions, failed, this.#now());
        return withPhase({ ...current, status: { ...current.status, conditions } }, "Failed", this.#now());
      });
      return;
    }
    machine.exited
      .then((exit) => this.#guestEnded(vmi, exit))
      .catch((error: unknown) =>
        this.#context.log("the end of a guest was not recorded", {
          error: error instanceof Error ? error.message : String(error),
        }),
      );
    this.#reportRunning(vmi);
  }

  #now(): string {
    return timestamp(this.#context.clock.now());
  }

  /** The first that virt-handler says of a VMI that was handed to it. */
  #reportMigratable(vmi: VirtualMachineInstance): void {
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      if (current.status?.["selinuxContext"] !== undefined) return current;
      const now = this.#now();
      const next = withMigratability(current, now);
      const type = "StorageLiveMigratable";
      const conditions = withCondition(next.status?.conditions, { type, status: "True" }, now);
      return { ...next, status: { ...next.status, conditions, selinuxContext: "none" } };
    });
  }

  #reportRunning(vmi: VirtualMachineInstance): void {
    const pod = launcherPodOf(this.#indexes, vmi);
    const address = pod?.metadata.annotations?.["ovn.kubernetes.io/ip_address"] ?? "";
    const mac = pod?.metadata.annotations?.["ovn.kubernetes.io/mac_address"] ?? "";
    const ipAddresses = address === "" ? [] : address.split(",");
    const paused = vmi.spec.startStrategy === "Paused" && vmi.status?.phase === "Scheduled";
    const { uid } = vmi.metadata;
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      if (isFinal(current) || current.metadata.uid !== uid) return current;
      const now = this.#now();
      let conditions = current.status?.conditions;
      if (paused) {
        conditions = withCondition(
          conditions,
          { type: "Paused", status: "True", reason: "PausedByUser", message: "VMI was paused by user" },
          now,
        );
      }
      const interfaces = (current.spec.domain.devices.interfaces ?? []).map((nic, index) => ({
        name: nic.name,
        infoSource: "domain",
        linkState: "up",
        queueCount: 1,
        podInterfaceName: index === 0 ? "eth0" : `net${index}`,
        ...(index === 0 && {
          mac: nic.macAddress ?? mac,
          ...(ipAddresses[0] !== undefined && { ipAddress: ipAddresses[0], ipAddresses }),
        }),
      }));
      const hot = new Set((current.spec.volumes ?? []).filter(isHotplugged).map((volume) => volume.name));
      const seeds = new Set(
        (current.spec.volumes ?? [])
          .filter((volume) => volume.cloudInitNoCloud ?? volume.cloudInitConfigDrive)
          .map((volume) => volume.name),
      );
      const booted = (current.spec.domain.devices.disks ?? []).filter((disk) => !hot.has(disk.name));
      const volumeStatus = booted
        .map((disk, index) => ({
          ...current.status?.volumeStatus?.find(({ name }) => name === disk.name),
          name: disk.name,
          target: `${disk.cdrom || disk.disk?.bus === "sata" || disk.disk?.bus === "scsi" ? "sd" : "vd"}${String.fromCharCode(97 + (index % 26))}`,
          ...(seeds.has(disk.name) && { size: seedBytes }),
        }))
        .toSorted(byName);
      const status = {
        ...current.status,
        ...(conditions && { conditions }),
        interfaces,
        volumeStatus,
        machine: { type: "pc-q35-rhel9.6.0" },
      };
      return withPhase({ ...current, status }, "Running", now);
    });
    this.#events.record(vmi, "Normal", "Started", "VirtualMachineInstance started.");
  }

  /** An agent speaks up a while after its guest has started, and again after each reset. */
  #awaitAgent(vmi: VirtualMachineInstance): void {
    const { uid, annotations } = vmi.metadata;
    const expected = annotations?.[guestOsAnnotation] !== undefined || hasSimulatedAgent(vmi);
    if (!expected || isTrue(vmi.status?.conditions, "AgentConnected") || this.#agentTimers.has(uid)) return;
    const timer = this.#context.clock.setTimeout(() => {
      this.#agentTimers.delete(uid);
      this.#agentConnected(vmi);
    }, agentMs(vmi));
    this.#agentTimers.set(uid, timer);
  }

  #agentConnected(vmi: VirtualMachineInstance): void {
    if (this.#closed) return;
    const preset = vmi.metadata.annotations?.[guestOsAnnotation] ?? "";
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      if (current.status?.phase !== "Running" || current.metadata.uid !== vmi.metadata.uid) return current;
      const conditions = withCondition(
        current.status.conditions,
        { type: "AgentConnected", status: "True" },
        this.#now(),
      );
      const interfaces = current.status.interfaces?.map((nic) => ({
        ...nic,
        infoSource: "domain, guest-agent",
        interfaceName: "eth0",
      }));
      return {
        ...current,
        status: {
          ...current.status,
          conditions,
          ...(interfaces && { interfaces }),
          guestOSInfo: guestOsInfo(preset),
        },
      };
    });
  }

  async #shutDown(vmi: VirtualMachineInstance, machine: Machine | undefined, since: string): Promise<void> {
    const { uid } = vmi.metadata;
    if (!machine) {
      this.#guestEnded(vmi, { kind: "powered-off" });
      return;
    }
    const graceSeconds = vmi.spec.terminationGracePeriodSeconds ?? defaultGraceSeconds;
    if (graceSeconds <= 0) {
      await machine.kill();
      return;
    }
    // Counted from the deletion: a shorter grace may have been written since, and other changes must not lengthen it.
    const endsAtMs = Date.parse(since) + graceSeconds * 1000;
    this.#graceTimers.get(uid)?.cancel();
    this.#graceTimers.set(
      uid,
      this.#context.clock.setTimeout(
        () => void machine.kill(),
        Math.max(0, endsAtMs - this.#context.clock.now()),
      ),
    );
    if (isTrue(vmi.status?.conditions, "Paused")) {
      await machine.resume();
      this.#store.modifyObject(vmiKind, vmi, (current) => ({
        ...current,
        status: { ...current.status, conditions: withoutCondition(current.status?.conditions, "Paused") },
      }));
    }
    if (this.#pressTimers.has(uid)) return;
    await this.#pressUntilEnded(uid, machine);
    this.#events.record(vmi, "Normal", "ShuttingDown", "Signaled Graceful Shutdown");
  }

  /** A guest that was still booting did not see the button: it is pressed again until the guest has ended, as libvirt's caller does. */
  async #pressUntilEnded(uid: string, machine: Machine): Promise<void> {
    this.#pressTimers.set(
      uid,
      this.#context.clock.setTimeout(() => void this.#pressUntilEnded(uid, machine), pressAgainMs),
    );
    // The guest may end between the timer and the press.
    await machine.powerButton().catch(() => undefined);
  }

  #guestEnded(vmi: VirtualMachineInstance, exit: MachineExit): void {
    this.#graceTimers.get(vmi.metadata.uid)?.cancel();
    this.#graceTimers.delete(vmi.metadata.uid);
    this.#pressTimers.get(vmi.metadata.uid)?.cancel();
    this.#pressTimers.delete(vmi.metadata.uid);
    if (this.#closed) return;
    void rm(join(this.#seedDir, vmi.metadata.uid), { recursive: true, force: true });
    const phase = exit.kind === "powered-off" ? "Succeeded" : "Failed";
    if (exit.kind === "failed") {
      this.#events.record(vmi, "Warning", "Stopped", `The VirtualMachineInstance crashed: ${exit.message}`);
    } else {
      this.#events.record(vmi, "Normal", "Stopped", "The VirtualMachineInstance was shut down.");
    }
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      if (isFinal(current)) return current;
      return withPhase(current, phase, this.#now());
    });
  }
}

/** What the agent of a known system says. `preset` is `id;name;version;kernel;kernelVersion`, the last optional. */
export function guestOsInfo(preset: string): Record<string, string> {
  const [id = "", name = "", version = "", kernelRelease = "", kernelVersion = "#1 SMP"] = preset.split(";");
  return {
    id,
    name,
    prettyName: `${name} ${version}`,
    version,
    versionId: version.split(" ")[0] ?? "",
    kernelRelease,
    kernelVersion,
    machine: "x86_64",
  };
}
