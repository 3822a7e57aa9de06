/** Disks: a PersistentVolumeClaim and the DataVolume that fills it, as one noun. */
import { z } from "zod";
import { listOf } from "./list-query.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { resourceRef } from "./resource-ref.ts";

export const diskRow = z.object({
  ref: resourceRef,
  name: z.string(),
  project: z.string(),
  state: z.object({
    status: z.enum([
      "ready",
      "pending",
      "waiting-for-consumer",
      "awaiting-upload",
      "uploading",
      "filling",
      "failed",
      "lost",
      "deleting",
    ]),
    tone,
    reason: reason.optional(),
  }),
  progressPercent: z.number().nullable(),
  sizeBytes: z.number().nullable(),
  storageClass: z.string(),
  accessModes: z.array(z.string()),
  volumeMode: z.string(),
  usedBy: z.array(z.string()),
  image: z.string().optional(),
  createdAt: z.string(),
  actions: z.object({
    /** Of its text. */
    edit: actionDecision,
    delete: actionDecision,
    resize: actionDecision,
    snapshot: actionDecision,
    clone: actionDecision,
    attach: actionDecision,
    /** Of the file that it waits for. */
    upload: actionDecision,
  }),
});
export type DiskRow = z.infer<typeof diskRow>;
export const diskList = listOf(diskRow);
export type DiskList = z.infer<typeof diskList>;
export const diskSortKeys = ["name", "project", "status", "size", "storageClass", "created"] as const;

export const storageClassChoice = z.object({
  name: z.string(),
  provisioner: z.string(),
  isDefault: z.boolean(),
  isDefaultForMachines: z.boolean(),
  bindingMode: z.enum(["Immediate", "WaitForFirstConsumer"]),
  expandable: z.boolean(),
  /** From its StorageProfile. */
  accessModes: z.array(z.string()),
  volumeMode: z.string(),
  snapshots: z.boolean(),
  /** How CDI copies disks on it: `copy`, `snapshot` or `csi-clone`; '' where it does not say. */
  cloneStrategy: z.string(),
  /** Why it cannot hold a machine's disk, e.g. no StorageProfile. */
  reason: reason.optional(),
});
export type StorageClassChoice = z.infer<typeof storageClassChoice>;

/** A mark that is given is taken from every other class; there is one default for each at most. */
export const storageClassMarks = z.strictObject({
  /** For claims that name no class. */
  containers: z.boolean(),
  /** For machines' disks that name no class. */
  machines: z.boolean(),
});
export type StorageClassMarks = z.infer<typeof storageClassMarks>;
