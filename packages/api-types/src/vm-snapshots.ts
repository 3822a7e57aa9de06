/** Snapshots of one machine, what is restored from them, and copies of the machine. */
import { z } from "zod";
import { actionDecision, reason } from "./reason.ts";
import { labelName } from "./resource-ref.ts";

export const vmSnapshotRow = z.object({
  name: z.string(),
  uid: z.string(),
  createdAt: z.string(),
  /** When the machine was as the snapshot has it; null until it is complete. */
  takenAt: z.string().nullable(),
  state: z.enum(["taking", "ready", "failed", "deleting"]),
  /** The cluster's words of a failure; '' otherwise. */
  message: z.string(),
  /** KubeVirt's own marks: Online, GuestAgent, NoGuestAgent, QuiesceTimeout, Paused, PartialSnapshot. */
  indications: z.array(z.string()),
  /** Names of the machine's volumes. */
  included: z.array(z.string()),
  excluded: z.array(z.string()),
  restore: actionDecision,
  restoreToNew: actionDecision,
  delete: actionDecision,
});
export type VmSnapshotRow = z.infer<typeof vmSnapshotRow>;

/** A restore or a clone: under way, or ended and still kept by the cluster. */
export const vmCopy = z.object({
  kind: z.enum(["restore", "clone"]),
  name: z.string(),
  uid: z.string(),
  /** The snapshot or machine it is made of. */
  source: z.string(),
  target: z.string(),
  state: z.enum(["running", "done", "failed"]),
  /** The step, or the failure, in the cluster's words. */
  message: z.string(),
  startedAt: z.string(),
});
export type VmCopy = z.infer<typeof vmCopy>;

export const vmSnapshots = z.object({
  snapshots: z.array(vmSnapshotRow),
  /** Newest first, at most twenty. */
  copies: z.array(vmCopy),
  take: actionDecision,
  clone: actionDecision,
  /** What to know before one is taken. */
  notes: z.array(reason),
  running: z.boolean(),
});
export type VmSnapshots = z.infer<typeof vmSnapshots>;

export const vmSnapshotTake = z.strictObject({ name: labelName });
export type VmSnapshotTake = z.infer<typeof vmSnapshotTake>;

export const vmSnapshotRestore = z.strictObject({
  /** Stops the machine for it when it runs; without, a running machine is a refusal. Of no effect beside `target`. */
  stop: z.boolean().default(false),
  /** A new machine of this name; left out, the machine itself goes back. */
  target: labelName.optional(),
  /** Starts the new machine at once. */
  start: z.boolean().default(false),
});
export type VmSnapshotRestore = z.input<typeof vmSnapshotRestore>;

export const vmCloneRequest = z.strictObject({ name: labelName, start: z.boolean().default(false) });
export type VmCloneRequest = z.input<typeof vmCloneRequest>;

/** The object that does it, and the machine that comes of it. */
export const vmCopyStarted = z.object({ name: z.string(), target: z.string() });
export type VmCopyStarted = z.infer<typeof vmCopyStarted>;
