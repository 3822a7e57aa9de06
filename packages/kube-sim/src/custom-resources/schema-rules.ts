/**
 * What may stand in the schema of a CustomResourceDefinition besides its structure: types and formats of Kubernetes'
 * extensions, words that cost too much or say nothing. Source: apiextensions' validation.go,
 * ValidateCustomResourceDefinitionOpenAPISchema and specStandardValidatorV3.
 */
import { type Cause, invalidValue, required, unsupported } from "../admission/field-causes.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { checkRules } from "./rule-declarations.ts";

const TYPES = ["array", "boolean", "integer", "number", "object", "string"];

export const forbiddenField = (field: string, text: string): Cause => ({
  reason: "FieldValueForbidden",
  message: `Forbidden: ${text}`,
  field,
});

export interface SchemaPlace {
  path: string;
  /** Within a junctor or metadata nothing is said of rules. */
  rules: boolean;
  isRoot: boolean;
  /** Why no default may stand here. */
  noDefaults: string | undefined;
  /** Where old and new values cannot be told to be the same: no rule below may look back. */
  uncorrelatable: string | undefined;
}

/** Faults of a schema and of all below it; those of rules only where there are no others. */
export function checkSchema(schema: StructuralSchema, path: string): Cause[] {
  const causes: Cause[] = [];
  const rules: Cause[] = [];
  const root = { path, rules: true, isRoot: true, noDefaults: undefined, uncorrelatable: undefined };
  visit(schema, root, causes, rules);
  return causes.length > 0 ? causes : rules;
}

function visit(schema: StructuralSchema, place: SchemaPlace, causes: Cause[], rules: Cause[]): void {
  const { path } = place;
  const below = (child: StructuralSchema, at: string, changes: Partial<SchemaPlace> = {}): void =>
    visit(child, { ...place, isRoot: false, path: `${path}.${at}`, ...changes }, causes, rules);
  checkWords(schema as unknown as Record<string, unknown>, place, causes); // looked at word by word
  checkLists(schema, path, causes);
  const { properties, additionalProperties, items, not, allOf = [], anyOf = [], oneOf = [] } = schema;
  if (properties !== undefined && typeof additionalProperties === "object")
    causes.push(
      forbiddenField(
        `${path}.additionalProperties`,
        "additionalProperties and properties are mutual exclusive",
      ),
    );
  if (typeof additionalProperties === "object") below(additionalProperties, "additionalProperties");
  const isMeta = place.isRoot || schema["x-kubernetes-embedded-resource"] === true;
  const uncorrelatable =
    schema["x-kubernetes-map-type"] === "atomic" ? (place.uncorrelatable ?? path) : place.uncorrelatable;
  for (const [name, property] of Object.entries(properties ?? {})) {
    const meta = isMeta && ["metadata", "apiVersion", "kind"].includes(name);
    const noDefaults = meta && place.isRoot ? `in top-level ${name}` : place.noDefaults;
    below(property, `properties[${name}]`, { uncorrelatable, noDefaults });
  }
  const nested = { rules: false };
  if (not !== undefined) below(not, "not", nested);
  allOf.forEach((child, index) => below(child, `allOf[${index}]`, nested));
  oneOf.forEach((child, index) => below(child, `oneOf[${index}]`, nested));
  anyOf.forEach((child, index) => below(child, `anyOf[${index}]`, nested));
  if (items !== undefined) {
    const correlates = schema["x-kubernetes-list-type"] === "map";
    below(items, "items", {
      uncorrelatable: correlates ? place.uncorrelatable : (place.uncorrelatable ?? path),
    });
  }
  if (place.rules) checkRules(schema, place, causes, rules);
}

