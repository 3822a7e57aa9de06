/** The words and tones of a disk's states. */
import type { DiskRow } from "@kubev/api-types/disks";
import type { StatusTone } from "../ui/Status.tsx";

type DiskState = DiskRow["state"]["status"];

export const diskStateWords: Record<DiskState, string> = {
  ready: "Ready",
  pending: "Pending",
  "waiting-for-consumer": "Waiting for its machine",
  "awaiting-upload": "Waiting for its file",
  uploading: "Uploading",
  filling: "Filling",
  failed: "Failed",
  lost: "Lost",
  deleting: "Deleting",
};

export const diskStateTones: Record<DiskState, StatusTone> = {
  ready: "ok",
  pending: "working",
  "waiting-for-consumer": "working",
  "awaiting-upload": "attention",
  uploading: "working",
  filling: "working",
  failed: "error",
  lost: "error",
  deleting: "working",
};
