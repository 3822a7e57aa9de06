/** Whether a DataVolume cannot be filled: CDI gave it up, or keeps trying something that only a person can mend. */
import type { DataVolumeRecord } from "./storage-records.ts";

/** Reasons of the condition `Running` that do not pass by themselves. */
const stuckReasons = new Set(["Error", "ImagePullFailed", "Unschedulable"]);

export function isStuckDataVolume({ phase, running }: DataVolumeRecord): boolean {
  return phase === "Failed" || (running?.status === "False" && stuckReasons.has(running.reason));
}
