/**
 * Disks that come and go while a machine runs: virt-controller's attachment pod, one for all of them, then virt-handler's device
 * in the guest. Order of phases and words as in the recorded traces. Source: KubeVirt's watch/vmi/volume-hotplug.go.
 */
import { isDeepStrictEqual } from "node:util";
import { attachesDisks, buildAttachmentPod, ownerUidAnnotation } from "./attachment-pod.ts";
import type { ControllerContext } from "./controller.ts";
import type { Pod } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import {
  claimNameOf,
  hotplugStatuses,
  hotpluggedOf,
  heldReason,
  isHeld,
  podOf,
  podVolumes,
  type SeenClaim,
} from "./hotplug-status.ts";
import { type Indexes, launcherPodOf } from "./indexes.ts";
import { claimKind, dataVolumeKind, podKind, vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance, Volume, VolumeStatus } from "./kubevirt-shapes.ts";
import { machineDisk } from "./machine-spec.ts";
import { isPodOver } from "./node-requests.ts";
import type { TypedStore } from "./typed-store.ts";
import { claimInfo } from "./vmi-volumes.ts";

/** Phases of a DataVolume whose claim may be taken: filled, or filled once somebody takes it. */
const takenPhases = new Set(["Succeeded", "PendingPopulation", "WaitForFirstConsumer"]);

/** A guest that has not let go of a disk is asked again after this. */
const unplugAgainMs = 1_000;

/** As if these volumes had been taken out of it. */
function withoutVolumes(vmi: VirtualMachineInstance, names: ReadonlySet<string>): VirtualMachineInstance {
  if (names.size === 0) return vmi;
  const volumes = (vmi.spec.volumes ?? []).filter(({ name }) => !names.has(name));
  return { ...vmi, spec: { ...vmi.spec, volumes } };
}

export class HotplugController {
  readonly #context: ControllerContext;
  /** virt-controller's writes, and virt-handler's. */
  readonly #controller: TypedStore;
  readonly #handler: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #seedDir: string;
  readonly #requeue: (vmi: VirtualMachineInstance, delayMs: number) => void;

