/**
 * The CSI snapshotter: a VolumeSnapshot gets a content object and a copy of its volume's image, which goes with it.
 * Source: external-snapshotter, common controller and sidecar, joined to one.
 */
import { defaultSnapshotClassAnnotation } from "../store/default-class.ts";
import { withFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import type { ControllerContext } from "./controller.ts";
import type { EventRecorder } from "./events.ts";
import { type Indexes, namespacedKey } from "./indexes.ts";
import {
  claimKind,
  volumeKind,
  volumeSnapshotClassKind,
  volumeSnapshotContentKind,
  volumeSnapshotKind,
} from "./kinds.ts";
import type { StillGuests } from "./still-guests.ts";
import { binaryQuantity, parseQuantity } from "./quantity.ts";
import { snapshotHandleOf } from "./snapshot-content.ts";
import type { VolumeSnapshot, VolumeSnapshotClass, VolumeSnapshotContent } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { volumeImage } from "./volume-content.ts";

const snapshotFinalizer = "snapshot.storage.kubernetes.io/volumesnapshot-bound-protection";
const contentFinalizer = "snapshot.storage.kubernetes.io/volumesnapshotcontent-bound-protection";
const contentPrefix = "snapcontent-";
const sourceRetryMs = 3_000;

export class VolumeSnapshotController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #indexes: Indexes;
  readonly #still: StillGuests;
  readonly #requeue: (snapshot: VolumeSnapshot, delayMs: number) => void;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    indexes: Indexes,
    still: StillGuests,
    requeue: (snapshot: VolumeSnapshot, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#indexes = indexes;
    this.#still = still;
    this.#requeue = requeue;
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const snapshot = this.#store.get(volumeSnapshotKind, namespace, name);
    if (!snapshot) return;
    if (snapshot.metadata.deletionTimestamp !== undefined) {
      await this.#release(snapshot);
      return;
    }
    if (snapshot.status?.readyToUse === true) return;
    const { persistentVolumeClaimName: claimName, volumeSnapshotContentName } = snapshot.spec.source;
    if (volumeSnapshotContentName !== undefined) this.#bindStatic(snapshot, volumeSnapshotContentName);
    if (claimName === undefined) return;
    const claim = this.#store.get(claimKind, namespace, claimName);
    if (claim?.status?.phase !== "Bound") {
      const why = claim ? "PVC is not bound" : `persistentvolumeclaims "${claimName}" not found`;
      this.#refuse(
        snapshot,
        `Failed to create snapshot content with error snapshot controller failed: ${why}`,
      );
      this.#requeue(snapshot, sourceRetryMs);
      return;
    }
    const volume = this.#store.get(volumeKind, undefined, claim.spec.volumeName ?? "");
    const driver = volume?.spec.csi?.driver ?? "";
    const snapshotClass = this.#classOf(snapshot, driver);
    if (!volume || !snapshotClass || snapshotClass.driver !== driver) {
      this.#refuse(snapshot, `Failed to get snapshot class for the driver "${driver}" of claim ${claimName}`);
      return;
    }
    const content = this.#createContent(snapshot, snapshotClass, volume.spec.csi?.volumeHandle ?? "");
    const bytes = parseQuantity(claim.status.capacity?.storage);
    if (!this.#context.images.get(content)) {
      const image = await volumeImage(this.#store, this.#context.images, volume.metadata.name);
      if (image)
        await this.#whileStill(snapshot, claimName, async () =>
          this.#context.images.clone(content, volume.metadata.name, bytes),
        );
      else await this.#context.images.createBlank(content, bytes);
    }
    this.#ready(snapshot, content, content, claim.status.capacity?.storage ?? "0", bytes);
  }

  /** QEMU keeps tables of a qcow2 in memory: a copy of a running guest's image would be torn, so its guests wait for it. */
  async #whileStill(
    { metadata: { namespace, uid } }: VolumeSnapshot,
    claim: string,
    copy: () => Promise<unknown>,
  ): Promise<void> {
    const users = this.#indexes.vmisByClaim.get(namespacedKey(namespace, claim));
    try {
      for (const vmi of users) await this.#still.hold(vmi, uid);
      await copy();
    } finally {
      await Promise.allSettled(users.map((vmi) => this.#still.release(vmi, uid))); // one that has ended holds up nobody
    }
  }

  #classOf(snapshot: VolumeSnapshot, driver: string): VolumeSnapshotClass | undefined {
    const wanted = snapshot.spec.volumeSnapshotClassName;
    if (wanted !== undefined) return this.#store.get(volumeSnapshotClassKind, undefined, wanted);
    return this.#store
      .list(volumeSnapshotClassKind)
      .find(
        (candidate) =>
          candidate.driver === driver &&
          candidate.metadata.annotations?.[defaultSnapshotClassAnnotation] === "true",
      );
  }

  /** Name of the content object, which also names the image. */
  #createContent(snapshot: VolumeSnapshot, snapshotClass: VolumeSnapshotClass, volumeHandle: string): string {
    const name = `${contentPrefix}${snapshot.metadata.uid}`;
    this.#store.modifyObject(volumeSnapshotKind, snapshot, (current) => ({
      ...current,
      metadata: withFinalizer(current, snapshotFinalizer).metadata,
      spec: { ...current.spec, volumeSnapshotClassName: snapshotClass.metadata.name },
      status: { ...current.status, readyToUse: false, boundVolumeSnapshotContentName: name },
    }));
    if (this.#store.get(volumeSnapshotContentKind, undefined, name)) return name;
    this.#store.create(volumeSnapshotContentKind, {
      metadata: { name, finalizers: [contentFinalizer] },
      spec: {
        volumeSnapshotRef: {
          apiVersion: snapshot.apiVersion,
          kind: snapshot.kind,
          namespace: snapshot.metadata.namespace ?? "",
          name: snapshot.metadata.name,
          uid: snapshot.metadata.uid,
        },
        deletionPolicy: snapshotClass.deletionPolicy,
        driver: snapshotClass.driver,
        source: { volumeHandle },
        volumeSnapshotClassName: snapshotClass.metadata.name,
      },
    });
    this.#events.record(
      snapshot,
      "Normal",
      "CreatingSnapshot",
      `Waiting for a snapshot ${snapshot.metadata.namespace}/${snapshot.metadata.name} to be created by the CSI driver.`,
    );
    return name;
  }

  #ready(
    snapshot: VolumeSnapshot,
    content: string,
    snapshotHandle: string,
    restoreSize: string,
    bytes: number,
  ): void {
    const now = this.#context.clock.now();
    this.#store.modify(volumeSnapshotContentKind, undefined, content, (current) => ({
      ...current,
      status: {
        readyToUse: true,
        restoreSize: bytes,
        snapshotHandle,
        creationTime: now * 1_000_000,
      },
    }));
    this.#store.modifyObject(volumeSnapshotKind, snapshot, (current) => {
      const { error: _error, ...status } = current.status ?? {};
      return {
        ...current,
        status: { ...status, readyToUse: true, restoreSize, creationTime: timestamp(now) },
      };
    });
    this.#events.record(
      snapshot,
      "Normal",
      "SnapshotReady",
      `Snapshot ${snapshot.metadata.namespace}/${snapshot.metadata.name} is ready to use.`,
    );
  }

  #refuse(snapshot: VolumeSnapshot, message: string, reason = "SnapshotContentCreationFailed"): void {
    this.#store.modifyObject(volumeSnapshotKind, snapshot, (current) =>
      current.status?.error?.message === message
        ? current
        : {
            ...current,
            status: {
              ...current.status,
              readyToUse: false,
              error: { message, time: timestamp(this.#context.clock.now()) },
            },
          },
    );
    this.#events.record(snapshot, "Warning", reason, message);
  }

  /** A snapshot of a content that was there before: both name each other, and the driver knows the handle. */
  #bindStatic(snapshot: VolumeSnapshot, contentName: string): void {
    const { name, namespace, uid } = snapshot.metadata;
    const content = this.#store.get(volumeSnapshotContentKind, undefined, contentName);
    const ref = content?.spec.volumeSnapshotRef;
    const names = ref?.name === name && ref.namespace === namespace;
    if (content === undefined || !names || ((ref.uid ?? "") !== "" && ref.uid !== uid)) {
      if (content === undefined)
        this.#refuse(snapshot, "VolumeSnapshotContent is missing", "SnapshotContentMissing");
      else
        this.#refuse(
          snapshot,
          `VolumeSnapshotContent [${contentName}] is bound to a different snapshot`,
          "SnapshotContentMisbound",
        );
      this.#requeue(snapshot, sourceRetryMs);
      return;
    }
    this.#store.modifyObject(volumeSnapshotContentKind, content, (current) => ({
      ...current,
      metadata: withFinalizer(current, contentFinalizer).metadata,
      spec: { ...current.spec, volumeSnapshotRef: { ...current.spec.volumeSnapshotRef, uid } },
    }));
    this.#store.modifyObject(volumeSnapshotKind, snapshot, (current) => ({
      ...current,
      metadata: withFinalizer(current, snapshotFinalizer).metadata,
      status: { ...current.status, readyToUse: false, boundVolumeSnapshotContentName: contentName },
    }));
    const handle = content.spec.source.snapshotHandle ?? "";
    // handles are names of images; those of volumes are none of a snapshot's
    const image = handle.startsWith(contentPrefix) ? this.#context.images.get(handle) : undefined;
    if (image === undefined) {
      this.#refuse(
        snapshot,
        `Failed to check and update snapshot content: failed to list snapshot for content ${contentName}: "rpc error: code = NotFound desc = snapshot ${handle} not found"`,
        "SnapshotContentCheckandUpdateFailed",
      );
      this.#requeue(snapshot, sourceRetryMs);
      return;
    }
    const size = image.virtualSizeBytes;
    this.#ready(snapshot, contentName, handle, binaryQuantity(size), size);
  }

  /** A content goes once no snapshot is bound to it; the data behind it goes along where its policy says so. */
  async reconcileContent(name: string): Promise<void> {
    const content = this.#store.get(volumeSnapshotContentKind, undefined, name);
    if (content === undefined) return;
    const ref = content.spec.volumeSnapshotRef;
    const bound = this.#store.get(volumeSnapshotKind, ref.namespace, ref.name);
    if (content.metadata.deletionTimestamp === undefined) {
      if (bound !== undefined && bound.status?.readyToUse !== true) this.#requeue(bound, 1);
      return;
    }
    if (bound?.metadata.uid === ref.uid && bound?.status?.boundVolumeSnapshotContentName === name) return;
    await this.#dropContent(content);
  }

  async #dropContent(content: VolumeSnapshotContent): Promise<void> {
    const handle = snapshotHandleOf(content);
    if (content.spec.deletionPolicy !== "Retain" && handle.startsWith(contentPrefix))
      await this.#context.images.remove(handle);
    this.#store.modifyObject(volumeSnapshotContentKind, content, (current) =>
      withoutFinalizer(current, contentFinalizer),
    );
  }

  /** The content and its image go along, unless its policy keeps them. */
  async #release(snapshot: VolumeSnapshot): Promise<void> {
    const name = snapshot.status?.boundVolumeSnapshotContentName ?? "";
    const content = this.#store.get(volumeSnapshotContentKind, undefined, name);
    const { uid } = snapshot.metadata;
    const own = content?.spec.volumeSnapshotRef.uid === uid ? content : undefined;
    if (own && own.spec.deletionPolicy !== "Retain") {
      await this.#dropContent(own);
      this.#store.delete(volumeSnapshotContentKind, own);
    } else if (own?.metadata.deletionTimestamp !== undefined) await this.#dropContent(own);
    this.#store.modifyObject(volumeSnapshotKind, snapshot, (current) =>
      withoutFinalizer(current, snapshotFinalizer),
    );
  }
}
