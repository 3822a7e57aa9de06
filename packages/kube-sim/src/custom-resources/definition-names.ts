/** Whether the names of a definition are free in its group, as apiextensions' naming controller decides. */
import type { Kind } from "../schema/kind.ts";
import type { Definition, DefinitionCondition, DefinitionNames } from "./definition.ts";

interface Taken {
  resources: Set<string>;
  kinds: Set<string>;
}

/** What other definitions of the group, and kinds that are no custom ones, go by. */
export function takenNames(
  definition: Definition,
  definitions: readonly Definition[],
  kinds: readonly Kind[],
): Taken {
  const resources = new Set<string>();
  const types = new Set<string>();
  const { group } = definition.spec;
  for (const other of definitions) {
    if (other.spec.group !== group || other.metadata.name === definition.metadata.name) continue;
    const { plural, singular, shortNames = [], kind, listKind } = other.status?.acceptedNames ?? {};
    for (const name of [plural, singular, ...shortNames]) if (name) resources.add(name);
    for (const name of [kind, listKind]) if (name) types.add(name);
  }
  for (const kind of kinds) {
    if (kind.custom || kind.group !== group) continue;
    for (const name of [kind.resource, kind.singular, ...kind.shortNames]) resources.add(name);
    types.add(kind.kind).add(`${kind.kind}List`);
  }
  return { resources, kinds: types };
}

/** The names that are accepted now, and the condition that says whether all are. */
export function acceptNames(
  definition: Definition,
  taken: Taken,
  now: string,
): { names: DefinitionNames; condition: DefinitionCondition } {
  const wanted = definition.spec.names;
  const names: DefinitionNames = { plural: "", kind: "", ...definition.status?.acceptedNames };
  let fault: { reason: string; message: string } | undefined;
  const isFree = (name: string, accepted: string | undefined, used: Set<string>, reason: string): boolean => {
    if (name === accepted || !used.has(name)) return true;
    fault = { reason, message: `${JSON.stringify(name)} is already in use` };
    return false;
  };
  if (isFree(wanted.plural, names.plural, taken.resources, "PluralConflict")) names.plural = wanted.plural;
  const { singular = "", listKind = "", shortNames = [], categories } = wanted;
  if (isFree(singular, names.singular, taken.resources, "SingularConflict")) names.singular = singular;
  const used = shortNames.filter((name) => !names.shortNames?.includes(name) && taken.resources.has(name));
  if (used.length === 0) {
    if (shortNames.length > 0) names.shortNames = shortNames;
    else delete names.shortNames;
  } else {
    const messages = used.map((name) => `${JSON.stringify(name)} is already in use`);
    fault = {
      reason: "ShortNamesConflict",
      message: messages.length === 1 ? (messages[0] ?? "") : `[${messages.join(", ")}]`,
    };
  }
  if (isFree(wanted.kind, names.kind, taken.kinds, "KindConflict")) names.kind = wanted.kind;
  if (isFree(listKind, names.listKind, taken.kinds, "ListKindConflict")) names.listKind = listKind;
  if (categories === undefined) delete names.categories;
  else names.categories = categories;
  const { reason, message } = fault ?? { reason: "NoConflicts", message: "no conflicts found" };
  return {
    names,
    condition: {
      type: "NamesAccepted",
      status: fault === undefined ? "True" : "False",
      reason,
      message,
      lastTransitionTime: now,
    },
  };
}
