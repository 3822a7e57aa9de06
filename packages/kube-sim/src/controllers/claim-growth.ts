/**
 * Grows what is behind a bound claim: blocks at once, a file system when a pod mounts it. A guest that runs on the disk grows it
 * itself and goes on. Source: external-resizer, the kubelet, virt-handler's disk expansion.
 */
import { boundVolume } from "../store/bound-volume.ts";
import { withCondition, withoutCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { Condition } from "./core-shapes.ts";
import type { EventRecorder } from "./events.ts";
import { namespacedKey, type Indexes } from "./indexes.ts";
import { claimKind, vmiKind, volumeKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { binaryQuantity, parseQuantity } from "./quantity.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { claimInfo } from "./vmi-volumes.ts";

export class ClaimGrowth {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;

  constructor(context: ControllerContext, store: TypedStore, events: EventRecorder, indexes: Indexes) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
  }

  /** Nothing happens to a claim that has what it asks for. */
  async grow(claim: PersistentVolumeClaim): Promise<void> {
    const wanted = parseQuantity(claim.spec.resources?.requests?.storage);
    const volumeName = boundVolume(this.#store.raw, claim);
    if (volumeName === undefined || wanted <= parseQuantity(claim.status?.capacity?.storage)) return;
    const storage = binaryQuantity(wanted);
    const isBlock = claim.spec.volumeMode === "Block";
    const mounted = this.#indexes.podsByClaim
      .get(namespacedKey(claim.metadata.namespace, claim.metadata.name))
      .some((pod) => pod.status?.phase === "Running");
    if (!isBlock && !mounted) {
      this.#setCapacity(volumeName, storage);
      this.#setCondition(claim, {
        type: "FileSystemResizePending",
        status: "True",
        message: "Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
      });
      return;
    }
    this.#setCondition(claim, { type: "Resizing", status: "True" });
    const users = this.#indexes.vmisByClaim.get(namespacedKey(claim.metadata.namespace, claim.metadata.name));
    if (this.#context.images.get(volumeName))
      await this.#context.images.resize(volumeName, wanted, async ({ path }) => {
        for (const { metadata } of users)
          if (await this.#context.machines.get(metadata.uid)?.resizeDisk(path, wanted)) return true;
        return false;
      });
    this.#setCapacity(volumeName, storage);
    this.#store.modifyObject(claimKind, claim, (current) => {
      const conditions = withoutCondition(
        withoutCondition(current.status?.conditions, "FileSystemResizePending"),
        "Resizing",
      );
      const { conditions: _before, ...status } = current.status ?? {};
      return {
        ...current,
        status: { ...status, capacity: { storage }, ...(conditions.length > 0 && { conditions }) },
      };
    });
    this.#events.record(
      claim,
      "Normal",
      isBlock ? "VolumeResizeSuccessful" : "FileSystemResizeSuccessful",
      isBlock ? "Resize volume succeeded" : "MountVolume.NodeExpandVolume succeeded for volume",
    );
    for (const vmi of users) this.#tellMachine(vmi, claim.metadata.name, wanted);
  }

  /** The size that the guest now sees, and what the claim has. */
  #tellMachine(vmi: VirtualMachineInstance, claimName: string, size: number): void {
    const names = new Set(
      (vmi.spec.volumes ?? [])
        .filter((one) => (one.dataVolume?.name ?? one.persistentVolumeClaim?.claimName) === claimName)
        .map(({ name }) => name),
    );
    const persistentVolumeClaimInfo = claimInfo(this.#store, vmi.metadata.namespace, claimName);
    this.#store.modifyObject(vmiKind, vmi, (current) => {
      const volumeStatus = current.status?.volumeStatus;
      if (volumeStatus === undefined) return current;
      const told = volumeStatus.map((one) =>
        names.has(one.name)
          ? { ...one, size, ...(persistentVolumeClaimInfo && { persistentVolumeClaimInfo }) }
          : one,
      );
      return { ...current, status: { ...current.status, volumeStatus: told } };
    });
  }

  #setCondition(claim: PersistentVolumeClaim, condition: Condition): void {
    const now = timestamp(this.#context.clock.now());
    this.#store.modifyObject(claimKind, claim, (current) => ({
      ...current,
      status: {
        ...current.status,
        conditions: withCondition(current.status?.conditions, condition, now),
      },
    }));
  }

  #setCapacity(volumeName: string, storage: string): void {
    this.#store.modify(volumeKind, undefined, volumeName, (volume) => ({
      ...volume,
      spec: { ...volume.spec, capacity: { storage } },
    }));
  }
}
