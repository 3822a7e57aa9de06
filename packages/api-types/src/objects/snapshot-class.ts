/** VolumeSnapshotClass of the CSI snapshotter. */
import { z } from "zod";

export const snapshotClass = {
  facts: z.object({ driver: z.string(), deletionPolicy: z.string(), isDefault: z.boolean() }),
  detail: z.object({
    parameters: z.record(z.string(), z.string()),
    /** Storage classes whose disks it snapshots. */
    storageClasses: z.array(z.string()),
  }),
  spec: null,
};
