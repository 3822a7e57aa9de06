/** How an image is: its DataSource, and the DataVolume and claim behind it. Pure. */
import type { Reason, Tone } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";
import type { ClaimRecord, DataVolumeRecord, ImageRecord } from "./storage-records.ts";
import { isStuckDataVolume } from "./stuck-data-volume.ts";
import type { RunningUpload } from "./upload-state.ts";
import { awaitsFile, uploadState } from "./upload-state.ts";

export type ImageStatus =
  | "ready"
  | "awaiting-upload"
  | "uploading"
  | "importing"
  | "preparing"
  | "failed"
  | "deleting";

export interface ImageState {
  status: ImageStatus;
  tone: Tone;
  reason?: Reason;
  progressPercent: number | null;
}

const importing = new Set(["ImportScheduled", "ImportInProgress"]);

function failed(reason: Reason): ImageState {
  return { status: "failed", tone: "error", reason, progressPercent: null };
}

export function imageState(
  image: ImageRecord,
  dataVolume: DataVolumeRecord | undefined,
  claim: ClaimRecord | undefined,
  upload: RunningUpload | undefined,
): ImageState {
  if (image.deletion !== null) return { status: "deleting", tone: "working", progressPercent: null };
  const settled = { progressPercent: null } as const;
  if (dataVolume !== undefined && dataVolume.phase !== "Succeeded") {
    if (awaitsFile(dataVolume, upload)) return uploadState(dataVolume, upload);
    if (isStuckDataVolume(dataVolume)) {
      const code = dataVolume.source === "upload" ? "disk-fill-failed" : "image-import-failed";
      return failed(reasonOf(code, undefined, dataVolume.running?.message));
    }
    const status = importing.has(dataVolume.phase) ? "importing" : "preparing";
    return { status, tone: "working", progressPercent: dataVolume.progressPercent };
  }
  if (image.ready?.status === "True") return { status: "ready", tone: "ok", ...settled };
  if (
    claim?.phase === "Bound" ||
    (dataVolume === undefined && image.snapshotName !== "" && image.ready === null)
  )
    return { status: "ready", tone: "ok", ...settled };
  // what lies in another project is known by what the image itself says of it
  const silent = image.claimNamespace !== image.namespace && image.ready === null;
  if (dataVolume === undefined && claim === undefined && !silent)
    return failed(reasonOf("image-source-missing", undefined, image.ready?.message));
  return { status: "preparing", tone: "working", ...settled };
}
