/** What the form of a new disk sends, and what the server says about it before it is made. */
import { z } from "zod";
import { registrySource, urlSource } from "./import-source.ts";
import { quotaLine } from "./quota-line.ts";
import { labelName, resourceName } from "./resource-ref.ts";
import { preflightCheck } from "./vm-create.ts";

export const diskSource = z.strictObject({
  kind: z.literal("disk"),
  project: labelName,
  name: resourceName,
});

export const diskSourceSpec = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("blank") }),
  /** The file then goes as the raw body of `PUT uploadDisk`. */
  z.strictObject({ kind: z.literal("upload"), fileSizeBytes: z.number().int().min(1) }),
  z.strictObject({ kind: z.literal("image"), project: labelName, name: resourceName }),
  urlSource,
  registrySource,
  diskSource,
  z.strictObject({ kind: z.literal("snapshot"), name: resourceName }),
]);
export type DiskSourceSpec = z.infer<typeof diskSourceSpec>;

export const diskCreate = z.strictObject({
  name: labelName,
  source: diskSourceSpec,
  sizeBytes: z
    .number()
    .int()
    .min(1024 ** 2)
    .max(1024 ** 5),
  /** '' takes the cluster's default class for machines. */
  storageClass: z.string().max(253).default(""),
  /** '' leaves it to the storage profile. */
  accessMode: z.enum(["", "ReadWriteOnce", "ReadWriteMany", "ReadOnlyMany"]).default(""),
  volumeMode: z.enum(["", "Block", "Filesystem"]).default(""),
  /** Makes the volume now, though its class would wait for the first machine that uses it. */
  bindNow: z.boolean().default(false),
});
export type DiskCreate = z.infer<typeof diskCreate>;
export type DiskCreateInput = z.input<typeof diskCreate>;

export const diskPreview = z.object({
  yaml: z.string(),
  kubectl: z.string(),
  checks: z.array(preflightCheck),
  /** Quota lines that the disk counts against, before it is made; empty where there are none or they are not visible. */
  quota: z.array(quotaLine),
  /** True when no check is blocking. */
  creatable: z.boolean(),
});
export type DiskPreview = z.infer<typeof diskPreview>;

export const diskCreated = z.object({ project: z.string(), name: z.string() });
