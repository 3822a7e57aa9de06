/** What a disk's state, class and users let be done with it; rights apart. Pure. */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { DiskState } from "./disk-state.ts";
import { diskInUse } from "./disk-state.ts";
import { allowed, denied } from "./reasons.ts";
import type { DataVolumeRecord, SnapshotClassRecord, StorageClassRecord } from "./storage-records.ts";
import { isStuckDataVolume } from "./stuck-data-volume.ts";

export interface DiskFacts {
  name: string;
  state: DiskState;
  usedBy: readonly string[];
  seesMachines: boolean;
  image: string | null;
  storageClass: string;
}

const ready = ({ name, state }: DiskFacts): ActionDecision =>
  state.status === "deleting"
    ? denied("disk-is-deleting")
    : state.status === "ready"
      ? allowed
      : denied("disk-not-ready", { name });

export function mayDeleteDisk(disk: DiskFacts): ActionDecision {
  if (disk.state.status === "deleting") return denied("disk-is-deleting");
  if (disk.usedBy.length > 0) return { allowed: false, reason: diskInUse(disk.usedBy, disk.seesMachines) };
  return disk.image === null ? allowed : denied("disk-of-image", { image: disk.image });
}

/** Source: Kubernetes' PersistentVolumeClaimResize admission: bound, and a class that expands. */
export function mayResizeDisk(disk: DiskFacts, storageClass: StorageClassRecord | undefined): ActionDecision {
  const state = ready(disk);
  if (!state.allowed) return state;
  return storageClass?.expandable === true
    ? allowed
    : denied("disk-class-fixed", { storageClass: disk.storageClass });
}

/** `classes` null where the cluster serves no snapshots. */
export function maySnapshotDisk(
  disk: DiskFacts,
  storageClass: StorageClassRecord | undefined,
  classes: readonly SnapshotClassRecord[] | null,
): ActionDecision {
  if (classes === null) return denied("snapshots-absent");
  const state = ready(disk);
  if (!state.allowed) return state;
  return classes.some((one) => one.driver === storageClass?.provisioner)
    ? allowed
    : denied("storage-class-no-snapshots", { storageClass: disk.storageClass });
}

/**
 * A disk that waits for its first machine may be given to one: one that CDI fills then, or a claim that nothing but its use binds.
 * One that is being filled, failed, or has yet to be bound by its class at once is not ready for anybody.
 */
export function mayAttachDisk(disk: DiskFacts, storageClass: StorageClassRecord | undefined): ActionDecision {
  const free = mayDeleteDisk(disk);
  const waits =
    disk.state.status === "waiting-for-consumer" ||
    (disk.state.status === "pending" && storageClass?.bindingMode !== "Immediate");
  if (!free.allowed || waits) return free;
  return ready(disk);
}

/** After a failure only where CDI still waits for a file, or nothing stands in the way of its waiting. */
export function mayUploadDisk(disk: DiskFacts, dataVolume: DataVolumeRecord | undefined): ActionDecision {
  const { status } = disk.state;
  if (status === "deleting") return denied("disk-is-deleting");
  if (disk.image !== null) return denied("disk-of-image", { image: disk.image });
  if (status === "uploading") return denied("image-uploading");
  if (status === "waiting-for-consumer") return denied("disk-waiting-for-consumer");
  if (dataVolume?.source !== "upload") return denied("disk-takes-no-file");
  const received = dataVolume.phase === "UploadReady" || !isStuckDataVolume(dataVolume);
  // whoever sends it from elsewhere may have gone without a word; while he is there, the service takes no second
  const mayBeLeft = status === "filling" && dataVolume.phase === "UploadReady";
  return status === "awaiting-upload" || mayBeLeft || (status === "failed" && received)
    ? allowed
    : denied("disk-takes-no-file");
}

export const mayCloneDisk = ready;
