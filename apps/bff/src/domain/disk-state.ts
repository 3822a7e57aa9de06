/** How a disk is: its claim and the DataVolume that fills it. Pure. */
import type { Reason, Tone } from "@kubev/api-types/reason";
import { deletionReason } from "./deletion.ts";
import { reasonOf } from "./reasons.ts";
import type { ClaimRecord, DataVolumeRecord } from "./storage-records.ts";
import { isStuckDataVolume } from "./stuck-data-volume.ts";
import type { RunningUpload } from "./upload-state.ts";
import { awaitsFile, uploadState } from "./upload-state.ts";

export interface DiskState {
  status:
    | "ready"
    | "pending"
    | "waiting-for-consumer"
    | "awaiting-upload"
    | "uploading"
    | "filling"
    | "failed"
    | "lost"
    | "deleting";
  tone: Tone;
  reason?: Reason;
}

/** Who uses a disk is told only to somebody who may see machines there. */
export function diskInUse(usedBy: readonly string[], seesMachines: boolean): Reason {
  return reasonOf("disk-in-use", seesMachines ? { by: usedBy.join(", ") } : {});
}

const waiting = new Set(["WaitForFirstConsumer", "PendingPopulation"]);

export function diskState(
  claim: ClaimRecord | undefined,
  dataVolume: DataVolumeRecord | undefined,
  upload?: RunningUpload,
): DiskState {
  if (claim?.deletion != null || dataVolume?.deletion != null)
    return {
      status: "deleting",
      tone: "working",
      reason: deletionReason(claim?.deletion ?? dataVolume?.deletion) ?? reasonOf("disk-is-deleting"),
    };
  if (claim?.phase === "Lost") return { status: "lost", tone: "error", reason: reasonOf("disk-lost") };
  if (dataVolume !== undefined && dataVolume.phase !== "Succeeded") {
    // what is being sent by others than this console only its progress tells
    const sentElsewhere =
      upload === undefined && dataVolume.uploadCut === "" && (dataVolume.progressPercent ?? 0) > 0;
    const waits = waiting.has(dataVolume.phase) && upload === undefined;
    if (awaitsFile(dataVolume, upload) && !sentElsewhere && !waits) {
      const { status, tone, reason } = uploadState(dataVolume, upload);
      return { status, tone, reason };
    }
    if (isStuckDataVolume(dataVolume))
      return {
        status: "failed",
        tone: "error",
        reason: reasonOf("disk-fill-failed", undefined, dataVolume.running?.message),
      };
    if (waiting.has(dataVolume.phase))
      return {
        status: "waiting-for-consumer",
        tone: "working",
        reason: reasonOf("disk-waiting-for-consumer"),
      };
    return { status: "filling", tone: "working" };
  }
  if (claim?.phase === "Bound") return { status: "ready", tone: "ok" };
  return { status: "pending", tone: "working", reason: reasonOf("disk-pending") };
}
