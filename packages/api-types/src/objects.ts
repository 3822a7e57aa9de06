/** Catalogued nouns on the wire: one set of operations for all of object-catalog.ts. */
import { z } from "zod";
import { fieldConflict, fieldError } from "./errors.ts";
import { listOf } from "./list-query.ts";
import { noProject, objectNouns, type ObjectNoun } from "./object-catalog.ts";
import type { DetailOf, FactsOf, SpecOf } from "./object-shapes.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { labelName, resourceRef } from "./resource-ref.ts";

export const objectNoun = z.enum(objectNouns);
export const objectNounParams = z.object({ noun: objectNoun });
const project = z.union([labelName, z.literal(noProject)]);
/** `project` is `_` for what lies in none. */
export const objectPlace = z.object({ noun: objectNoun, project });
/**
 * Some kinds' names may hold whatever a segment of a path may (RBAC): apimachinery's IsValidPathSegmentName, without what the
 * server's kube-path.ts refuses besides.
 */
export const objectName = z
  .string()
  .min(1)
  .max(253)
  .regex(/^(?!\.+$)[^/%\\\p{Cc}\p{Cs}]+$/u);
export const objectParams = objectPlace.extend({ name: objectName });

export const objectState = z.object({
  /** A word of this noun, e.g. `ready`; the browser has its words. */
  status: z.string(),
  tone,
  reason: reason.optional(),
});
export type ObjectState = z.infer<typeof objectState>;

export const objectRow = z.object({
  ref: resourceRef,
  name: z.string(),
  /** '' where it lies in no project. */
  project: z.string(),
  state: objectState,
  /** Of the noun's own shape: object-shapes.ts. */
  facts: z.record(z.string(), z.unknown()),
  labels: z.record(z.string(), z.string()),
  createdAt: z.string(),
  actions: z.object({ edit: actionDecision, delete: actionDecision }),
});
export const objectList = listOf(objectRow);
export type ObjectRow<N extends ObjectNoun = ObjectNoun> = Omit<z.infer<typeof objectRow>, "facts"> & {
  facts: FactsOf<N>;
};

export const objectDetail = z.object({
  row: objectRow,
  /** Facts to know first. */
  notes: z.array(reason),
  /** Of the noun's own shape: object-shapes.ts. */
  detail: z.record(z.string(), z.unknown()),
  /** What the form would hold; null where the noun has no form, or the object holds more than the form can say. */
  spec: z.record(z.string(), z.unknown()).nullable(),
  /** Of the object as read. '' where the caller may see it only reduced, without text and events. */
  resourceVersion: z.string(),
});
export interface ObjectDetail<N extends ObjectNoun = ObjectNoun> {
  row: ObjectRow<N>;
  notes: z.infer<typeof reason>[];
  detail: DetailOf<N>;
  spec: SpecOf<N> | null;
  resourceVersion: string;
}

/** A form's content; checked against the noun's own shape, so that errors name the form's fields. */
export const objectDraft = z.strictObject({
  spec: z.record(z.string(), z.unknown()),
  /**
   * Needed when an object is changed: what the form held when the person began. The object is stored anew all the time
   * by controllers; only a field that both the person and somebody else changed since then is a conflict.
   */
  was: z.record(z.string(), z.unknown()).optional(),
});
export const objectPreview = z.object({
  /** True when the cluster's own dry run took it and no rule of ours refuses. */
  ok: z.boolean(),
  fields: z.array(fieldError),
  notes: z.array(reason),
  /** What would be stored; for a change, the whole object. */
  yaml: z.string(),
  warnings: z.array(z.string()),
  /** Fields that somebody else changed meanwhile too; to keep yours, say theirs in `was`. */
  conflicts: z.array(fieldConflict).optional(),
});
export type ObjectPreview = z.infer<typeof objectPreview>;

export const objectNounsQuery = z.object({ project: labelName.optional() });
/** The catalogued nouns that the cluster serves and this person may list, over the platform or in one project. */
export const objectNounsReply = z.object({
  nouns: z.array(objectNoun),
  /** Whether the project's secrets may be listed, which no catalogue holds; false without a project. */
  secrets: z.boolean(),
});
export type ObjectNounsReply = z.infer<typeof objectNounsReply>;
/** What this person may do with a noun as such, over the platform or in one project. */
export const objectNounReply = z.object({ list: actionDecision, create: actionDecision });
