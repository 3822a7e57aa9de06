/**
 * Whether a schema is structural: types for everything, nothing of structure within junctors, everything that junctors
 * speak of declared outside of them. Source: apiextensions-apiserver, pkg/apiserver/schema/validation.go.
 */
import { type Cause, invalidValue, required } from "../admission/field-causes.ts";
import { goPattern } from "../schema/go-pattern.ts";
import type { StructuralSchema } from "../schema/structural-schema.ts";
import { forbiddenField } from "./schema-rules.ts";

type Level = "root" | "item" | "field";

const EMPTY_TYPE = {
  root: "must not be empty at the root",
  item: "must not be empty for specified array items",
  field: "must not be empty for specified object fields",
} as const;

/** Words that have no place within a junctor, and how that is said. */
const FORBIDDEN_WITHIN = [
  ["type", "must be empty to be structural"],
  ["additionalProperties", "must be undefined to be structural"],
  ["default", "must be undefined to be structural"],
  ["title", "must be empty to be structural"],
  ["description", "must be empty to be structural"],
  ["nullable", "must be false to be structural"],
  ["x-kubernetes-preserve-unknown-fields", "must be false to be structural"],
  ["x-kubernetes-embedded-resource", "must be false to be structural"],
  ["x-kubernetes-int-or-string", "must be false to be structural"],
  ["x-kubernetes-list-map-keys", "must be empty to be structural"],
  ["x-kubernetes-list-type", "must be undefined to be structural"],
  ["x-kubernetes-map-type", "must be undefined to be structural"],
  ["x-kubernetes-validations", "must be empty to be structural"],
] as const;

export function structuralFaults(schema: StructuralSchema, path: string): Cause[] {
  const causes: Cause[] = [];
  checkStructure(schema, "root", path, causes);
  checkCompleteness(schema, schema, path, path, causes);
  const text = ({ field, message }: Cause): string => `${field}: ${message}`;
  return causes.toSorted((a, b) => (text(a) < text(b) ? -1 : 1));
}

const isIntOrString = (schemas: readonly StructuralSchema[] | undefined): boolean =>
  schemas?.length === 2 && schemas[0]?.type === "integer" && schemas[1]?.type === "string";

function checkStructure(schema: StructuralSchema, level: Level, path: string, causes: Cause[]): void {
  const { type = "", items, properties = {}, additionalProperties } = schema;
  const embedded = schema["x-kubernetes-embedded-resource"] === true;
  const open = schema["x-kubernetes-preserve-unknown-fields"] === true;
  const intOrString = schema["x-kubernetes-int-or-string"] === true;
  if (type === "array" && items === undefined) causes.push(required(`${path}.items`, "must be specified"));
  if (items !== undefined) checkStructure(items, "item", `${path}.items`, causes);
  for (const [name, property] of Object.entries(properties)) {
    // metadata of objects is everybody's: it is looked at below
    if (name === "metadata" && level === "root") continue;
    checkStructure(property, "field", `${path}.properties[${name}]`, causes);
  }
  if (additionalProperties !== undefined && level === "root")
    causes.push(forbiddenField(`${path}.additionalProperties`, "must not be used at the root"));
  if (typeof additionalProperties === "object")
    checkStructure(additionalProperties, "field", `${path}.additionalProperties`, causes);
  for (const word of ["x-kubernetes-preserve-unknown-fields", "x-kubernetes-embedded-resource"] as const) {
    if (intOrString && schema[word] === true)
      causes.push(
        invalidValue(`${path}.${word}`, true, "must be false if x-kubernetes-int-or-string is true"),
      );
  }
  checkJunctors(schema, path, causes, {
    anyOf: isIntOrString(schema.anyOf),
    firstAllOf: isIntOrString(schema.allOf?.[0]?.anyOf),
  });
  if (embedded && type !== "object") {
    const text = "must be object if x-kubernetes-embedded-resource is true";
    causes.push(type === "" ? required(`${path}.type`, text) : invalidValue(`${path}.type`, type, text));
  } else if (type === "" && !intOrString && !open) {
    causes.push(required(`${path}.type`, EMPTY_TYPE[level]));
  }
  if (level === "root" && type !== "" && type !== "object")
    causes.push(invalidValue(`${path}.type`, type, "must be object at the root"));
  if (level === "root" || embedded) checkTypeMeta(properties, level, path, causes);
  if (embedded && !open && Object.keys(properties).length === 0)
    causes.push(
      required(
        `${path}.properties`,
        "must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields",
      ),
    );
}

