/** A CSI provisioner and the volume binder: claims get volumes, volumes get image files, released ones go. */
import { boundVolume } from "../store/bound-volume.ts";
import { withCondition, withoutCondition } from "./conditions.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import { namespacedKey, type Indexes } from "./indexes.ts";
import {
  claimKind,
  dataVolumeKind,
  storageClassKind,
  storageProfileKind,
  volumeKind,
  volumeSnapshotKind,
} from "./kinds.ts";
import { binaryQuantity, parseQuantity } from "./quantity.ts";
import type { PersistentVolumeClaim, StorageClass } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";
const immediateAnnotation = "cdi.kubevirt.io/storage.bind.immediate.requested";

/** A class without provisioner, for claims that are bound by hand. */
const noProvisioner = "kubernetes.io/no-provisioner";

export class VolumeController {
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

  async reconcileClaim(namespace: string | undefined, name: string): Promise<void> {
    const claim = this.#store.get(claimKind, namespace, name);
    if (!claim || claim.metadata.deletionTimestamp !== undefined) return;
    if (claim.status?.phase === "Bound") {
      await this.#resize(claim);
      return;
    }
    if (claim.status?.phase === undefined) this.#setPhase(claim, "Pending");
    const storageClass = this.#classOf(claim);
    if (!storageClass) {
      if (claim.spec.storageClassName !== undefined && claim.spec.storageClassName !== "") {
        this.#events.record(
          claim,
          "Warning",
          "ProvisioningFailed",
          `storageclass.storage.k8s.io "${claim.spec.storageClassName}" not found`,
        );
      }
      return;
    }
    if (storageClass.provisioner === noProvisioner) return;
    if (storageClass.volumeBindingMode === "WaitForFirstConsumer" && !this.#hasConsumer(claim)) {
      this.#events.record(
        claim,
        "Normal",
        "WaitForFirstConsumer",
        "waiting for first consumer to be created before binding",
      );
      return;
    }
    await this.#provision(claim, storageClass);
  }

  async reconcileVolume(_namespace: string | undefined, name: string): Promise<void> {
    const volume = this.#store.get(volumeKind, undefined, name);
    const claimRef = volume?.spec.claimRef;
    if (!volume || !claimRef) return;
    const claim = this.#store.get(claimKind, claimRef.namespace, claimRef.name);
    if (claim?.metadata.uid === claimRef.uid) return;
    if (volume.spec.persistentVolumeReclaimPolicy === "Retain") {
      this.#store.modifyObject(volumeKind, volume, (current) => ({
        ...current,
        status: { ...current.status, phase: "Released" },
      }));
      return;
    }
    this.#store.modifyObject(volumeKind, volume, (current) => ({
      ...current,
      metadata: { ...current.metadata, finalizers: [] },
    }));
    this.#store.delete(volumeKind, volume);
    await this.#context.images.remove(name);
  }

  #classOf(claim: PersistentVolumeClaim): StorageClass | undefined {
    const wanted = claim.spec.storageClassName;
    if (wanted !== undefined) return this.#store.get(storageClassKind, undefined, wanted);
    return this.#store
      .list(storageClassKind)
      .find((candidate) => candidate.metadata.annotations?.[defaultClassAnnotation] === "true");
  }

  /** A scheduled pod that mounts it, or CDI's request to bind at once. */
  #hasConsumer(claim: PersistentVolumeClaim): boolean {
    if (claim.metadata.annotations?.[immediateAnnotation] !== undefined) return true;
    return this.#indexes.podsByClaim
      .get(namespacedKey(claim.metadata.namespace, claim.metadata.name))
      .some((pod) => pod.spec.nodeName !== undefined);
  }

  #setPhase(claim: PersistentVolumeClaim, phase: string): void {
    this.#store.modifyObject(claimKind, claim, (current) => ({
      ...current,
      status: { ...current.status, phase },
    }));
  }

  async #provision(claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<void> {
    const name = `pvc-${claim.metadata.uid}`;
    const bytes = parseQuantity(claim.spec.resources?.requests?.storage);
    const storage = binaryQuantity(bytes);
    const accessModes = claim.spec.accessModes ?? ["ReadWriteOnce"];
    const filledByCdi =
      this.#store.get(dataVolumeKind, claim.metadata.namespace, claim.metadata.name) !== undefined;
    if (!filledByCdi && !this.#context.images.get(name) && !(await this.#fromSnapshot(claim, name, bytes)))
      await this.#context.images.createBlank(name, bytes);
    if (!this.#store.get(volumeKind, undefined, name)) {
      this.#store.create(volumeKind, {
        metadata: {
          name,
          annotations: { "pv.kubernetes.io/provisioned-by": storageClass.provisioner },
          finalizers: ["kubernetes.io/pv-protection"],
        },
        spec: {
          capacity: { storage },
          accessModes,
          volumeMode: claim.spec.volumeMode ?? "Filesystem",
          storageClassName: storageClass.metadata.name,
          persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
          csi: { driver: storageClass.provisioner, volumeHandle: claim.metadata.uid },
          claimRef: {
            apiVersion: "v1",
            kind: "PersistentVolumeClaim",
            namespace: claim.metadata.namespace ?? "",
            name: claim.metadata.name,
            uid: claim.metadata.uid,
          },
        },
        status: { phase: "Bound" },
      });
    }
    this.#store.modifyObject(claimKind, claim, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: {
          ...current.metadata.annotations,
          "pv.kubernetes.io/bind-completed": "yes",
          "pv.kubernetes.io/bound-by-controller": "yes",
        },
      },
      spec: { ...current.spec, storageClassName: storageClass.metadata.name, volumeName: name },
      status: { ...current.status, phase: "Bound", accessModes, capacity: { storage } },
    }));
    this.#events.record(claim, "Normal", "ProvisioningSucceeded", `Successfully provisioned volume ${name}`);
  }

  /** A claim of a snapshot gets the snapshot's data; false where it is of none. */
  async #fromSnapshot(claim: PersistentVolumeClaim, volume: string, bytes: number): Promise<boolean> {
    const { dataSource } = claim.spec;
    if (dataSource?.kind !== "VolumeSnapshot") return false;
    const snapshot = this.#store.get(volumeSnapshotKind, claim.metadata.namespace, dataSource.name);
    const content = snapshot?.status?.boundVolumeSnapshotContentName ?? "";
    if (!this.#context.images.get(content))
      throw new Error(`The snapshot ${dataSource.name} of claim ${claim.metadata.name} has no content.`);
    await this.#context.images.clone(volume, content, bytes);
    return true;
  }

  /** Grows the volume at once; a file system follows when a pod mounts it. Source: external-resizer and the kubelet. */
  async #resize(claim: PersistentVolumeClaim): Promise<void> {
    const wanted = parseQuantity(claim.spec.resources?.requests?.storage);
    const volumeName = boundVolume(this.#store.raw, claim);
    if (volumeName === undefined || wanted <= parseQuantity(claim.status?.capacity?.storage)) return;
    const storage = binaryQuantity(wanted);
    const now = timestamp(this.#context.clock.now());
    const mounted = this.#indexes.podsByClaim
      .get(namespacedKey(claim.metadata.namespace, claim.metadata.name))
      .some((pod) => pod.status?.phase === "Running");
    if (claim.spec.volumeMode !== "Block" && !mounted) {
      this.#setCapacity(volumeName, storage);
      this.#store.modifyObject(claimKind, claim, (current) => {
        const conditions = withCondition(
          current.status?.conditions,
          {
            type: "FileSystemResizePending",
            status: "True",
            message: "Waiting for user to (re-)start a pod to finish file system resize of volume on node.",
          },
          now,
        );
        return { ...current, status: { ...current.status, conditions } };
      });
      return;
    }
    if (this.#context.images.get(volumeName)) await this.#context.images.resize(volumeName, wanted);
    this.#setCapacity(volumeName, storage);
    this.#store.modifyObject(claimKind, claim, (current) => {
      const conditions = withoutCondition(current.status?.conditions, "FileSystemResizePending");
      const { conditions: _before, ...status } = current.status ?? {};
      return {
        ...current,
        status: { ...status, capacity: { storage }, ...(conditions.length > 0 && { conditions }) },
      };
    });
    this.#events.record(
      claim,
      "Normal",
      claim.spec.volumeMode === "Block" ? "VolumeResizeSuccessful" : "FileSystemResizeSuccessful",
      claim.spec.volumeMode === "Block"
        ? "Resize volume succeeded"
        : "MountVolume.NodeExpandVolume succeeded for volume",
    );
  }

  #setCapacity(volumeName: string, storage: string): void {
    this.#store.modify(volumeKind, undefined, volumeName, (volume) => ({
      ...volume,
      spec: { ...volume.spec, capacity: { storage } },
    }));
  }
}

/** What the class's StorageProfile proposes for a machine's disk. */
export function profileDefaults(
  store: TypedStore,
  storageClass: string,
): { accessModes: string[]; volumeMode: string } {
  const set = store.get(storageProfileKind, undefined, storageClass)?.status?.claimPropertySets?.[0];
  return { accessModes: set?.accessModes ?? ["ReadWriteOnce"], volumeMode: set?.volumeMode ?? "Filesystem" };
}
