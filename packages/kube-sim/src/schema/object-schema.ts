/**
 * OpenAPI schemas of the kinds: the structural ones of custom kinds, whose metadata is a model of the Kubernetes API, and
 * the models of built-in kinds, which refer to others by name. The two versions of OpenAPI write references and types
 * with two forms differently (k8s.io/kube-openapi).
 */
import { builtinModel, builtinModelName, OBJECT_META } from "./builtin-schema.ts";
import type { Kind } from "./kind.ts";
import { resolveSchema, type StructuralSchema, structuralSchemaOf } from "./structural-schema.ts";

type Json = Record<string, unknown>;

/** How a document refers to a model, and what it makes of it. */
export interface ModelStyle {
  reference(name: string, siblings: Json): Json;
  model(name: string, schema: Json): Json;
}

/** Writes schemas in one document's style and remembers which models they refer to. */
export class SchemaWriter {
  readonly #style: ModelStyle;
  readonly #models = new Map<string, Json | undefined>();

  constructor(style: ModelStyle) {
    this.#style = style;
  }

  schemaOf(kind: Kind, version: string): Json {
    const description = `${kind.kind}, as kube-sim serves it.`;
    if (!kind.custom) return { ...this.#model(builtinModelName(kind, version)), description };
    const structural = structuralSchemaOf(kind) ?? {
      type: "object",
      "x-kubernetes-preserve-unknown-fields": true,
    };
    const inlined = this.#write(structural);
    return {
      ...inlined,
      description,
      properties: {
        ...(inlined["properties"] as Json | undefined), // written below
        apiVersion: { type: "string", description: "The version of the schema of this object." },
        kind: { type: "string", description: "The type of this object." },
        metadata: this.#refer(OBJECT_META, { description: "Standard object metadata." }),
      },
    };
  }

  /** Everything that has been referred to so far, and what that refers to. */
  models(): Json {
    for (;;) {
      const missing = [...this.#models].filter(([, model]) => model === undefined);
      if (missing.length === 0) break;
      for (const [name] of missing) this.#models.set(name, this.#model(name));
    }
    return Object.fromEntries([...this.#models].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  }

  #model(name: string): Json {
    return this.#style.model(name, this.#write(builtinModel(name) ?? {}));
  }

  #refer(name: string, siblings: Json): Json {
    if (!this.#models.has(name)) this.#models.set(name, undefined);
    return this.#style.reference(name, siblings);
  }

  #write(reference: StructuralSchema): Json {
    if (typeof reference.$ref === "string") {
      const { $ref, go: _go, ...siblings } = reference;
      return this.#refer($ref, siblings);
    }
    const { properties, items, additionalProperties, go: _go, ...rest } = resolveSchema(reference);
    return {
      ...rest,
      ...(properties === undefined
        ? {}
        : {
            properties: Object.fromEntries(
              Object.entries(properties).map(([name, value]) => [name, this.#write(value)]),
            ),
          }),
      ...(items === undefined ? {} : { items: this.#write(items) }),
      ...(additionalProperties === undefined
        ? {}
        : {
            additionalProperties:
              typeof additionalProperties === "object"
                ? this.#write(additionalProperties)
                : additionalProperties,
          }),
    };
  }
}