  constructor(
    context: ControllerContext & { seedDir: string },
    stores: { controller: TypedStore; handler: TypedStore },
    events: EventRecorder,
    indexes: Indexes,
    requeue: (vmi: VirtualMachineInstance, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#controller = stores.controller;
    this.#handler = stores.handler;
    this.#events = events;
    this.#indexes = indexes;
    this.#seedDir = context.seedDir;
    this.#requeue = requeue;
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const read = () => this.#controller.get(vmiKind, namespace, name);
    const vmi = read();
    if (vmi?.status?.phase !== "Running" || vmi.metadata.deletionTimestamp !== undefined) return;
    if (this.#context.machines.get(vmi.metadata.uid)?.moving === true) return; // woken by the VMI's change after it
    const known = (vmi.status.volumeStatus ?? []).filter((one) => one.hotplugVolume !== undefined);
    const wanted = hotpluggedOf(vmi);
    if (wanted.length + known.length === 0) return;
    const launcher = launcherPodOf(this.#indexes, vmi);
    if (launcher === undefined) return;
    // A volume whose name is in the guest with another claim's image comes once that one is gone.
    const held = new Set<string>();
    for (const status of known) {
      const volume = wanted.find(({ name }) => name === status.name);
      const { claimName } = status.persistentVolumeClaimInfo ?? {};
      if (volume !== undefined && (claimName === undefined || claimName === claimNameOf(volume))) continue;
      if (!(await this.#unplug(vmi, status))) held.add(status.name);
    }
    this.#tell(vmi, launcher, held);
    this.#changePods(withoutVolumes(read() ?? vmi, held), launcher);
    this.#tell(vmi, launcher, held);
    for (const volume of wanted) if (!held.has(volume.name)) await this.#attach(read() ?? vmi, volume);
    if (held.size > 0) this.#requeue(vmi, unplugAgainMs);
  }

  #podsOf(launcher: Pod): Pod[] {
    return this.#indexes.podsByOwner.get(launcher.metadata.uid).filter(attachesDisks);
  }

  #claim(namespace: string | undefined, claimName: string): SeenClaim | undefined {
    const info = claimInfo(this.#controller, namespace, claimName);
    const phase = this.#controller.get(claimKind, namespace, claimName)?.status?.phase ?? "Pending";
    return info && { info, phase };
  }

  /** virt-controller's part of the statuses. */
  #tell(vmi: VirtualMachineInstance, launcher: Pod, held: ReadonlySet<string>): void {
    const { namespace } = vmi.metadata;
    const pods = this.#podsOf(launcher);
    this.#controller.modifyObject(vmiKind, vmi, (current) => {
      const before = current.status?.volumeStatus ?? [];
      const after = hotplugStatuses(withoutVolumes(current, held), pods, (claim) =>
        this.#claim(namespace, claim),
      );
      if (isDeepStrictEqual(before, after)) return current;
      for (const { name, phase, message = "" } of after)
        if (phase === "AttachedToNode" && before.find((one) => one.name === name)?.phase !== phase)
          this.#events.record(vmi, "Normal", "SuccessfulCreate", message);
      return { ...current, status: { ...current.status, volumeStatus: after } };
    });
  }

  /** Whether its claim may be taken; undefined where there is no claim. */
  #isReady(namespace: string | undefined, volume: Volume): boolean | undefined {
    const claimName = claimNameOf(volume);
    if (!this.#controller.get(claimKind, namespace, claimName)) return undefined;
    const dataVolume = this.#controller.get(dataVolumeKind, namespace, claimName);
    return dataVolume === undefined || takenPhases.has(dataVolume.status?.phase ?? "");
  }

  /** A pod with all volumes that are ready comes, and those before it go once nothing needs them. */
  #changePods(vmi: VirtualMachineInstance, launcher: Pod): void {
    const { namespace } = vmi.metadata;
    this.#deleteLeftBehind(vmi, launcher);
    const pods = this.#podsOf(launcher);
    const wanted = hotpluggedOf(vmi);
    if (pods.length === 1 && podOf(pods, wanted) !== undefined) return;
    const states = wanted.map((volume) => this.#isReady(namespace, volume));
    // As upstream, one claim that is missing holds up all the others.
    if (states.includes(undefined)) return;
    const ready = wanted.filter((_volume, index) => states[index] === true);
    let current = podOf(pods, ready);
    const old = pods.filter((pod) => pod !== current).toReversed();
    const pending = old.some((pod) => !isPodOver(pod) && pod.status?.phase !== "Running");
    if (current === undefined && !pending && ready.length > 0) {
      const claims = ready.map((volume) => ({ name: volume.name, claimName: claimNameOf(volume) }));
      current = this.#controller.create(
        podKind,
        buildAttachmentPod(vmi, launcher, claims, this.#context.random),
      );
      this.#events.record(
        vmi,
        "Normal",
        "SuccessfulCreate",
        `Created attachment pod ${current.metadata.name}`,
      );
    }
    this.#deleteOld(vmi, old, ready.length > 0 && current?.status?.phase !== "Running");
  }

