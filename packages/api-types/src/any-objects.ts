/** Objects of any kind that the cluster serves, known to the console or not: what kinds there are, their objects, one of them. */
import { z } from "zod";
import { warning } from "./list-query.ts";
import { noProject } from "./object-catalog.ts";
import { objectName } from "./objects.ts";
import { actionDecision } from "./reason.ts";
import { labelName, noun } from "./resource-ref.ts";

const dotted = z
  .string()
  .min(1)
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/);

/** `group` is `core` (object-catalog.ts) for Kubernetes' own group without a name. */
export const kindParams = z.object({ group: dotted, version: dotted, plural: dotted });
/** `project` is `_` for what lies in none. */
export const anyObjectParams = kindParams.extend({
  project: z.union([labelName, z.literal(noProject)]),
  name: objectName,
});

export const servedKind = z.object({
  /** '' for the core group. */
  group: z.string(),
  /** The one that the cluster prefers. */
  version: z.string(),
  kind: z.string(),
  plural: z.string(),
  namespaced: z.boolean(),
  verbs: z.array(z.enum(["get", "list", "update", "delete"])),
  /** Where the console has pages of its own for objects of this kind, their text among them; else null. */
  noun: noun.nullable(),
});
export type ServedKind = z.infer<typeof servedKind>;

export const kindsReply = z.object({
  kinds: z.array(servedKind),
  /** `group/version` of what the cluster knows of and could not tell more about, e.g. because its server is away. */
  unread: z.array(z.string()),
});

/** Without `project` those of all projects, for whom the cluster lets list them all. */
export const anyObjectsQuery = z.object({ project: labelName.optional() });

export const anyObjectsReply = z.object({
  kind: z.string(),
  namespaced: z.boolean(),
  objects: z.array(z.object({ project: z.string(), name: z.string(), createdAt: z.string() })),
  /** Among them that there are more. */
  warnings: z.array(warning),
});
export type AnyObjects = z.infer<typeof anyObjectsReply>;

export const anyObject = z.object({
  kind: z.string(),
  /** '' where it lies in none. */
  project: z.string(),
  name: z.string(),
  uid: z.string(),
  createdAt: z.string(),
  actions: z.object({ edit: actionDecision, delete: actionDecision }),
});
export type AnyObject = z.infer<typeof anyObject>;

/** The object that was looked at, so that nothing made anew under its name goes. */
export const anyDeleteQuery = z.object({ uid: z.string().min(1).max(100) });
