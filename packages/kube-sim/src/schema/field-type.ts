/** How the fields of a kind merge: which lists are keyed, which are sets, what is replaced whole. */
import { OBJECT_META } from "./builtin-schema.ts";
import type { Kind } from "./kind.ts";
import { resolveSchema, schemaOfKind, type StructuralSchema } from "./structural-schema.ts";

export interface FieldType {
  list:
    | { kind: "atomic" }
    | { kind: "set" }
    | { kind: "map"; keys: readonly string[]; defaults: Readonly<Record<string, unknown>> };
  /** An object that has one owner as a whole. */
  atomic: boolean;
  /**
   * Who adds a value of this type owns it itself beside its fields. Custom kinds do so everywhere; of built-in ones those
   * that are absent from an empty Go object would, which are maps, mostly.
   */
  ownsItself: boolean;
  /** What strategic merge patch does; `key` of lists of objects that merge. */
  patch: { merges: boolean; replaces: boolean; key: string | undefined };
  field(name: string): FieldType;
  item(): FieldType;
}

const ATOMIC = { kind: "atomic" } as const;
const UNKNOWN: StructuralSchema = {};

const known = {
  builtin: new WeakMap<StructuralSchema, FieldType>(),
  custom: new WeakMap<StructuralSchema, FieldType>(),
};

type Origin = keyof typeof known;

function typeOf(reference: StructuralSchema, origin: Origin): FieldType {
  const found = known[origin].get(reference);
  if (found !== undefined) return found;
  const type = readType(reference, origin);
  known[origin].set(reference, type);
  return type;
}

function listOf(schema: StructuralSchema): FieldType["list"] {
  const listType = schema["x-kubernetes-list-type"];
  if (listType === "set") return { kind: "set" };
  const keys = schema["x-kubernetes-list-map-keys"];
  if (listType !== "map" || keys === undefined) return ATOMIC;
  const fields = resolveSchema(schema.items ?? UNKNOWN).properties ?? {};
  const defaults = keys.flatMap((key) => {
    const fallback = fields[key]?.default;
    return fallback === undefined ? [] : [[key, fallback]];
  });
  return { kind: "map", keys: keys.toSorted(), defaults: Object.fromEntries(defaults) };
}

function readType(reference: StructuralSchema, origin: Origin): FieldType {
  const schema = resolveSchema(reference);
  const values = schema.additionalProperties;
  const strategies = reference["x-kubernetes-patch-strategy"]?.split(",") ?? [];
  return {
    list: listOf(schema),
    // what a field says of itself goes before what its type says
    atomic: (reference["x-kubernetes-map-type"] ?? schema["x-kubernetes-map-type"]) === "atomic",
    ownsItself: origin === "custom" || (typeof values === "object" && schema.properties === undefined),
    patch: {
      merges: strategies.includes("merge"),
      replaces: strategies.includes("replace"),
      key: reference["x-kubernetes-patch-merge-key"],
    },
    field: (name) => {
      const property = schema.properties?.[name];
      if (property !== undefined) return typeOf(property, origin);
      return typeOf(typeof values === "object" ? values : UNKNOWN, origin);
    },
    item: () => typeOf(schema.items ?? UNKNOWN, origin),
  };
}

const metadata: StructuralSchema = { $ref: OBJECT_META };

const objects = new WeakMap<StructuralSchema, FieldType>();

/** The type of a whole object; metadata merges alike for all kinds. */
export function objectType(kind: Kind): FieldType {
  const schema = schemaOfKind(kind, kind.storageVersion) ?? UNKNOWN;
  let type = objects.get(schema);
  if (type === undefined) {
    const content = typeOf(schema, kind.custom ? "custom" : "builtin");
    type = {
      ...content,
      list: ATOMIC,
      atomic: false,
      field: (name) => (name === "metadata" ? typeOf(metadata, "builtin") : content.field(name)),
    };
    objects.set(schema, type);
  }
  return type;
}