function checkWords(schema: Record<string, unknown>, place: SchemaPlace, causes: Cause[]): void {
  const { path } = place;
  const { type } = schema;
  if (schema["default"] !== undefined && place.noDefaults !== undefined)
    causes.push(forbiddenField(`${path}.default`, `must not be set ${place.noDefaults}`));
  for (const word of ["id", "additionalItems", "patternProperties", "definitions", "dependencies", "$ref"]) {
    if (schema[word] === undefined) continue;
    causes.push(forbiddenField(`${path}.${word}`, `${word} is not supported`));
  }
  if (typeof type === "string" && type !== "" && !TYPES.includes(type))
    causes.push(unsupported(`${path}.type`, type, TYPES));
  if (schema["uniqueItems"] === true)
    causes.push(
      forbiddenField(
        `${path}.uniqueItems`,
        "uniqueItems cannot be set to true since the runtime complexity becomes quadratic",
      ),
    );
  const preserve = "x-kubernetes-preserve-unknown-fields";
  if (schema[preserve] === false)
    causes.push(invalidValue(`${path}.${preserve}`, false, "must be true or undefined"));
  for (const [word, wanted, values] of [
    ["x-kubernetes-map-type", "object", ["atomic", "granular"]],
    ["x-kubernetes-list-type", "array", ["atomic", "set", "map"]],
  ] as const) {
    const value = schema[word];
    if (value === undefined) continue;
    const text = `must be ${wanted} if ${word} is specified`;
    if (type === undefined) causes.push(required(`${path}.type`, text));
    else if (type !== wanted) causes.push(invalidValue(`${path}.type`, type, text));
    if (!values.some((known) => known === value)) causes.push(unsupported(`${path}.${word}`, value, values));
  }
}

function checkLists(schema: StructuralSchema, path: string, causes: Cause[]): void {
  const listType = schema["x-kubernetes-list-type"];
  const keys = schema["x-kubernetes-list-map-keys"] ?? [];
  const at = { list: `${path}.x-kubernetes-list-type`, keys: `${path}.x-kubernetes-list-map-keys` };
  const { items } = schema;
  if (keys.length > 0 && listType !== "map") {
    const text = "must be map if x-kubernetes-list-map-keys is non-empty";
    causes.push(listType === undefined ? required(at.list, text) : invalidValue(at.list, listType, text));
  }
  if (listType === "set" && items !== undefined) {
    const text = "must be atomic as item of a list with x-kubernetes-list-type=set";
    const inner = items["x-kubernetes-list-type"];
    if (items.type === "array" && inner !== undefined && inner !== "atomic")
      causes.push(invalidValue(`${path}.items.x-kubernetes-list-type`, inner, text));
    if (items.type === "object" && items["x-kubernetes-map-type"] !== "atomic")
      causes.push(invalidValue(`${path}.items.x-kubernetes-map-type`, null, text));
    if (items.nullable === true)
      causes.push(
        forbiddenField(`${path}.items.nullable`, "cannot be nullable when x-kubernetes-list-type is set"),
      );
  }
  if (listType !== "map") return;
  if (keys.length === 0) causes.push(required(at.keys, "must not be empty if x-kubernetes-list-type is map"));
  if (items === undefined) {
    causes.push(required(`${path}.items`, "must have a schema if x-kubernetes-list-type is map"));
    return;
  }
  if (items.type !== "object") {
    const text = "must be object if parent array's x-kubernetes-list-type is map";
    causes.push(invalidValue(`${path}.items.type`, items.type ?? "", text));
    return;
  }
  checkKeys(items, keys, path, causes);
}

function checkKeys(items: StructuralSchema, keys: readonly string[], path: string, causes: Cause[]): void {
  const at = `${path}.x-kubernetes-list-map-keys`;
  if (items.nullable === true)
    causes.push(
      forbiddenField(`${path}.items.nullable`, "cannot be nullable when x-kubernetes-list-type is map"),
    );
  for (const key of keys) {
    const field = items.properties?.[key];
    const place = `${path}.items.properties[${key}]`;
    if (field === undefined) {
      causes.push(invalidValue(at, keys, "entries must all be names of item properties"));
      continue;
    }
    if (field.type === "array" || field.type === "object") {
      const text = "must be a scalar type if parent array's x-kubernetes-list-type is map";
      causes.push(invalidValue(`${place}.type`, items.type, text));
    }
    if (field.default === undefined && !items.required?.includes(key))
      causes.push(
        required(
          `${place}.default`,
          `this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`,
        ),
      );
    if (field.nullable === true)
      causes.push(
        forbiddenField(
          `${place}.nullable`,
          "this property is in x-kubernetes-list-map-keys, so it cannot be nullable",
        ),
      );
  }
  if (new Set(keys).size < keys.length)
    causes.push(invalidValue(at, keys, "must not contain duplicate entries"));
}
