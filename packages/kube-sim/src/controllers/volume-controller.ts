/** A CSI provisioner and the volume binder: claims get volumes, volumes get image files, released ones go. */
import { withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import { fillFromSource, SourceNotReady } from "./claim-content.ts";
import { ClaimGrowth } from "./claim-growth.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import { freeBytes, usedByClass, zonesOf } from "./free-capacity.ts";
import { namespacedKey, type Indexes, openVolumes } from "./indexes.ts";
import {
  claimKind,
  csiDriverKind,
  dataVolumeKind,
  storageClassKind,
  storageProfileKind,
  volumeKind,
} from "./kinds.ts";
import { binaryQuantity, parseQuantity } from "./quantity.ts";
import { matchingVolume } from "./static-volumes.ts";
import type { PersistentVolume, PersistentVolumeClaim, StorageClass } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

const defaultClassAnnotation = "storageclass.kubernetes.io/is-default-class";
const provisionRetryMs = 3_000;
const immediateAnnotation = "cdi.kubevirt.io/storage.bind.immediate.requested";

/** A class without provisioner, for claims that are bound by hand. */
const noProvisioner = "kubernetes.io/no-provisioner";

export class VolumeController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #growth: ClaimGrowth;
  readonly #requeue: (claim: PersistentVolumeClaim, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    requeue: (claim: PersistentVolumeClaim, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
    this.#growth = new ClaimGrowth(context, store, events, indexes);
    this.#requeue = requeue;
  }

  async reconcileClaim(namespace: string | undefined, name: string): Promise<void> {
    const claim = this.#store.get(claimKind, namespace, name);
    if (!claim || claim.metadata.deletionTimestamp !== undefined) return;
    if (claim.status?.phase === "Bound") {
      await this.#growth.grow(claim);
      return;
    }
    if (claim.status?.phase === undefined) this.#setPhase(claim, "Pending");
    const storageClass = this.#classOf(claim);
    const className = claim.spec.storageClassName ?? storageClass?.metadata.name ?? "";
    const waits = storageClass?.volumeBindingMode === "WaitForFirstConsumer" && !this.#hasConsumer(claim);
    const made = matchingVolume(this.#indexes.openVolumes.get(openVolumes), claim, className);
    if (made !== undefined && (!waits || made.spec.claimRef !== undefined)) {
      await this.#bind(claim, made);
      return;
    }
    if (claim.spec.volumeName) return; // woken by that volume
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
    if (storageClass.provisioner === noProvisioner || this.#awaitsPopulator(claim)) return;
    if (waits) {
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
    if (!volume) return;
    const { claimRef } = volume.spec;
    if (!claimRef?.uid) {
      this.#offer(volume);
      return;
    }
    const claim = this.#store.get(claimKind, claimRef.namespace, claimRef.name);
    if (claim?.metadata.uid === claimRef.uid) return;
    if ((volume.spec.persistentVolumeReclaimPolicy ?? "Retain") === "Retain") {
      this.#store.modifyObject(volumeKind, volume, (current) => ({
        ...current,
        status: { ...current.status, phase: "Released" },
      }));
      return;
    }
    this.#store.modifyObject(volumeKind, volume, (current) =>
      withoutFinalizer(current, "kubernetes.io/pv-protection"),
    );
    this.#store.delete(volumeKind, volume);
    await this.#context.images.remove(name);
  }

  /** A volume that nobody has yet is tried by every claim that waits. */
  #offer(volume: PersistentVolume): void {
    if (volume.metadata.deletionTimestamp !== undefined || volume.status?.phase === "Released") return;
    if (volume.status?.phase !== "Available")
      this.#store.modifyObject(volumeKind, volume, (current) => ({
        ...withFinalizer(current, "kubernetes.io/pv-protection"),
        status: { ...current.status, phase: "Available" },
      }));
    for (const claim of this.#store.list(claimKind))
      if (claim.status?.phase !== "Bound") this.#requeue(claim, 0);
  }

  async #bind(claim: PersistentVolumeClaim, volume: PersistentVolume): Promise<void> {
    const { name } = volume.metadata;
    const { accessModes = [], capacity = {} } = volume.spec;
    if (!this.#context.images.get(name))
      await this.#context.images.createBlank(name, parseQuantity(capacity.storage));
    const byController = { "pv.kubernetes.io/bound-by-controller": "yes" };
    this.#store.modifyObject(volumeKind, volume, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        ...(current.spec.claimRef === undefined && {
          annotations: { ...current.metadata.annotations, ...byController },
        }),
      },
      spec: { ...current.spec, claimRef: referenceTo(claim) },
      status: { ...current.status, phase: "Bound" },
    }));
    this.#store.modifyObject(claimKind, claim, (current) => ({
      ...current,
      metadata: {
        ...current.metadata,
        annotations: {
          ...current.metadata.annotations,
          "pv.kubernetes.io/bind-completed": "yes",
          ...(!current.spec.volumeName && byController),
        },
      },
      spec: { ...current.spec, volumeName: name },
      status: { ...current.status, phase: "Bound", accessModes, capacity },
    }));
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

  /** What is neither a claim nor a snapshot is a populator's to fill, and there is none. Source: external-provisioner. */
  #awaitsPopulator(claim: PersistentVolumeClaim): boolean {
    const { kind } = claim.spec.dataSourceRef ?? claim.spec.dataSource ?? {};
    return kind !== undefined && kind !== "PersistentVolumeClaim" && kind !== "VolumeSnapshot";
  }

  /** The provisioner tries again for ever. */
  #refuse(claim: PersistentVolumeClaim, why: string): void {
    this.#events.record(claim, "Warning", "ProvisioningFailed", why);
    this.#requeue(claim, provisionRetryMs);
  }

  async #provision(claim: PersistentVolumeClaim, storageClass: StorageClass): Promise<void> {
    const name = `pvc-${claim.metadata.uid}`;
    const bytes = parseQuantity(claim.spec.resources?.requests?.storage);
    const storage = binaryQuantity(bytes);
    const accessModes = claim.spec.accessModes ?? ["ReadWriteOnce"];
    const zones = zonesOf(this.#store).length;
    const reportsCapacity =
      this.#store.get(csiDriverKind, undefined, storageClass.provisioner)?.spec.storageCapacity === true;
    if (reportsCapacity && bytes > freeBytes(storageClass, zones, usedByClass(this.#store))) {
      this.#refuse(
        claim,
        `failed to provision volume with StorageClass "${storageClass.metadata.name}": rpc error: code = ResourceExhausted desc = not enough free space for a volume of ${bytes} bytes`,
      );
      return;
    }
    const filledByCdi =
      (claim.spec.dataSource ?? claim.spec.dataSourceRef) === undefined &&
      this.#store.get(dataVolumeKind, claim.metadata.namespace, claim.metadata.name) !== undefined;
    if (!filledByCdi && !this.#context.images.get(name)) {
      try {
        if (!(await fillFromSource(this.#context, this.#store, claim, name, bytes)))
          await this.#context.images.createBlank(name, bytes);
      } catch (error) {
        if (!(error instanceof SourceNotReady)) throw error;
        this.#refuse(claim, error.message);
        return;
      }
    }
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
          claimRef: referenceTo(claim),
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
}

const referenceTo = ({ metadata }: PersistentVolumeClaim) => ({
  apiVersion: "v1",
  kind: "PersistentVolumeClaim",
  namespace: metadata.namespace ?? "",
  name: metadata.name,
  uid: metadata.uid,
});

/** What the class's StorageProfile proposes for a machine's disk. */
export function profileDefaults(
  store: TypedStore,
  storageClass: string,
): { accessModes: string[]; volumeMode: string } {
  const set = store.get(storageProfileKind, undefined, storageClass)?.status?.claimPropertySets?.[0];
  return { accessModes: set?.accessModes ?? ["ReadWriteOnce"], volumeMode: set?.volumeMode ?? "Filesystem" };
}
