/** CDI's DataVolume controller: makes the claim, fills it from its source, says how far it is. */
import {
  uploadErrorAnnotation,
  uploadProgressAnnotation,
  uploadStateAnnotation,
} from "../store/upload-marks.ts";
import { defaultClassAnnotation } from "../store/default-class.ts";
import type { ControllerContext } from "./controller.ts";
import { withoutOwnAnnotations } from "../store/own-annotations.ts";
import { boundVolume } from "../store/bound-volume.ts";
import { withCondition } from "./conditions.ts";
import { dataSourceTarget } from "./data-source-chain.ts";
import type { EventRecorder } from "./events.ts";
import { Importer, type Progress } from "./importer.ts";
import { claimKind, dataVolumeKind, storageClassKind, volumeSnapshotKind } from "./kinds.ts";
import { binaryQuantity, parseQuantity } from "./quantity.ts";
import { snapshotData } from "./snapshot-content.ts";
import type { ClaimSpec, DataVolume, PersistentVolumeClaim } from "./storage-shapes.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";
import { volumeImage } from "./volume-content.ts";
import { profileDefaults } from "./volume-controller.ts";

/** Between the upload proxy and this controller, on the claim. */

const virtDefaultAnnotation = "storageclass.kubevirt.io/is-default-virt-class";
const immediateAnnotation = "cdi.kubevirt.io/storage.bind.immediate.requested";
const sourceRetryMs = 3_000;

export class DataVolumeController {
  readonly #context: ControllerContext;
  readonly #store: TypedStore;
  readonly #events: EventRecorder;
  readonly #requeue: (dataVolume: DataVolume, delayMs: number) => void;
  readonly #importer: Importer;

  constructor(
    context: ControllerContext,
    store: TypedStore,
    events: EventRecorder,
    requeue: (dataVolume: DataVolume, delayMs: number) => void,
  ) {
    this.#context = context;
    this.#store = store;
    this.#events = events;
    this.#requeue = requeue;
    this.#importer = new Importer(context, store, requeue);
  }

  /** Breaks off what is being fetched. */
  close(): void {
    this.#importer.close();
  }

