/** The schemas of kinds, parsed on first use: structural ones of custom kinds, models of built-in ones. */
import { builtinModel, builtinModelName } from "./builtin-schema.ts";
import { type Kind, kindInVersion } from "./kind.ts";
import { kindSchemas, sharedSchemas } from "./structural-schemas.gen.ts";

/** A rule in CEL that values must keep. */
export interface ValidationRule {
  rule: string;
  message?: string;
  messageExpression?: string;
  reason?: string;
  fieldPath?: string;
  optionalOldSelf?: boolean;
}

export interface StructuralSchema {
  /** A shared part of the custom kinds' schemas by its place, or a built-in model by its name. */
  $ref?: number | string;
  type?: string;
  properties?: Record<string, StructuralSchema>;
  items?: StructuralSchema;
  additionalProperties?: StructuralSchema | boolean;
  required?: string[];
  enum?: unknown[];
  default?: unknown;
  pattern?: string;
  format?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: boolean;
  exclusiveMaximum?: boolean;
  multipleOf?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  minProperties?: number;
  maxProperties?: number;
  allOf?: StructuralSchema[];
  anyOf?: StructuralSchema[];
  oneOf?: StructuralSchema[];
  not?: StructuralSchema;
  nullable?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-list-type"?: "atomic" | "set" | "map";
  "x-kubernetes-list-map-keys"?: string[];
  "x-kubernetes-embedded-resource"?: boolean;
  "x-kubernetes-validations"?: ValidationRule[];
  "x-kubernetes-map-type"?: "atomic" | "granular";
  "x-kubernetes-patch-strategy"?: string;
  "x-kubernetes-patch-merge-key"?: string;
  /** How Go calls the type in its decoding errors, where that does not follow from the schema. */
  go?: string;
}

const shared: (StructuralSchema | undefined)[] = [];
const kinds = new Map<string, StructuralSchema>();

/** Follows a reference, if the schema is one. */
export function resolveSchema(schema: StructuralSchema): StructuralSchema {
  if (schema.$ref === undefined) return schema;
  if (typeof schema.$ref === "string") return builtinModel(schema.$ref) ?? {};
  let found = shared[schema.$ref];
  if (found === undefined) {
    found = JSON.parse(sharedSchemas[schema.$ref] ?? "{}") as StructuralSchema; // written by the generator
    shared[schema.$ref] = found;
  }
  return found;
}

/** Undefined for built-in kinds and for custom ones without a schema. */
export function structuralSchemaOf(kind: Kind): StructuralSchema | undefined {
  if (kind.schema !== undefined) return kind.schema;
  const name = `${kind.group}/${kind.resource}`;
  const known = kinds.get(name);
  if (known !== undefined) return known;
  const text = kindSchemas[name];
  if (text === undefined) return undefined;
  const schema = resolveSchema(JSON.parse(text) as StructuralSchema); // written by the generator
  kinds.set(name, schema);
  return schema;
}

/** The schema of any kind in one of its versions; undefined where nothing is known of its fields. */
export const schemaOfKind = (kind: Kind, version: string): StructuralSchema | undefined =>
  kind.custom
    ? structuralSchemaOf(kindInVersion(kind, version))
    : builtinModel(builtinModelName(kind, version));
