/**
 * Equal sets of fields as one: machines of one form have the same managers with the same fields, and ten thousand copies
 * of what those own would take more memory than the machines.
 */
import type { FieldSet } from "./field-set.ts";
import type { KubeObject } from "./kube-object.ts";
import { entriesOf } from "./managed-fields.ts";

/** Beyond it the longest unused sets are forgotten: an equal one that comes later is another copy. */
const MOST_SETS = 4096;

/** By their JSON, the longest unused first. */
const known = new Map<string, FieldSet>();
const alreadyShared = new WeakSet<FieldSet>();

function shared(set: FieldSet): FieldSet {
  if (alreadyShared.has(set)) return set;
  const text = JSON.stringify(set);
  const equal = known.get(text) ?? set;
  alreadyShared.add(equal);
  known.delete(text);
  known.set(text, equal);
  if (known.size > MOST_SETS) {
    const [longestUnused] = known.keys();
    if (longestUnused !== undefined) known.delete(longestUnused);
  }
  return equal;
}

/** Lets an object that nobody has seen yet hold its managers' sets in common with others; from now on none may be changed. */
export function shareFieldSets(object: KubeObject): void {
  for (const entry of entriesOf(object))
    if (entry.fieldsV1 !== undefined) entry.fieldsV1 = shared(entry.fieldsV1);
}