  /** Source: cleanupAttachmentPods. `keepOne`: until the new pod runs, one of the old ones carries what is in use. */
  #deleteOld(vmi: VirtualMachineInstance, old: readonly Pod[], keepOne: boolean): void {
    const wanted = new Set(hotpluggedOf(vmi).map(({ name }) => name));
    const inUse = new Set(
      (vmi.status?.volumeStatus ?? [])
        .filter(
          (one) =>
            !wanted.has(one.name) && (["Ready", "MountedToPod"].includes(one.phase ?? "") || isHeld(one)),
        )
        .map(({ name }) => name),
    );
    let kept = !keepOne;
    for (const pod of old) {
      const names = podVolumes(pod);
      const carries = names.some((name) => wanted.has(name) || inUse.has(name));
      if (!kept && pod.status?.phase === "Running" && carries) kept = true;
      else if (!names.some((name) => inUse.has(name))) this.#deletePod(vmi, pod);
    }
  }

  /** Those of a launcher that the machine has left. Source: deleteOrphanedAttachmentPods. */
  #deleteLeftBehind(vmi: VirtualMachineInstance, launcher: Pod): void {
    for (const owner of this.#indexes.podsByOwner.get(vmi.metadata.uid))
      if (owner.metadata.uid !== launcher.metadata.uid && isPodOver(owner))
        for (const pod of this.#podsOf(owner))
          if (pod.metadata.annotations?.[ownerUidAnnotation] === vmi.metadata.uid) this.#deletePod(vmi, pod);
  }

  #deletePod(vmi: VirtualMachineInstance, pod: Pod): void {
    if (pod.metadata.deletionTimestamp !== undefined) return;
    this.#controller.delete(podKind, pod, { gracePeriodSeconds: 0 });
    this.#events.record(vmi, "Normal", "SuccessfulDelete", `Deleted attachment pod ${pod.metadata.name}`);
  }

  /** virt-handler's part: the volume in the launcher, then in the guest. */
  async #attach(vmi: VirtualMachineInstance, volume: Volume): Promise<void> {
    const { name } = volume;
    const status = vmi.status?.volumeStatus?.find((one) => one.name === name);
    if (status === undefined) return;
    if (status.phase === "Ready") {
      // After a start of the simulator the guest is a new process.
      await this.#plug(vmi, volume);
      return;
    }
    if (status.hotplugVolume?.attachPodUID === undefined) return; // woken by the pod's change
    if (status.phase === "AttachedToNode")
      this.#setStatus(vmi, name, {
        phase: "MountedToPod",
        reason: "VolumeMountedToPod",
        message: `Volume ${name} has been mounted in virt-launcher pod`,
      });
    else if (status.phase !== "MountedToPod") return;
    const target = await this.#plug(vmi, volume);
    if (target === null) return;
    this.#setStatus(vmi, name, {
      target,
      phase: "Ready",
      reason: "VolumeReady",
      message: `Successfully attach hotplugged volume ${name} to VM`,
    });
  }

  /** The device's name in the guest, or null when the guest did not take it. */
  async #plug(vmi: VirtualMachineInstance, volume: Volume): Promise<string | null> {
    const device = vmi.spec.domain.devices.disks?.find((disk) => disk.name === volume.name);
    const machine = this.#context.machines.get(vmi.metadata.uid);
    if (device === undefined || machine === undefined) return null;
    try {
      const sources = { store: this.#handler, images: this.#context.images, seedDir: this.#seedDir };
      const disk = await machineDisk(device, volume, vmi, sources, null);
      if (disk === null) return null;
      await machine.attachDisk(disk);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#events.record(vmi, "Warning", "SyncFailed", `failed to attach volume ${volume.name}: ${message}`);
      return null;
    }
    const scsi = device.disk?.bus === "scsi" || device.lun !== undefined;
    const prefix = scsi ? "sd" : "vd";
    const taken = new Set((vmi.status?.volumeStatus ?? []).map(({ target }) => target));
    const letter = Array.from("abcdefghijklmnopqrstuvwxyz").find(
      (candidate) => !taken.has(prefix + candidate),
    );
    return `${prefix}${letter ?? "z"}`;
  }

  /** What is no longer wanted leaves the guest, then the launcher; its pod follows. False while the guest does not let go. */
  async #unplug(vmi: VirtualMachineInstance, status: VolumeStatus): Promise<boolean> {
    const { name, phase = "" } = status;
    if (!["Ready", "MountedToPod"].includes(phase) && !isHeld(status)) return true;
    try {
      await this.#context.machines.get(vmi.metadata.uid)?.detachDisk(name);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#context.log("a disk was not unplugged", { volume: name, error: message });
      this.#events.record(vmi, "Warning", "SyncFailed", `failed to detach volume ${name}: ${message}`);
      this.#setStatus(vmi, name, { phase: "Detaching", reason: heldReason, message });
      return false;
    }
    this.#setStatus(vmi, name, {
      target: "",
      phase: "UnMountedFromPod",
      reason: "VolumeUnMountedFromPod",
      message: `Volume ${name} has been unmounted from virt-launcher pod`,
    });
    return true;
  }

  #setStatus(vmi: VirtualMachineInstance, name: string, change: Partial<VolumeStatus>): void {
    this.#handler.modifyObject(vmiKind, vmi, (current) => ({
      ...current,
      status: {
        ...current.status,
        volumeStatus: (current.status?.volumeStatus ?? []).map((one) =>
          one.name === name ? { ...one, ...change } : one,
        ),
      },
    }));
  }
}
