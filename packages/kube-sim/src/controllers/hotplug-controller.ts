/**
 * Disks that come and go while a machine runs: virt-controller's attachment pod, then virt-handler's device in the guest.
 * Order of phases and words as in the recorded traces.
 */
import type { ControllerContext } from "./controller.ts";
import type { Pod } from "./core-shapes.ts";
import { buildAttachmentPod } from "./attachment-pod.ts";
import type { EventRecorder } from "./events.ts";
import { type Indexes, launcherPodOf } from "./indexes.ts";
import { claimKind, podKind, vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance, Volume, VolumeStatus } from "./kubevirt-shapes.ts";
import { isHotplugged } from "./live-update.ts";
import { machineDisk } from "./machine-spec.ts";
import { parseQuantity } from "./quantity.ts";
import type { TypedStore } from "./typed-store.ts";
import { claimInfo } from "./vmi-volumes.ts";

const claimNameOf = (volume: Volume): string =>
  volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName ?? "";

export class HotplugController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #seedDir: string;

  constructor(
    context: ControllerContext & { seedDir: string },
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
    this.#seedDir = context.seedDir;
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const vmi = this.#store.get(vmiKind, namespace, name);
    if (vmi?.status?.phase !== "Running" || vmi.metadata.deletionTimestamp !== undefined) return;
    if (this.#context.machines.get(vmi.metadata.uid)?.moving === true) return; // woken by the VMI's change after it
    const wanted = (vmi.spec.volumes ?? []).filter(isHotplugged);
    const known = vmi.status.volumeStatus ?? [];
    for (const status of known)
      if (status.hotplugVolume !== undefined && !wanted.some((volume) => volume.name === status.name))
        await this.#detach(vmi, status);
    for (const volume of wanted) await this.#attach(vmi, volume);
  }

  async #attach(vmi: VirtualMachineInstance, volume: Volume): Promise<void> {
    const { name } = volume;
    const status = vmi.status?.volumeStatus?.find((one) => one.name === name);
    if (status?.phase === "Ready") {
      // After a start of the simulator the guest is a new process.
      await this.#plug(vmi, volume);
      return;
    }
    const claimName = claimNameOf(volume);
    const claim = this.#store.get(claimKind, vmi.metadata.namespace, claimName);
    if (claim === undefined) {
      this.#setStatus(vmi, {
        name,
        target: "",
        hotplugVolume: {},
        phase: "Pending",
        reason: "FailedPvcNotFound",
        message: `PVC ${claimName} not found`,
      });
      return;
    }
    const pod = this.#attachmentPod(vmi, status);
    if (pod === undefined) {
      this.#createPod(vmi, volume, claim.status?.phase ?? "Pending");
      return;
    }
    if (pod.status?.phase !== "Running") return; // woken by the pod's change
    const hotplugVolume = { attachPodName: pod.metadata.name, attachPodUID: pod.metadata.uid };
    const base = { name, target: "", hotplugVolume };
    this.#setStatus(vmi, {
      ...base,
      phase: "MountedToPod",
      reason: "VolumeMountedToPod",
      message: `Volume ${name} has been mounted in virt-launcher pod`,
    });
    const target = await this.#plug(vmi, volume);
    if (target === null) return;
    this.#setStatus(vmi, {
      ...base,
      target,
      size: parseQuantity(claim.status?.capacity?.storage),
      phase: "Ready",
      reason: "VolumeReady",
      message: `Successfully attach hotplugged volume ${name} to VM`,
    });
  }

  #attachmentPod(vmi: VirtualMachineInstance, status: VolumeStatus | undefined): Pod | undefined {
    const podName = status?.hotplugVolume?.attachPodName;
    const pod = podName === undefined ? undefined : this.#store.get(podKind, vmi.metadata.namespace, podName);
    return pod?.metadata.deletionTimestamp === undefined ? pod : undefined;
  }

  #createPod(vmi: VirtualMachineInstance, volume: Volume, claimPhase: string): void {
    const launcher = launcherPodOf(this.#indexes, vmi);
    if (!launcher) return;
    const { name } = volume;
    this.#setStatus(vmi, {
      name,
      target: "",
      hotplugVolume: {},
      phase: claimPhase === "Bound" ? "Bound" : "Pending",
      reason: "PVCNotReady",
      message: `PVC is in phase ${claimPhase}`,
    });
    const pod = this.#store.create(
      podKind,
      buildAttachmentPod(vmi, launcher, { name, claimName: claimNameOf(volume) }, this.#context.random),
    );
    const message = `Created hotplug attachment pod ${pod.metadata.name}, for volume ${name}`;
    this.#events.record(vmi, "Normal", "SuccessfulCreate", message);
    this.#setStatus(vmi, {
      name,
      target: "",
      hotplugVolume: { attachPodName: pod.metadata.name },
      phase: "AttachedToNode",
      reason: "SuccessfulCreate",
      message,
    });
  }

  /** The device's name in the guest, or null when the guest did not take it. */
  async #plug(vmi: VirtualMachineInstance, volume: Volume): Promise<string | null> {
    const device = vmi.spec.domain.devices.disks?.find((disk) => disk.name === volume.name);
    const machine = this.#context.machines.get(vmi.metadata.uid);
    if (device === undefined || machine === undefined) return null;
    try {
      const sources = { store: this.#store, images: this.#context.images, seedDir: this.#seedDir };
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

  async #detach(vmi: VirtualMachineInstance, status: VolumeStatus): Promise<void> {
    const { name } = status;
    await this.#context.machines
      .get(vmi.metadata.uid)
      ?.detachDisk(name)
      .catch((error: unknown) => this.#context.log("a disk was not unplugged", { volume: name, error }));
    this.#setStatus(vmi, {
      ...status,
      target: "",
      phase: "UnMountedFromPod",
      reason: "VolumeUnMountedFromPod",
      message: `Volume ${name} has been unmounted from virt-launcher pod`,
    });
    const pod = this.#attachmentPod(vmi, status);
    this.#setStatus(vmi, { ...status, target: "", phase: "Detaching" });
    if (pod !== undefined) {
      this.#store.delete(podKind, pod, { gracePeriodSeconds: 0 });
      const message = `Deleted hotplug attachment pod ${pod.metadata.name}, for volume ${name}`;
      this.#events.record(vmi, "Normal", "SuccessfulDelete", message);
    }
    this.#store.modifyObject(vmiKind, vmi, (current) => ({
      ...current,
      status: {
        ...current.status,
        volumeStatus: (current.status?.volumeStatus ?? []).filter((one) => one.name !== name),
      },
    }));
  }

  #setStatus(vmi: VirtualMachineInstance, given: VolumeStatus): void {
    const volume = vmi.spec.volumes?.find(({ name }) => name === given.name);
    const info = volume && claimInfo(this.#store, vmi.metadata.namespace, claimNameOf(volume));
    const status = { ...given, ...(info && { persistentVolumeClaimInfo: info }) };
    this.#store.modifyObject(vmiKind, vmi, (current) => ({
      ...current,
      status: {
        ...current.status,
        volumeStatus: [
          ...(current.status?.volumeStatus ?? []).filter((one) => one.name !== status.name),
          status,
        ],
      },
    }));
  }
}
