/**
 * Parts that an object has even where nobody gave them: a Go struct that is no pointer is written as `{}`. The API server
 * decodes built-in kinds into such structs; of Kube-OVN's kinds its controller writes them back, with the finalizer it adds to each.
 */
import { builtinModel, builtinModelName } from "../schema/builtin-schema.ts";
import type { Kind } from "../schema/kind.ts";

const none: readonly string[] = [];
const known = new WeakMap<Kind, readonly string[]>();

function partsOf(kind: Kind): readonly string[] {
  if (kind.custom) return kind.group === "kubeovn.io" ? ["spec"] : none;
  let parts = known.get(kind);
  if (parts === undefined) {
    const { properties } = builtinModel(builtinModelName(kind, kind.storageVersion)) ?? {};
    parts = ["spec", "status"].filter((part) => properties?.[part]?.$ref !== undefined);
    known.set(kind, parts);
  }
  return parts;
}

/** Those that `content` lacks. */
export function emptyParts(kind: Kind, content: Record<string, unknown>): Record<string, unknown> {
  const parts: Record<string, unknown> = {};
  for (const part of partsOf(kind)) if (content[part] === undefined) parts[part] = {};
  return parts;
}
