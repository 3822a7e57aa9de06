/** OpenAPI documents: enough for kubectl to validate on the server, to choose patch types and to explain kinds. */
import { createHash } from "node:crypto";
import { apiVersionOf, type Kind, kindInVersion } from "../schema/kind.ts";
import { type ModelStyle, SchemaWriter } from "../schema/object-schema.ts";
import type { KindCatalog } from "../schema/kind-catalog.ts";
import { collectionPath, groupVersionKind, pathOf, schemaName } from "./openapi-names.ts";
import { gnosticDocument } from "./openapi-protobuf.ts";
import { document2 } from "./openapi-v2.ts";

type Json = Record<string, unknown>;

const WRITE_PARAMETERS: Json[] = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

function pathsOf(kind: Kind, version: string): Json {
  const base = collectionPath(kind, version);
  const marks = (action: string): Json => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": groupVersionKind(kind, version),
  });
  const write = (action: string): Json => ({
    ...marks(action),
    parameters: WRITE_PARAMETERS,
    requestBody: {
      content: { "*/*": { schema: { $ref: `#/components/schemas/${schemaName(kind, version)}` } } },
    },
    responses: { "200": { description: "OK" } },
  });
  const read = (action: string): Json => ({ ...marks(action), responses: { "200": { description: "OK" } } });
  return {
    [base]: { get: read("list"), post: write("post"), delete: write("deletecollection") },
    [`${base}/{name}`]: {
      get: read("get"),
      put: write("put"),
      delete: write("delete"),
      patch: {
        ...marks("patch"),
        parameters: [...WRITE_PARAMETERS, { name: "force", in: "query", schema: { type: "boolean" } }],
        requestBody: {
          content: Object.fromEntries(
            [
              "application/json-patch+json",
              "application/merge-patch+json",
              "application/apply-patch+yaml",
            ].map((type) => [type, { schema: { type: "object" } }]),
          ),
        },
        responses: { "200": { description: "OK" } },
      },
    },
  };
}

/** Version 3 has references beside other words in `allOf`, and types of two forms as what they are. */
const STYLE_3: ModelStyle = {
  reference: (name, siblings) => {
    const $ref = `#/components/schemas/${name}`;
    return Object.keys(siblings).length === 0 ? { $ref } : { allOf: [{ $ref }], ...siblings };
  },
  model: (name, schema) => {
    if (name.endsWith(".Quantity")) return { oneOf: [{ type: "string" }, { type: "number" }] };
    if (!name.endsWith(".IntOrString")) return schema;
    return { oneOf: [{ type: "integer" }, { type: "string" }], format: "int-or-string" };
  },
};

const document3 = (all: readonly Kind[], group: string, version: string): Json => {
  const kinds = all
    .filter((kind) => kind.group === group && kind.versions.includes(version))
    .map((kind) => kindInVersion(kind, version));
  const writer = new SchemaWriter(STYLE_3);
  const schemas = Object.fromEntries(
    kinds.map((kind) => [
      schemaName(kind, version),
      {
        ...writer.schemaOf(kind, version),
        "x-kubernetes-group-version-kind": [groupVersionKind(kind, version)],
      },
    ]),
  );
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.assign({}, ...kinds.map((kind) => pathsOf(kind, version))) as Json, // objects only
    components: { schemas: { ...writer.models(), ...schemas } },
  };
};

const toJson = (document: Json): Buffer => Buffer.from(JSON.stringify(document));

/** The documents of one cluster, made on first use; a group's stays as long as its kinds do. */
class Documents {
  readonly #catalog: KindCatalog;
  readonly #encoded = new Map<string, { kinds: readonly Kind[]; bytes: Buffer }>();

  constructor(catalog: KindCatalog) {
    this.#catalog = catalog;
  }

  #encode(key: string, kinds: readonly Kind[], make: () => Buffer): Buffer {
    const known = this.#encoded.get(key);
    if (known !== undefined && sameItems(known.kinds, kinds)) return known.bytes;
    const bytes = make();
    this.#encoded.set(key, { kinds, bytes });
    return bytes;
  }

  version2(protobuf: boolean): Buffer {
    const { all } = this.#catalog;
    return protobuf
      ? this.#encode("protobuf", all, () => gnosticDocument(document2(all)))
      : this.#encode("json", all, () => toJson(document2(all)));
  }

  version3(group: string, version: string): Buffer {
    const kinds = this.#catalog.all.filter((kind) => kind.group === group);
    return this.#encode(pathOf(group, version), kinds, () => toJson(document3(kinds, group, version)));
  }

  index3(): Buffer {
    return this.#encode("index", this.#catalog.all, () => toJson(this.#index()));
  }

  groupVersions(): { group: string; version: string }[] {
    const found = new Map<string, { group: string; version: string }>();
    for (const kind of this.#catalog.all) {
      for (const version of kind.versions) {
        found.set(apiVersionOf(kind.group, version), { group: kind.group, version });
      }
    }
    return [...found.values()];
  }

  #index(): Json {
    const entries = this.groupVersions().map(({ group, version }) => {
      const path = pathOf(group, version);
      const hash = createHash("sha512")
        .update(this.version3(group, version))
        .digest("hex")
        .slice(0, 64)
        .toUpperCase();
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
    });
    return { paths: Object.fromEntries(entries) };
  }
}

const sameItems = (a: readonly Kind[], b: readonly Kind[]): boolean =>
  a === b || (a.length === b.length && a.every((kind, index) => kind === b[index]));

const documentsOf = new WeakMap<KindCatalog, Documents>();

const PROTOBUF_ASKED = /application\/com\.github\.proto-openapi\.spec\.v2[.@]v1\.?0?\+protobuf/;

export interface OpenApiDocument {
  bytes: Buffer;
  contentType: string;
}

/** The document at an /openapi path, in protobuf where version 2 is asked for so; undefined when there is none. */
export function openApiDocument(
  catalog: KindCatalog,
  path: string,
  accept = "",
): OpenApiDocument | undefined {
  const json = (bytes: Buffer): OpenApiDocument => ({ bytes, contentType: "application/json" });
  if (!path.startsWith("/openapi/")) return undefined;
  let documents = documentsOf.get(catalog);
  if (documents === undefined) {
    documents = new Documents(catalog);
    documentsOf.set(catalog, documents);
  }
  if (path === "/openapi/v2") {
    if (!PROTOBUF_ASKED.test(accept)) return json(documents.version2(false));
    return {
      bytes: documents.version2(true),
      contentType: "application/com.github.proto-openapi.spec.v2.v1.0+protobuf",
    };
  }
  if (path === "/openapi/v3" || path === "/openapi/v3/") return json(documents.index3());
  const wanted = documents
    .groupVersions()
    .find(({ group, version }) => path === `/openapi/v3/${pathOf(group, version)}`);
  return wanted === undefined ? undefined : json(documents.version3(wanted.group, wanted.version));
}
