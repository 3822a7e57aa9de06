/** Removes fields that a schema does not know and fills in its defaults, as the API server does on decoding. */
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const METADATA_FIELDS = new Set([
  "annotations",
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generateName",
  "generation",
  "labels",
  "managedFields",
  "name",
  "namespace",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
]);

export interface Pruned {
  value: unknown;
  /** Paths of what was removed, in the order they were met. */
  unknown: string[];
}

/** `root` is an object of a kind: apiVersion, kind and metadata are always known. */
export function pruneObject(root: Json, schema: StructuralSchema): Pruned {
  const unknown: string[] = [];
  const { apiVersion, kind, metadata, ...content } = root;
  const pruned = prune(content, { ...schema, properties: { ...schema.properties } }, "", unknown) as Json; // an object stays one
  const cleanMetadata: Json = {};
  for (const [key, value] of Object.entries(isRecord(metadata) ? metadata : {})) {
    if (METADATA_FIELDS.has(key)) cleanMetadata[key] = value;
    else unknown.push(`metadata.${key}`);
  }
  return { value: { apiVersion, kind, metadata: cleanMetadata, ...pruned }, unknown };
}

function prune(value: unknown, reference: StructuralSchema, path: string, unknown: string[]): unknown {
  const schema = resolveSchema(reference);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    return value.map((item, index) => prune(item, items, `${path}[${index}]`, unknown));
  }
  if (!isRecord(value)) return value;
  return pruneRecord(value, schema, path, unknown);
}

function pruneRecord(value: Json, schema: StructuralSchema, path: string, unknown: string[]): Json {
  const { properties, additionalProperties } = schema;
  const result: Json = {};
  for (const [key, field] of Object.entries(value)) {
    const at = path === "" ? key : `${path}.${key}`;
    const known = properties?.[key];
    if (known !== undefined) {
      // null means "not given" unless the field allows it.
      if (field === null && resolveSchema(known).nullable !== true) continue;
      result[key] = prune(field, known, at, unknown);
    } else if (typeof additionalProperties === "object") {
      result[key] = prune(field, additionalProperties, at, unknown);
    } else if (keepsUnknown(schema)) result[key] = field;
    else unknown.push(at);
  }
  for (const [key, known] of Object.entries(properties ?? {})) {
    const fallback = resolveSchema(known).default;
    if (result[key] === undefined && fallback !== undefined) result[key] = structuredClone(fallback);
  }
  return result;
}

const keepsUnknown = (schema: StructuralSchema): boolean =>
  schema["x-kubernetes-preserve-unknown-fields"] === true ||
  schema.additionalProperties === true ||
  (schema.properties === undefined && schema.type !== "object");
