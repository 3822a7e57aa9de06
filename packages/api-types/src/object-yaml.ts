/** The YAML of one object: raw Kubernetes reaches the browser only as this text. */
import { z } from "zod";
import { fieldError } from "./errors.ts";
import { labelName, resourceRef } from "./resource-ref.ts";

export const yamlReply = z.object({
  yaml: z.string(),
  resourceVersion: z.string(),
  /** Values hidden because they are secret; they are kept as they are on save. */
  masked: z.array(z.string()),
});
export type YamlReply = z.infer<typeof yamlReply>;

/** `resourceVersion` is that of the text the person edited; a newer one answers 409 with `current`. */
export const yamlWrite = z.strictObject({ yaml: z.string().max(1_000_000), resourceVersion: z.string() });
export type YamlWrite = z.infer<typeof yamlWrite>;

/** The server's dry run: what would be stored, and what is wrong with it. */
export const yamlCheck = z.object({
  ok: z.boolean(),
  problems: z.array(fieldError.extend({ line: z.number().int().optional() })),
  /** The object as the cluster would store it. */
  result: z.string().optional(),
  warnings: z.array(z.string()),
});
export type YamlCheck = z.infer<typeof yamlCheck>;

/** A new object of any kind that the cluster serves. Without `project` its own metadata says where it lies. */
export const newText = z.strictObject({
  yaml: z.string().min(1).max(1_000_000),
  project: labelName.optional(),
});

export const newTextMade = z.object({
  kind: z.string(),
  /** What it is in the cluster's URLs; `group` is '' for the core group. */
  type: z.object({ group: z.string(), version: z.string(), plural: z.string() }),
  project: z.string(),
  name: z.string(),
  /** Where the console has a page for it. */
  ref: resourceRef.nullable(),
});
