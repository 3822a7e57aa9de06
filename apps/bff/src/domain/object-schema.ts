/** The fields of one kind, taken from the OpenAPI v3 document of its group. Pure. */
import type { ObjectSchema, SchemaNode } from "@kubev/api-types/object-schema";

/** The part of OpenAPI's schema object that Kubernetes writes. Source: kube-openapi's spec3 and apiextensions' v3 conversion. */
export interface OpenApiSchema {
  $ref?: string;
  allOf?: OpenApiSchema[];
  type?: string;
  format?: string;
  description?: string;
  nullable?: boolean;
  enum?: unknown[];
  required?: string[];
  properties?: Record<string, OpenApiSchema>;
  items?: OpenApiSchema;
  additionalProperties?: OpenApiSchema | boolean;
  "x-kubernetes-preserve-unknown-fields"?: boolean;
  "x-kubernetes-int-or-string"?: boolean;
  "x-kubernetes-group-version-kind"?: { group: string; version: string; kind: string }[];
}

export interface OpenApiDocument {
  components?: { schemas?: Record<string, OpenApiSchema> };
}

const longestDescription = 240;
const types = new Set<string>(["object", "array", "string", "integer", "number", "boolean"]);
const isType = (type: string): type is NonNullable<SchemaNode["type"]> => types.has(type);

const shapeName = (ref: string): string => ref.replace("#/components/schemas/", "");

/** The first sentences that fit. */
function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  if (line.length <= longestDescription) return line;
  const end = line.lastIndexOf(". ", longestDescription);
  return end > 0 ? line.slice(0, end + 1) : `${line.slice(0, longestDescription - 1)}…`;
}

/** Kubernetes puts a reference with a description or a default beside it into `allOf`. */
function refOf({ $ref, allOf }: OpenApiSchema): string | undefined {
  return $ref ?? (allOf?.length === 1 ? allOf[0]?.$ref : undefined);
}

function nodeOf(schema: OpenApiSchema, named: (ref: string) => void): SchemaNode {
  const node: SchemaNode = {};
  if (schema.description !== undefined && schema.description !== "")
    node.description = shortened(schema.description);
  const ref = refOf(schema);
  if (ref !== undefined) {
    node.ref = shapeName(ref);
    named(node.ref);
    return node;
  }
  if (schema["x-kubernetes-int-or-string"] === true || schema.format === "int-or-string")
    node.intOrString = true;
  else if (schema.type !== undefined && isType(schema.type)) node.type = schema.type;
  if (schema.nullable === true) node.nullable = true;
  const plain = (schema.enum ?? []).filter(
    (one) => typeof one === "string" || typeof one === "number" || typeof one === "boolean",
  );
  if (plain.length > 0) node.enum = plain;
  if (schema.required !== undefined && schema.required.length > 0) node.required = schema.required;
  const { properties, additionalProperties } = schema;
  if (properties !== undefined)
    node.fields = Object.fromEntries(
      Object.entries(properties).map(([name, field]) => [name, nodeOf(field, named)]),
    );
  if (schema.items !== undefined) node.items = nodeOf(schema.items, named);
  if (typeof additionalProperties === "object") node.values = nodeOf(additionalProperties, named);
  if (
    schema["x-kubernetes-preserve-unknown-fields"] === true ||
    additionalProperties === true ||
    (node.type === "object" && properties === undefined && node.values === undefined)
  )
    node.open = true;
  return node;
}

/** Null where the document has no such kind. */
export function objectSchemaOf(
  document: OpenApiDocument,
  group: string,
  version: string,
  kind: string,
): ObjectSchema | null {
  const schemas = document.components?.schemas ?? {};
  const own = Object.values(schemas).find((schema) =>
    schema["x-kubernetes-group-version-kind"]?.some(
      (one) => one.group === group && one.version === version && one.kind === kind,
    ),
  );
  if (own === undefined) return null;
  const waiting: string[] = [];
  const named = (ref: string) => waiting.push(ref);
  const root = nodeOf(own, named);
  const shapes: Record<string, SchemaNode> = {};
  for (let ref = waiting.pop(); ref !== undefined; ref = waiting.pop()) {
    const schema = schemas[ref];
    // one that the document does not have takes anything
    shapes[ref] ??= schema === undefined ? { open: true } : nodeOf(schema, named);
  }
  return { root, shapes };
}
