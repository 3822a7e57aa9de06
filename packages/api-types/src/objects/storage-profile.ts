/** StorageProfile of CDI: what disks on a storage class are like when a machine's form does not say. */
import { z } from "zod";
import { resourceName } from "../resource-ref.ts";

const accessMode = z.enum(["ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"]);
const volumeMode = z.enum(["Block", "Filesystem"]);
const cloneStrategy = z.enum(["copy", "snapshot", "csi-clone"]);

export const storageProfile = {
  facts: z.object({
    provisioner: z.string(),
    /** `ReadWriteMany Block` and the like, the first being what disks get by default. */
    modes: z.array(z.string()),
    /** Whether somebody set them; else CDI detected them by the provisioner. */
    areModesSet: z.boolean(),
    /** `copy`, `snapshot` or `csi-clone`; '' where CDI does not say. */
    cloneStrategy: z.string(),
    isCloneStrategySet: z.boolean(),
    /** `pvc` or `snapshot`: as what scheduled imports are kept; '' is `pvc`. */
    importFormat: z.string(),
  }),
  detail: z.object({
    /** '' where CDI chooses one by the provisioner. */
    snapshotClass: z.string(),
    /** Whether the class that it describes is there. */
    hasClass: z.boolean(),
  }),
  spec: z.strictObject({
    /** The storage class that it describes. */
    name: resourceName,
    /** Empty leaves them to what CDI detects. */
    modes: z.array(z.strictObject({ accessMode, volumeMode })).max(8).default([]),
    /** '' leaves it to what CDI detects. */
    cloneStrategy: z.union([z.literal(""), cloneStrategy]).default(""),
  }),
};
