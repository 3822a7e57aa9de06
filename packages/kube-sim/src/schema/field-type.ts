/** How the fields of a kind merge: which lists are keyed, which are sets, which are replaced whole. */
import type { Kind } from "./kind.ts";
import { mergeKeyOf, SET_LISTS } from "./merge-keys.ts";
import { resolveSchema, type StructuralSchema, structuralSchemaOf } from "./structural-schema.ts";

export interface FieldType {
  list: { kind: "atomic" } | { kind: "set" } | { kind: "map"; keys: readonly string[] };
  field(name: string): FieldType;
  item(): FieldType;
}

const ATOMIC = { kind: "atomic" } as const;

/** Built-in kinds: the merge keys of strategic merge patch. */
const builtinType = (name: string, parent: string): FieldType => {
  const key = mergeKeyOf(name, parent);
  return {
    list: key !== undefined ? { kind: "map", keys: [key] } : SET_LISTS.has(name) ? { kind: "set" } : ATOMIC,
    field: (child) => builtinType(child, name),
    item: () => builtinType("", name === "containers" || name === "initContainers" ? "container" : name),
  };
};

const customType = (reference: StructuralSchema): FieldType => {
  const schema = resolveSchema(reference);
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"];
  return {
    list:
      listType === "map" && keys !== undefined
        ? { kind: "map", keys }
        : listType === "set"
          ? { kind: "set" }
          : ATOMIC,
    field: (name) => {
      const known = schema.properties?.[name];
      if (known !== undefined) return customType(known);
      return typeof schema.additionalProperties === "object"
        ? customType(schema.additionalProperties)
        : customType({});
    },
    item: () => customType(schema.items ?? {}),
  };
};

/** The type of a whole object; metadata merges alike for all kinds. */
export function objectType(kind: Kind): FieldType {
  const structural = structuralSchemaOf(kind);
  const content = structural === undefined ? builtinType("", "") : customType(structural);
  return {
    list: ATOMIC,
    field: (name) => (name === "metadata" ? builtinType("metadata", "") : content.field(name)),
    item: () => content,
  };
}