function checkTypeMeta(
  properties: Record<string, StructuralSchema>,
  level: Level,
  path: string,
  causes: Cause[],
): void {
  for (const name of ["kind", "apiVersion"]) {
    const property = properties[name];
    if (property !== undefined && property.type !== "string")
      causes.push(invalidValue(`${path}.properties[${name}].type`, property.type ?? "", "must be string"));
  }
  const { metadata } = properties;
  if (metadata === undefined) return;
  const at = `${path}.properties[metadata]`;
  if (metadata.type !== "object")
    causes.push(invalidValue(`${at}.type`, metadata.type ?? "", "must be object"));
  const { type: _type, default: _default, properties: fields = {}, ...rest } = metadata;
  const { description: _description, ...said } = rest as Record<string, unknown>; // prose says nothing
  const strange = Object.keys(fields).some((name) => name !== "name" && name !== "generateName");
  if (level === "root" && (strange || Object.keys(said).length > 0))
    causes.push(
      forbiddenField(
        at,
        "must not specify anything other than name and generateName, but metadata is implicitly specified",
      ),
    );
}

interface Skipped {
  anyOf?: boolean;
  firstAllOf?: boolean;
}

function checkJunctors(schema: StructuralSchema, path: string, causes: Cause[], skipped: Skipped = {}): void {
  const { allOf = [], anyOf = [], oneOf = [], not, pattern } = schema;
  if (skipped.anyOf !== true)
    anyOf.forEach((child, index) => checkNested(child, `${path}.anyOf[${index}]`, causes));
  allOf.forEach((child, index) =>
    checkNested(child, `${path}.allOf[${index}]`, causes, {
      anyOf: index === 0 && skipped.firstAllOf === true,
    }),
  );
  oneOf.forEach((child, index) => checkNested(child, `${path}.oneOf[${index}]`, causes));
  if (not !== undefined) checkNested(not, `${path}.not`, causes);
  if (pattern === undefined) return;
  try {
    goPattern(pattern);
  } catch (error) {
    const text = `must be a valid regular expression, but isn't: ${error instanceof Error ? error.message : String(error)}`;
    causes.push(invalidValue(`${path}.pattern`, pattern, text));
  }
}

function checkNested(schema: StructuralSchema, path: string, causes: Cause[], skipped: Skipped = {}): void {
  checkJunctors(schema, path, causes, skipped);
  if (schema.items !== undefined) checkNested(schema.items, `${path}.items`, causes);
  for (const [name, property] of Object.entries(schema.properties ?? {}))
    checkNested(property, `${path}.properties[${name}]`, causes);
  const words = schema as unknown as Record<string, unknown>; // looked at word by word
  for (const [word, text] of FORBIDDEN_WITHIN) {
    const value = words[word];
    if (value === undefined || value === false || value === "") continue;
    causes.push(forbiddenField(`${path}.${word}`, text));
  }
  if (schema.properties?.["metadata"] !== undefined)
    causes.push(forbiddenField(`${path}.properties[metadata]`, "must not be specified in a nested context"));
}

/** Everything that a junctor speaks of must be declared outside of it. */
function checkCompleteness(
  schema: StructuralSchema,
  structure: StructuralSchema,
  structurePath: string,
  path: string,
  causes: Cause[],
): void {
  const { allOf = [], anyOf = [], oneOf = [], not } = schema;
  const nested = (child: StructuralSchema, at: string): void => {
    checkCompleteness(child, structure, structurePath, at, causes);
    const missing = (field: string, declared: string): void => {
      causes.push(required(field, `because it is defined in ${declared}`));
    };
    if (child.items !== undefined) {
      if (structure.items === undefined) missing(`${structurePath}.items`, `${at}.items`);
      else nestedIn(child.items, structure.items, `${structurePath}.items`, `${at}.items`, causes);
    }
    for (const [name, property] of Object.entries(child.properties ?? {})) {
      const own = structure.properties?.[name];
      const field = `properties[${name}]`;
      if (own === undefined) missing(`${structurePath}.${field}`, `${at}.${field}`);
      else nestedIn(property, own, `${structurePath}.${field}`, `${at}.${field}`, causes);
    }
  };
  if (not !== undefined) nested(not, `${path}.not`);
  allOf.forEach((child, index) => nested(child, `${path}.allOf[${index}]`));
  anyOf.forEach((child, index) => nested(child, `${path}.anyOf[${index}]`));
  oneOf.forEach((child, index) => nested(child, `${path}.oneOf[${index}]`));
}

/** A nested schema is a junctor of one. */
const nestedIn = (
  child: StructuralSchema,
  structure: StructuralSchema,
  structurePath: string,
  path: string,
  causes: Cause[],
): void => {
  const before = causes.length;
  checkCompleteness({ allOf: [child] }, structure, structurePath, path, causes);
  for (let index = before; index < causes.length; index += 1) {
    const cause = causes[index];
    if (cause !== undefined) cause.message = cause.message.replace(`${path}.allOf[0]`, path);
  }
};
