/** One image: how it is and why, what it is made of and what holds it, and what was made of it. */
import { z } from "zod";
import { condition } from "./conditions.ts";
import { diskCause, diskFilling } from "./disk-detail.ts";
import { imageRow } from "./images.ts";

/** How many are named of those that were made of one image. */
export const maxMadeOfImage = 50;

/** What the caller may see of it: all of it counted, the first by name named. */
const madeOf = z.object({
  total: z.number().int(),
  named: z.array(z.object({ project: z.string(), name: z.string() })),
});

export const imageDetail = z.object({
  row: imageRow,
  /** What the cluster says of an image that is not ready, verbatim; the nearest cause comes first. */
  causes: z.array(diskCause),
  /** Null where that is not known, or not the caller's to know. */
  source: diskFilling,
  /** The disk or volume snapshot that machines get their copies of; null while its DataSource names none. */
  held: z
    .object({
      kind: z.enum(["disk", "snapshot"]),
      project: z.string(),
      name: z.string(),
      /** Whether the caller may see it. */
      shown: z.boolean(),
    })
    .nullable(),
  /** As CDI names it: `kubevirt` for a disk, `archive` for files; '' where not known. */
  contentType: z.string(),
  /** '' where not known. */
  volumeMode: z.string(),
  accessModes: z.array(z.string()),
  conditions: z.array(condition),
  /** The scheduled import that keeps it, by name, or null. */
  schedule: z.string().nullable(),
  machines: madeOf,
  disks: madeOf,
});
export type ImageDetail = z.infer<typeof imageDetail>;