  async reconcile(namespace: string | undefined, name: string): Promise<void> {
    const dataVolume = this.#store.get(dataVolumeKind, namespace, name);
    if (!dataVolume) this.#importer.forget(namespace, name);
    if (
      !dataVolume ||
      dataVolume.metadata.deletionTimestamp !== undefined ||
      dataVolume.status?.phase === "Succeeded"
    )
      return;
    const claim = this.#store.get(claimKind, namespace, name);
    if (!claim) {
      this.#createClaim(dataVolume);
      this.#report(dataVolume, undefined, { phase: "Pending", progress: "N/A" });
      return;
    }
    if (!claim.metadata.ownerReferences?.some((owner) => owner.uid === dataVolume.metadata.uid)) {
      this.#report(dataVolume, claim, {
        phase: "Pending",
        error: `Resource "${name}" already exists and is not managed by DataVolume`,
      });
      return;
    }
    if (claim.status?.phase !== "Bound") {
      const waits = this.#waitsForConsumer(claim);
      this.#report(dataVolume, claim, { phase: waits ? "WaitForFirstConsumer" : "Pending", progress: "N/A" });
      return;
    }
    this.#report(dataVolume, claim, await this.#fill(dataVolume, claim));
  }

  #waitsForConsumer(claim: PersistentVolumeClaim): boolean {
    const mode = this.#store.get(
      storageClassKind,
      undefined,
      claim.spec.storageClassName ?? "",
    )?.volumeBindingMode;
    return mode === "WaitForFirstConsumer" && claim.metadata.annotations?.[immediateAnnotation] === undefined;
  }

  #defaultClass(): string | undefined {
    const classes = this.#store.list(storageClassKind);
    const marked = (annotation: string) =>
      classes.find((candidate) => candidate.metadata.annotations?.[annotation] === "true");
    return (marked(virtDefaultAnnotation) ?? marked(defaultClassAnnotation))?.metadata.name;
  }

  #createClaim(dataVolume: DataVolume): void {
    const { namespace, name, uid } = dataVolume.metadata;
    const wanted: ClaimSpec = dataVolume.spec.storage ?? dataVolume.spec.pvc ?? {};
    const storageClassName =
      wanted.storageClassName ?? (dataVolume.spec.storage ? this.#defaultClass() : undefined);
    const profile =
      dataVolume.spec.storage && storageClassName !== undefined
        ? profileDefaults(this.#store, storageClassName)
        : undefined;
    const requested = wanted.resources?.requests?.storage ?? this.#sourceSize(dataVolume);
    if (requested === undefined) {
      this.#report(dataVolume, undefined, { phase: "Pending", error: "PVC size is missing" });
      return;
    }
    this.#store.create(claimKind, {
      metadata: {
        name,
        ...(namespace !== undefined && { namespace }),
        labels: { ...dataVolume.metadata.labels, app: "containerized-data-importer" },
        annotations: {
          ...withoutOwnAnnotations(dataVolume.metadata.annotations),
          "cdi.kubevirt.io/storage.contentType": "kubevirt",
        },
        finalizers: ["kubernetes.io/pvc-protection"],
        ownerReferences: [
          {
            apiVersion: dataVolume.apiVersion,
            kind: dataVolume.kind,
            name,
            uid,
            controller: true,
            blockOwnerDeletion: true,
          },
        ],
      },
      spec: {
        accessModes: wanted.accessModes ?? profile?.accessModes ?? ["ReadWriteOnce"],
        volumeMode: wanted.volumeMode ?? profile?.volumeMode ?? "Filesystem",
        ...(storageClassName !== undefined && { storageClassName }),
        ...(wanted.dataSource && { dataSource: wanted.dataSource }),
        ...(wanted.dataSourceRef && { dataSourceRef: wanted.dataSourceRef }),
        resources: { requests: { storage: requested } },
      },
      status: { phase: "Pending" },
    });
  }

  /** The claim that a clone copies from, by `source.pvc` or through a DataSource. */
  #cloneSource(dataVolume: DataVolume): { namespace: string; name: string } | undefined {
    const own = dataVolume.metadata.namespace ?? "";
    const { source, sourceRef } = dataVolume.spec;
    if (source?.pvc) return { namespace: source.pvc.namespace ?? own, name: source.pvc.name };
    if (!sourceRef) return undefined;
    const target = dataSourceTarget(this.#store, sourceRef.namespace ?? own, sourceRef.name);
    if (target?.kind === "snapshot") return undefined;
    return target ?? { namespace: sourceRef.namespace ?? own, name: sourceRef.name };
  }

  /** The snapshot that is restored, by `source.snapshot` or through a DataSource. */
  #snapshotSource(dataVolume: DataVolume): { namespace: string; name: string } | undefined {
    const own = dataVolume.metadata.namespace ?? "";
    const { source, sourceRef } = dataVolume.spec;
    if (source?.snapshot) return { namespace: source.snapshot.namespace ?? own, name: source.snapshot.name };
    if (!sourceRef) return undefined;
    const target = dataSourceTarget(this.#store, sourceRef.namespace ?? own, sourceRef.name);
    return target?.kind === "snapshot" ? target : undefined;
  }

  #sourceSize(dataVolume: DataVolume): string | undefined {
    const snapshot = this.#snapshotSource(dataVolume);
    if (snapshot)
      return this.#store.get(volumeSnapshotKind, snapshot.namespace, snapshot.name)?.status?.restoreSize;
    const source = this.#cloneSource(dataVolume);
    return source && this.#store.get(claimKind, source.namespace, source.name)?.status?.capacity?.storage;
  }

  async #fill(dataVolume: DataVolume, claim: PersistentVolumeClaim): Promise<Progress> {
    const volume = boundVolume(this.#store.raw, claim);
    if (volume === undefined) return { phase: "Pending", progress: "N/A" };
    const bytes = parseQuantity(claim.status?.capacity?.storage);
    const { source } = dataVolume.spec;
    // populated from outside: the provisioner filled it before it was bound
    if (claim.spec.dataSource ?? claim.spec.dataSourceRef) return { phase: "Succeeded", progress: "100.0%" };
    if (source?.upload) return this.#upload(claim);
    if (source?.blank) {
      if (!this.#context.images.get(volume)) await this.#context.images.createBlank(volume, bytes);
      return { phase: "Succeeded", progress: "100.0%" };
    }
    const snapshot = this.#snapshotSource(dataVolume);
    if (snapshot) return this.#restore(dataVolume, volume, bytes, snapshot);
    const clone = this.#cloneSource(dataVolume);
    if (clone) return this.#clone(dataVolume, volume, bytes, clone);
    return this.#importer.follow(dataVolume, claim, volume, bytes);
  }

  #upload(claim: PersistentVolumeClaim): Progress {
    const annotations = claim.metadata.annotations ?? {};
    switch (annotations[uploadStateAnnotation]) {
      case undefined:
        this.#store.modifyObject(claimKind, claim, (current) => ({
          ...current,
          metadata: {
            ...current.metadata,
            annotations: {
              ...current.metadata.annotations,
              [uploadStateAnnotation]: "ready",
              "cdi.kubevirt.io/storage.pod.phase": "Running",
              "cdi.kubevirt.io/storage.pod.ready": "true",
            },
          },
        }));
        return { phase: "UploadScheduled", progress: "N/A" };
      case "done":
        return { phase: "Succeeded", progress: "100.0%" };
      case "failed":
        return {
          phase: "UploadReady",
          progress: "N/A",
          error: annotations[uploadErrorAnnotation] ?? "Upload failed",
        };
      default:
        return { phase: "UploadReady", progress: annotations[uploadProgressAnnotation] ?? "N/A" };
    }
  }

  async #restore(
    dataVolume: DataVolume,
    volume: string,
    bytes: number,
    from: { namespace: string; name: string },
  ): Promise<Progress> {
    const snapshot = this.#store.get(volumeSnapshotKind, from.namespace, from.name);
    const data = snapshotData(this.#store, from.namespace, from.name);
    if (data === undefined || !this.#context.images.get(data.image)) {
      this.#requeue(dataVolume, sourceRetryMs);
      return {
        phase: "CloneScheduled",
        progress: "N/A",
        ...(!snapshot && { error: `Source snapshot ${from.namespace}/${from.name} not found` }),
      };
    }
    const sourceBytes = parseQuantity(data.restoreSize);
    if (bytes < sourceBytes) return this.#tooSmall(dataVolume, bytes, sourceBytes);
    if (!this.#context.images.get(volume)) {
      this.#report(dataVolume, undefined, { phase: "CloneFromSnapshotSourceInProgress", progress: "N/A" });
      await this.#context.images.clone(volume, data.image, bytes);
    }
    return { phase: "Succeeded", progress: "100.0%" };
  }

  #tooSmall(dataVolume: DataVolume, bytes: number, sourceBytes: number): Progress {
    const error = `target resources requests storage size is smaller than the source: ${binaryQuantity(bytes)} < ${binaryQuantity(sourceBytes)}`;
    this.#events.record(dataVolume, "Warning", "CloneValidationFailed", error);
    return { phase: "CloneScheduled", progress: "N/A", error };
  }

  async #clone(
    dataVolume: DataVolume,
    volume: string,
    bytes: number,
    from: { namespace: string; name: string },
  ): Promise<Progress> {
    const source = this.#store.get(claimKind, from.namespace, from.name);
    const sourceDataVolume = this.#store.get(dataVolumeKind, from.namespace, from.name);
    const sourceVolume = boundVolume(this.#store.raw, source);
    if (
      !source ||
      sourceVolume === undefined ||
      (sourceDataVolume && sourceDataVolume.status?.phase !== "Succeeded")
    ) {
      this.#requeue(dataVolume, sourceRetryMs);
      return {
        phase: "CloneScheduled",
        progress: "N/A",
        ...(!source && { error: `Source PVC ${from.namespace}/${from.name} not found` }),
      };
    }
    const sourceBytes = parseQuantity(source.status?.capacity?.storage);
    if (bytes < sourceBytes) return this.#tooSmall(dataVolume, bytes, sourceBytes);
    if (!this.#context.images.get(volume)) {
      this.#report(dataVolume, undefined, { phase: "CSICloneInProgress", progress: "N/A" });
      const content = await volumeImage(this.#store, this.#context.images, sourceVolume);
      if (content) await this.#context.images.clone(volume, sourceVolume, bytes);
      else await this.#context.images.createBlank(volume, bytes);
    }
    return { phase: "Succeeded", progress: "100.0%" };
  }

  #report(
    read: DataVolume,
    claim: PersistentVolumeClaim | undefined,
    { phase, progress, error, restartCount }: Progress,
  ): void {
    const now = timestamp(this.#context.clock.now());
    const bound = claim?.status?.phase === "Bound";
    const next = this.#store.modifyObject(dataVolumeKind, read, (current) => {
      let conditions = withCondition(
        current.status?.conditions,
        bound
          ? { type: "Bound", status: "True", reason: "Bound", message: `PVC ${read.metadata.name} Bound` }
          : {
              type: "Bound",
              status: "False",
              reason: "Pending",
              message: `PVC ${read.metadata.name} Pending`,
            },
        now,
      );
      const running = phase.endsWith("InProgress") || phase.startsWith("Upload");
      conditions = withCondition(
        conditions,
        error !== undefined
          ? { type: "Running", status: "False", reason: "Error", message: error }
          : {
              type: "Running",
              status: running ? "True" : "False",
              ...(phase === "Succeeded" && { reason: "Completed", message: "Complete" }),
            },
        now,
      );
      conditions = withCondition(
        conditions,
        { type: "Ready", status: phase === "Succeeded" ? "True" : "False" },
        now,
      );
      return {
        ...current,
        status: {
          ...current.status,
          claimName: read.metadata.name,
          phase,
          ...(progress !== undefined && { progress }),
          ...(restartCount !== undefined && { restartCount }),
          conditions,
        },
      };
    });
    if (next && read.status?.phase !== phase)
      this.#events.record(next, "Normal", phase, `DataVolume ${read.metadata.name} is ${phase}`);
  }
}
