/**
 * What server-side apply refuses before it merges anything: fields that the type does not declare, values of another
 * sort, entries of keyed lists without their keys or twice. In the words of structured-merge-diff (typed/validate.go,
 * typed/helpers.go).
 */
import { OBJECT_META } from "./builtin-schema.ts";
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How Go prints a value that YAML gave. */
const shown = (value: unknown): string =>
  `&value.valueUnstructured{Value:${typeof value === "string" ? JSON.stringify(value) : String(value)}}`;

/** Faults of an applied object, as `.spec.foo: field not declared in schema`. */
export function typedPatchFaults(object: Json, schema: StructuralSchema): string[] {
  const faults: string[] = [];
  const properties = {
    ...resolveSchema(schema).properties,
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: { $ref: OBJECT_META },
  };
  check(object, { ...resolveSchema(schema), properties }, "", faults);
  return faults;
}

function check(value: unknown, reference: StructuralSchema, path: string, faults: string[]): void {
  const schema = resolveSchema(reference);
  if (value === null || value === undefined) return;
  if (schema["x-kubernetes-int-or-string"] === true || schema.format === "int-or-string") return;
  if (typeof reference.$ref === "string" && schema.properties === undefined && schema.type !== "object")
    return;
  switch (schema.type) {
    case "object":
      if (isRecord(value)) checkFields(value, schema, path, faults);
      else faults.push(`${path}: expected map, got ${shown(value)}`);
      return;
    case "array":
      if (Array.isArray(value)) checkList(value, schema, path, faults);
      else faults.push(`${path}: expected list, got ${shown(value)}`);
      return;
    case "integer":
    case "number":
      if (typeof value !== "number")
        faults.push(
          `${path}: expected numeric (int or float), got ${typeof value === "boolean" ? "bool" : typeof value}`,
        );
      return;
    case "string":
      if (typeof value !== "string") faults.push(`${path}: expected string, got ${shown(value)}`);
      return;
    case "boolean":
      if (typeof value !== "boolean") faults.push(`${path}: expected boolean, got ${shown(value)}`);
      return;
    default:
  }
}

function checkFields(value: Json, schema: StructuralSchema, path: string, faults: string[]): void {
  const { properties, additionalProperties } = schema;
  const open =
    schema["x-kubernetes-preserve-unknown-fields"] === true ||
    additionalProperties === true ||
    properties === undefined;
  for (const [key, field] of Object.entries(value)) {
    const known =
      properties?.[key] ?? (typeof additionalProperties === "object" ? additionalProperties : undefined);
    if (known !== undefined) check(field, known, `${path}.${key}`, faults);
    else if (!open) faults.push(`${path}.${key}: field not declared in schema`);
  }
}

function checkList(value: unknown[], schema: StructuralSchema, path: string, faults: string[]): void {
  const items = schema.items ?? {};
  const listType = schema["x-kubernetes-list-type"];
  const keys = listType === "map" ? schema["x-kubernetes-list-map-keys"] : undefined;
  const fields = resolveSchema(items).properties ?? {};
  const seen = new Set<string>();
  value.forEach((item, index) => {
    let place = `[${index}]`;
    if (keys !== undefined && isRecord(item)) {
      const missing = keys.find((key) => (item[key] ?? fields[key]?.default) === undefined);
      if (missing !== undefined) {
        faults.push(
          `${path}: element ${index}: associative list with keys has an element that omits key field ${JSON.stringify(missing)} (and doesn't have default value)`,
        );
        return;
      }
      place = `[${keys
        .toSorted()
        .map((key) => `${key}=${JSON.stringify(item[key] ?? fields[key]?.default)}`)
        .join(",")}]`;
    } else if (listType === "set") place = `[=${JSON.stringify(item)}]`;
    if (seen.has(place)) faults.push(`${path}: duplicate entries for key ${place}`);
    seen.add(place);
    check(item, items, `${path}${place}`, faults);
  });
}
