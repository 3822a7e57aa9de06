/** VolumeSnapshot of the CSI snapshotter: what a disk held at one moment. */
import { z } from "zod";
import { labelName, resourceName } from "../resource-ref.ts";

export const volumeSnapshot = {
  facts: z.object({
    /** '' for one that was bound to a snapshot of the storage by hand. */
    disk: z.string(),
    /** Whether that disk is still there. */
    diskKnown: z.boolean(),
    snapshotClass: z.string(),
    restoreBytes: z.number(),
    takenAt: z.string(),
  }),
  detail: z.object({ content: z.string(), error: z.string(), errorAt: z.string() }),
  spec: z.strictObject({
    name: labelName,
    disk: resourceName,
    /** '' takes the default class of the disk's driver, or its only one. */
    snapshotClass: z.string().max(253).default(""),
  }),
};
