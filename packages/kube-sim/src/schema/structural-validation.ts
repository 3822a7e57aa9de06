/** Checks values against a structural schema, in the words of the API server. */
import type { StatusCause } from "../store/status-error.ts";
import { validateJunctors } from "./composite-validation.ts";
import { goPattern } from "./go-pattern.ts";
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

type Cause = Required<StatusCause>;

const show = (value: unknown): string => (value === undefined ? "null" : JSON.stringify(value));

const typeOf = (value: unknown): string =>
  value === null
    ? "null"
    : Array.isArray(value)
      ? "array"
      : typeof value === "bigint" || (typeof value === "number" && Number.isInteger(value))
        ? "integer"
        : typeof value;

function fits(schema: StructuralSchema, value: unknown): boolean {
  if (value === null) return schema.nullable === true;
  if (schema["x-kubernetes-int-or-string"] === true)
    return typeof value === "string" || typeOf(value) === "integer";
  const { type } = schema;
  if (type === undefined) return true;
  const actual = typeOf(value);
  return actual === type || (type === "number" && actual === "integer");
}

/** Every fault below `path`. */
export function validateStructure(
  value: unknown,
  reference: StructuralSchema,
  path: string,
  causes: Cause[],
): void {
  const schema = resolveSchema(reference);
  const add = (reason: string, message: string, field = path): void => {
    causes.push({ reason, message, field });
  };
  if (!fits(schema, value)) {
    const wanted =
      schema["x-kubernetes-int-or-string"] === true ? "integer,string" : (schema.type ?? "object");
    add(
      "FieldValueTypeInvalid",
      `Invalid value: ${JSON.stringify(typeOf(value))}: ${path} in body must be of type ${wanted}: ${JSON.stringify(typeOf(value))}`,
    );
    return;
  }
  causes.push(
    ...validateJunctors(schema, path, (other) => {
      const faults: Cause[] = [];
      validateStructure(value, other, path, faults);
      return faults;
    }),
  );
  if (schema.enum !== undefined && !schema.enum.includes(value)) {
    const supported = schema.enum.map(show).join(", ");
    add("FieldValueNotSupported", `Unsupported value: ${show(value)}: supported values: ${supported}`);
  }
  if (typeof value === "string") validateText(value, schema, path, add);
  if (typeof value === "number") validateNumber(value, schema, path, add);
  if (Array.isArray(value)) validateList(value, schema, path, causes, add);
  else if (typeof value === "object" && value !== null) {
    validateFields(value as Record<string, unknown>, schema, path, causes); // not null, not an array
  }
}

type Add = (reason: string, message: string, field?: string) => void;

function validateText(value: string, schema: StructuralSchema, path: string, add: Add): void {
  if (schema.pattern !== undefined && !goPattern(schema.pattern).test(value)) {
    add(
      "FieldValueInvalid",
      `Invalid value: ${show(value)}: ${path} in body should match '${schema.pattern}'`,
    );
  }
  if (schema.maxLength !== undefined && value.length > schema.maxLength) {
    add("FieldValueTooLong", `Too long: may not be more than ${schema.maxLength} bytes`);
  }
  if (schema.minLength !== undefined && value.length < schema.minLength) {
    add(
      "FieldValueInvalid",
      `Invalid value: ${show(value)}: ${path} in body should be at least ${schema.minLength} chars long`,
    );
  }
  if (schema.format === "date-time" && Number.isNaN(Date.parse(value))) {
    add(
      "FieldValueInvalid",
      `Invalid value: ${show(value)}: ${path} in body must be of type date-time: ${show(value)}`,
    );
  }
}

function validateNumber(value: number, schema: StructuralSchema, path: string, add: Add): void {
  const { minimum, maximum, exclusiveMinimum = false, exclusiveMaximum = false, multipleOf } = schema;
  const refuse = (text: string): void =>
    add("FieldValueInvalid", `Invalid value: ${value}: ${path} in body should be ${text}`);
  if (minimum !== undefined && (value < minimum || (exclusiveMinimum && value === minimum)))
    refuse(exclusiveMinimum ? `greater than ${minimum}` : `greater than or equal to ${minimum}`);
  if (maximum !== undefined && (value > maximum || (exclusiveMaximum && value === maximum)))
    refuse(exclusiveMaximum ? `less than ${maximum}` : `less than or equal to ${maximum}`);
  if (multipleOf !== undefined && !Number.isInteger(value / multipleOf))
    refuse(`a multiple of ${multipleOf}`);
}

function validateList(
  value: unknown[],
  schema: StructuralSchema,
  path: string,
  causes: Cause[],
  add: Add,
): void {
  if (schema.maxItems !== undefined && value.length > schema.maxItems) {
    add("FieldValueTooMany", `Too many: ${value.length}: must have at most ${schema.maxItems} items`);
  }
  if (schema.minItems !== undefined && value.length < schema.minItems) {
    add(
      "FieldValueInvalid",
      `Invalid value: ${value.length}: ${path} in body should have at least ${schema.minItems} items`,
    );
  }
  const { items } = schema;
  if (items !== undefined)
    value.forEach((item, index) => validateStructure(item, items, `${path}[${index}]`, causes));
  const keys = schema["x-kubernetes-list-map-keys"];
  if (schema["x-kubernetes-list-type"] === "set") validateSet(value, path, causes);
  if (keys === undefined) return;
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const id = show(keys.map((key) => (item as Record<string, unknown>)[key])); // checked above: map lists hold objects
    if (seen.has(id)) {
      const shown = Object.fromEntries(keys.map((key) => [key, (item as Record<string, unknown>)[key]])); // as above
      causes.push({
        reason: "FieldValueDuplicate",
        message: `Duplicate value: ${JSON.stringify(shown)}`,
        field: `${path}[${index}]`,
      });
    }
    seen.add(id);
  });
}

function validateSet(value: unknown[], path: string, causes: Cause[]): void {
  const seen = new Set<string>();
  value.forEach((item, index) => {
    const id = show(item);
    if (seen.has(id)) {
      const message = `Duplicate value: ${id}`;
      causes.push({ reason: "FieldValueDuplicate", message, field: `${path}[${index}]` });
    }
    seen.add(id);
  });
}

function validateFields(
  value: Record<string, unknown>,
  schema: StructuralSchema,
  path: string,
  causes: Cause[],
): void {
  const count = Object.keys(value).length;
  const { minProperties, maxProperties } = schema;
  if (maxProperties !== undefined && count > maxProperties) {
    const message = `Too many: ${count}: must have at most ${maxProperties} items`;
    causes.push({ reason: "FieldValueTooMany", message, field: path });
  }
  if (minProperties !== undefined && count < minProperties) {
    const message = `Invalid value: ${count}: ${path} in body should have at least ${minProperties} properties`;
    causes.push({ reason: "FieldValueInvalid", message, field: path });
  }
  const at = (key: string): string => (path === "" ? key : `${path}.${key}`);
  for (const key of schema.required ?? []) {
    if (value[key] !== undefined) continue;
    causes.push({ reason: "FieldValueRequired", message: "Required value", field: at(key) });
  }
  const { properties, additionalProperties } = schema;
  for (const [key, field] of Object.entries(value)) {
    const known = properties?.[key];
    if (known !== undefined) validateStructure(field, known, at(key), causes);
    else if (typeof additionalProperties === "object")
      validateStructure(field, additionalProperties, at(key), causes);
  }
}
