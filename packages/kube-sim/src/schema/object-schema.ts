/** OpenAPI schemas of the kinds: the structural ones of custom kinds, an open frame for the rest. */
import type { Kind } from "./kind.ts";
import { resolveSchema, type StructuralSchema, structuralSchemaOf } from "./structural-schema.ts";

type Json = Record<string, unknown>;

const OPEN: Json = { type: "object", "x-kubernetes-preserve-unknown-fields": true };

const FRAME: Json = {
  apiVersion: { type: "string", description: "The version of the schema of this object." },
  kind: { type: "string", description: "The type of this object." },
  metadata: { ...OPEN, description: "Standard object metadata." },
};

export function schemaOf(kind: Kind): Json {
  const structural = structuralSchemaOf(kind);
  const description = `${kind.kind}, as kube-sim serves it.`;
  if (structural === undefined) {
    const properties = { ...FRAME, spec: OPEN, status: OPEN };
    return { type: "object", description, properties, "x-kubernetes-preserve-unknown-fields": true };
  }
  const inlined = inline(structural);
  return {
    ...inlined,
    description,
    properties: { ...(inlined["properties"] as Json | undefined), ...FRAME },
  }; // inline keeps properties objects
}

/** The schema with all references resolved. */
function inline(reference: StructuralSchema): Json {
  const { properties, items, additionalProperties, ...rest } = resolveSchema(reference);
  return {
    ...rest,
    ...(properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties).map(([name, value]) => [name, inline(value)]),
          ),
        }),
    ...(items === undefined ? {} : { items: inline(items) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === "object" ? inline(additionalProperties) : additionalProperties,
        }),
  };
}
