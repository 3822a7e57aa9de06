/** Version 2 of the OpenAPI document: what kubectl validates Lists and chooses patch types by. */
import { type Kind, kindInVersion } from "../schema/kind.ts";
import { SchemaWriter } from "../schema/object-schema.ts";
import { collectionPath, groupVersionKind, schemaName } from "./openapi-names.ts";

type Json = Record<string, unknown>;

const queryParameter = (name: string, type = "string"): Json => ({
  name,
  in: "query",
  type,
  uniqueItems: true,
});

const WRITE_PARAMETERS = ["dryRun", "fieldManager", "fieldValidation"].map((name) => queryParameter(name));

function pathsOf(kind: Kind, version: string): Json {
  const operation = (action: string, parameters: Json[]): Json => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": groupVersionKind(kind, version),
    consumes: ["*/*"],
    parameters,
    responses: { "200": { description: "OK" } },
  });
  const base = collectionPath(kind, version);
  return {
    [base]: {
      get: operation("list", []),
      post: operation("post", WRITE_PARAMETERS),
      delete: operation("deletecollection", WRITE_PARAMETERS),
    },
    [`${base}/{name}`]: {
      get: operation("get", []),
      put: operation("put", WRITE_PARAMETERS),
      delete: operation("delete", WRITE_PARAMETERS),
      patch: operation("patch", [...WRITE_PARAMETERS, queryParameter("force", "boolean")]),
    },
  };
}

/** Words that version 2 does not have. */
const NOT_IN_2 = new Set(["nullable", "oneOf", "anyOf", "allOf", "not"]);

/**
 * Clients of version 2 take fields that are not listed for mistakes, whatever else the schema says: an object that may
 * have more lists none (apiextensions-apiserver, ToStructuralOpenAPIV2).
 */
function closed(schema: Json): Json {
  const { properties, items, additionalProperties, ...constraints } = schema;
  const rest = Object.fromEntries(Object.entries(constraints).filter(([key]) => !NOT_IN_2.has(key)));
  const open = rest["x-kubernetes-preserve-unknown-fields"] === true;
  const each = (child: unknown): Json => closed(child as Json); // schemas hold schemas
  return {
    ...rest,
    ...(properties === undefined || open
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(properties as Json).map(([name, child]) => [name, each(child)]),
          ), // schemas by name
        }),
    ...(items === undefined ? {} : { items: each(items) }),
    ...(additionalProperties === undefined
      ? {}
      : {
          additionalProperties:
            typeof additionalProperties === "object" ? each(additionalProperties) : additionalProperties,
        }),
  };
}

export function document2(all: readonly Kind[]): Json {
  const writer = new SchemaWriter({
    reference: (name, siblings) => ({ ...siblings, $ref: `#/definitions/${name}` }),
    model: (_name, schema) => schema,
  });
  const kinds = all.flatMap((kind) =>
    kind.versions.map((version) => ({ kind: kindInVersion(kind, version), version })),
  );
  const definitions = Object.fromEntries(
    kinds.map(({ kind, version }) => [
      schemaName(kind, version),
      {
        ...closed(writer.schemaOf(kind, version)),
        "x-kubernetes-group-version-kind": [groupVersionKind(kind, version)],
      },
    ]),
  );
  return {
    swagger: "2.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.assign({}, ...kinds.map(({ kind, version }) => pathsOf(kind, version))) as Json, // objects only
    definitions: { ...writer.models(), ...definitions },
  };
}
