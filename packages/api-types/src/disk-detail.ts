/** One disk: how it is and why, what it is made of, who uses it, and what would go with it. */
import { z } from "zod";
import { condition } from "./conditions.ts";
import { diskRow, storageClassChoice } from "./disks.ts";

/** What the cluster says of a disk that is not ready, verbatim; the nearest cause comes first. */
export const diskCause = z.object({
  /** Kind of the object that says so, e.g. Pod. */
  kind: z.string(),
  name: z.string(),
  reason: z.string(),
  message: z.string(),
});
export type DiskCause = z.infer<typeof diskCause>;

/** What filled a disk, and from where: a URL, `project/name`, or a name. Null for a claim that nothing fills. */
export const diskFilling = z
  .object({
    kind: z.enum(["blank", "upload", "url", "registry", "disk", "image", "snapshot", "other"]),
    from: z.string(),
  })
  .nullable();
export type DiskFilling = z.infer<typeof diskFilling>;

export const diskDetail = z.object({
  row: diskRow,
  causes: z.array(diskCause),
  source: diskFilling,
  dataVolume: z
    .object({ phase: z.string(), restarts: z.number().int(), conditions: z.array(condition) })
    .nullable(),
  claim: z
    .object({
      phase: z.string(),
      requestBytes: z.number(),
      capacityBytes: z.number(),
      volumeName: z.string(),
      conditions: z.array(condition),
    })
    .nullable(),
  /** Null while there is none, or where the caller may not read volumes. */
  volume: z
    .object({ phase: z.string(), driver: z.string(), handle: z.string(), reclaimPolicy: z.string() })
    .nullable(),
  storageClass: storageClassChoice.nullable(),
  /** Machines of the project whose disk it is; empty where the caller may not see them. */
  machines: z.array(z.object({ name: z.string(), running: z.boolean() })),
  images: z.array(z.object({ project: z.string(), name: z.string() })),
  snapshots: z.array(z.object({ name: z.string(), ready: z.boolean(), restoreBytes: z.number() })),
  /** What is deleted with it. */
  goes: z.array(z.object({ kind: z.string(), name: z.string() })),
  /** When what uses it sees a larger size: at once, after a restart of the machine, or when it is next mounted. */
  growthSeen: z.enum(["at-once", "after-restart", "when-mounted"]),
});
export type DiskDetail = z.infer<typeof diskDetail>;

export const diskResize = z.strictObject({
  sizeBytes: z
    .number()
    .int()
    .min(1024 ** 2),
});
