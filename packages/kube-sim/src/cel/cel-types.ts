/** The types of values in CEL that a structural schema gives (apiserver/pkg/cel/common/schemas.go), and the values themselves. */
import type { Environment } from "@marcbachmann/cel-js";
import { resolveSchema, type StructuralSchema } from "../schema/structural-schema.ts";
import { celName } from "./cel-names.ts";

type Json = Record<string, unknown>;

const METADATA: StructuralSchema = {
  type: "object",
  properties: { name: { type: "string" }, generateName: { type: "string" } },
};

/** What every object has besides what its schema says. */
function withTypeMeta(schema: StructuralSchema): StructuralSchema {
  const properties = {
    ...schema.properties,
    apiVersion: { type: "string" },
    kind: { type: "string" },
    metadata: METADATA,
  };
  return { ...schema, properties };
}

const objects = new WeakMap<StructuralSchema, StructuralSchema>();

/** The schema with its references followed, and with type and metadata where it is one of an object. */
export function celSchema(reference: StructuralSchema, isObject: boolean): StructuralSchema {
  const schema = resolveSchema(reference);
  if (!isObject && schema["x-kubernetes-embedded-resource"] !== true) return schema;
  let known = objects.get(schema);
  if (known === undefined) {
    known = withTypeMeta(schema);
    objects.set(schema, known);
  }
  return known;
}

const FORMATS: Readonly<Record<string, string>> = {
  byte: "bytes",
  date: "google.protobuf.Timestamp",
  "date-time": "google.protobuf.Timestamp",
  duration: "google.protobuf.Duration",
};

const PLAIN: Readonly<Record<string, string>> = { boolean: "bool", integer: "int", number: "double" };

/** Registers what the schema needs and gives the name of its type; undefined for values that rules cannot see. */
export class TypeDeclarations {
  readonly #environment: Environment;
  #count = 0;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  declare(reference: StructuralSchema, isObject = false): string | undefined {
    const schema = celSchema(reference, isObject);
    if (schema["x-kubernetes-int-or-string"] === true) return "dyn";
    const { type = "" } = schema;
    switch (type) {
      case "object":
        return this.#object(schema);
      case "array": {
        const item = this.declare(schema.items ?? {});
        return item === undefined ? undefined : `list<${item}>`;
      }
      case "string":
        return schema.nullable === true ? "dyn" : (FORMATS[schema.format ?? ""] ?? "string");
      default:
        return schema.nullable === true ? "dyn" : PLAIN[type];
    }
  }

  #object({ properties, additionalProperties, ...schema }: StructuralSchema): string | undefined {
    if (typeof additionalProperties === "object") {
      const value = this.declare(additionalProperties);
      return value === undefined ? undefined : `map<string, ${value}>`;
    }
    if (properties === undefined && schema["x-kubernetes-preserve-unknown-fields"] === true) return undefined;
    const fields: Record<string, string> = {};
    for (const [name, property] of Object.entries(properties ?? {})) {
      const field = celName(name);
      const type = this.declare(property);
      if (field !== undefined && type !== undefined) fields[field] = type;
    }
    const name = `Object${this.#count}`;
    this.#count += 1;
    this.#environment.registerType(name, { fields });
    // only the types matter: rules are evaluated elsewhere
    this.#environment.registerOperator(`${name} == ${name}`, () => true);
    this.#environment.registerOperator(`${name} == null`, () => false);
    return name;
  }
}

/** `parse` reads durations, which have no literal in JavaScript. */
export function celValue(
  value: unknown,
  reference: StructuralSchema,
  parse: (duration: string) => unknown,
  isObject = false,
): unknown {
  const schema = celSchema(reference, isObject);
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) return value.map((item) => celValue(item, schema.items ?? {}, parse));
  if (typeof value === "number")
    return schema.type === "number" || !Number.isInteger(value) ? value : BigInt(value);
  if (typeof value === "string") {
    switch (schema.format) {
      case "byte":
        return new Uint8Array(Buffer.from(value, "base64"));
      case "date":
      case "date-time":
        return new Date(value);
      case "duration":
        return parse(value);
      default:
        return value;
    }
  }
  if (typeof value !== "object") return value;
  const { properties, additionalProperties } = schema;
  const result: Json = {};
  for (const [name, field] of Object.entries(value)) {
    if (typeof additionalProperties === "object") {
      result[name] = celValue(field, additionalProperties, parse);
      continue;
    }
    const property = properties?.[name];
    const key = celName(name);
    if (property !== undefined && key !== undefined) result[key] = celValue(field, property, parse);
  }
  return result;
}
