/** Content that the cluster fetches from outside: for a disk, an image or the first disk of a machine. */
import { z } from "zod";

export const urlSource = z.strictObject({
  kind: z.literal("url"),
  url: z.string().min(1).max(2000),
  /** `sha256:…`, or '' for none. */
  checksum: z.string().max(200).default(""),
});
/** A container disk; `url` is `docker://host/image:tag`. */
export const registrySource = z.strictObject({
  kind: z.literal("registry"),
  url: z.string().min(1).max(2000),
});
