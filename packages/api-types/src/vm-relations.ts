/** What a machine needs, and what needs it. */
import { z } from "zod";
import { warning } from "./list-query.ts";
import { tone } from "./reason.ts";

export const relatedKind = z.enum([
  "instance-type",
  "preference",
  "disk",
  "image",
  "secret",
  "subnet",
  "vpc",
  "network-attachment",
  "host",
  "snapshot",
  "service",
]);
export type RelatedKind = z.infer<typeof relatedKind>;

const relatedLeaf = z.object({
  kind: relatedKind,
  name: z.string(),
  /** Where it lies; '' for what lies in no project. */
  project: z.string(),
  /** `missing`: the machine names it and it is not there. `unknown`: the caller may not see such things. `failing`: its part of the cluster does not answer. */
  presence: z.enum(["there", "missing", "unknown", "failing"]),
  /** Its state in the cluster's or the noun's own word; '' where it has none. */
  state: z.string(),
  tone,
});

/** One thing, and what it needs in turn: a disk its image, a subnet its VPC. */
export const vmRelated = relatedLeaf.extend({ needs: z.array(relatedLeaf) });
export type VmRelated = z.infer<typeof vmRelated>;

export const vmRelations = z.object({
  needs: z.array(vmRelated),
  neededBy: z.array(vmRelated),
  /** What could not be looked at, so that more may need it. */
  warnings: z.array(warning),
});
export type VmRelations = z.infer<typeof vmRelations>;
