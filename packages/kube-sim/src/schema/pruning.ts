/** Removes fields that a schema does not know and fills in its defaults, as the API server does on decoding. */
import { OBJECT_META } from "./builtin-schema.ts";
import { decodeBuiltin } from "./go-decoding.ts";
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export interface Pruned {
  value: unknown;
  /** Paths of what was removed, in the order they were met. */
  unknown: string[];
  /** The first metadata that is of a wrong type, in Go's words. */
  error: string | undefined;
}

/** `root` is an object of a kind: apiVersion, kind and metadata are always known. `defaults`: whether they are filled in. */
export function pruneObject(root: Json, schema: StructuralSchema, defaults: boolean): Pruned {
  const { apiVersion, kind, metadata, ...content } = root;
  const pruner = new Pruner(defaults);
  const { metadata: _metadata, ...properties } = schema.properties ?? {};
  const pruned = pruner.prune(content, { ...schema, properties }, "") as Json; // an object stays one
  const typed = decodeBuiltin(metadata ?? {}, { $ref: OBJECT_META }, "ObjectMeta", {
    at: "metadata",
    defaults: false,
  });
  return {
    value: { apiVersion, kind, metadata: typed.value, ...pruned },
    unknown: [...pruner.unknown, ...typed.unknown],
    error: typed.error,
  };
}

class Pruner {
  readonly unknown: string[] = [];
  readonly #defaults: boolean;

  constructor(defaults: boolean) {
    this.#defaults = defaults;
  }

  prune(value: unknown, reference: StructuralSchema, path: string): unknown {
    const schema = resolveSchema(reference);
    if (Array.isArray(value)) {
      const { items } = schema;
      if (items === undefined) return value;
      return value.map((item, index) => this.prune(item, items, `${path}[${index}]`));
    }
    if (!isRecord(value)) return value;
    return this.#record(value, schema, path);
  }

  #record(value: Json, schema: StructuralSchema, path: string): Json {
    const { properties, additionalProperties } = schema;
    const result: Json = {};
    for (const [key, field] of Object.entries(value)) {
      const at = path === "" ? key : `${path}.${key}`;
      const known = properties?.[key];
      if (known !== undefined) {
        // null means "not given" unless the field allows it.
        if (field === null && resolveSchema(known).nullable !== true) continue;
        result[key] = this.prune(field, known, at);
      } else if (typeof additionalProperties === "object") {
        result[key] = this.prune(field, additionalProperties, at);
      } else if (keepsUnknown(schema) || isTypeMeta(schema, key)) result[key] = field;
      else this.unknown.push(at);
    }
    for (const [key, known] of Object.entries(properties ?? {})) {
      const fallback = this.#defaults ? resolveSchema(known).default : undefined;
      if (result[key] === undefined && fallback !== undefined)
        result[key] = this.prune(structuredClone(fallback), known, path === "" ? key : `${path}.${key}`);
    }
    return result;
  }
}

/** Objects within objects have what every object has. */
const isTypeMeta = (schema: StructuralSchema, key: string): boolean =>
  schema["x-kubernetes-embedded-resource"] === true && ["apiVersion", "kind", "metadata"].includes(key);

const keepsUnknown = (schema: StructuralSchema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true ||
  schema.additionalProperties === true ||
  (schema.properties === undefined && schema.type !== "object");
