/** Lists and maps of built-in kinds that are empty are absent, as Go's `omitempty` leaves them out. */
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function isEmptyCollection(value: unknown, schema: StructuralSchema): boolean {
  if (Array.isArray(value)) return value.length === 0;
  const isMap = typeof schema.additionalProperties === "object" && schema.properties === undefined;
  return isMap && isRecord(value) && Object.keys(value).length === 0;
}

/** `value` itself where nothing is left out. */
export function withoutEmptyCollections(value: unknown, reference: StructuralSchema): unknown {
  const schema = resolveSchema(reference);
  if (Array.isArray(value)) {
    const { items } = schema;
    if (items === undefined) return value;
    const next = value.map((item: unknown) => withoutEmptyCollections(item, items));
    return next.some((item, index) => item !== value[index]) ? next : value;
  }
  if (!isRecord(value)) return value;
  let next = value;
  for (const [name, child] of Object.entries(value)) {
    const open = typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined;
    const field = schema.properties?.[name] ?? open;
    if (field === undefined) continue;
    const isOptional = schema.properties?.[name] !== undefined && schema.required?.includes(name) !== true;
    if (isOptional && isEmptyCollection(child, resolveSchema(field))) {
      const { [name]: _empty, ...rest } = next;
      next = rest;
      continue;
    }
    const kept = withoutEmptyCollections(child, field);
    if (kept !== child) next = { ...next, [name]: kept };
  }
  return next;
}
