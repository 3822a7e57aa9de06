/** How something is that waits for a file from the browser, by its DataVolume and the upload that runs now. Pure. */
import type { Reason, Tone } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";
import type { DataVolumeRecord } from "./storage-records.ts";
import { isStuckDataVolume } from "./stuck-data-volume.ts";
import type { NeededRight } from "./vm-actions.ts";

/** What CDI's upload proxy asks for, of an image and of a disk alike. */
export const uploadRight = {
  verb: "create",
  group: "upload.cdi.kubevirt.io",
  resource: "uploadtokenrequests",
  subresource: "",
} as const satisfies NeededRight;

/** An upload that runs through this server now. */
export interface RunningUpload {
  receivedBytes: number;
  totalBytes: number;
}

interface UploadState {
  status: "awaiting-upload" | "uploading" | "failed";
  tone: Tone;
  reason: Reason;
  progressPercent: number | null;
}

function failed(reason: Reason): UploadState {
  return { status: "failed", tone: "error", reason, progressPercent: null };
}

/** Whether only its file is missing; not so where CDI cannot take one. */
export function awaitsFile(dataVolume: DataVolumeRecord, upload: RunningUpload | undefined): boolean {
  if (dataVolume.source !== "upload" || dataVolume.phase === "Failed") return false;
  // a file that is being sent, or broke off, is told first
  return upload !== undefined || dataVolume.uploadCut !== "" || !isStuckDataVolume(dataVolume);
}

export function uploadState(dataVolume: DataVolumeRecord, upload: RunningUpload | undefined): UploadState {
  if (upload !== undefined)
    return {
      status: "uploading",
      tone: "working",
      reason: reasonOf("image-uploading"),
      progressPercent:
        upload.totalBytes === 0 ? null : Math.floor((1000 * upload.receivedBytes) / upload.totalBytes) / 10,
    };
  const cut = /^(\d+)\/(\d+)$/.exec(dataVolume.uploadCut);
  if (cut !== null)
    return failed(reasonOf("image-upload-cut", { received: Number(cut[1]), expected: Number(cut[2]) }));
  const unlike = /^unlike:(.*)$/.exec(dataVolume.uploadCut);
  if (unlike !== null) return failed(reasonOf("image-file-unlike", { looks: unlike[1] ?? "" }));
  if (dataVolume.uploadCut !== "")
    return failed(reasonOf("image-upload-refused", undefined, dataVolume.uploadCut));
  return {
    status: "awaiting-upload",
    tone: "attention",
    reason: reasonOf("image-awaiting-upload"),
    progressPercent: null,
  };
}
