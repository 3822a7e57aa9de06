/** OpenAPI documents: enough for kubectl to validate on the server, to choose patch types and to explain kinds. */
import { createHash } from "node:crypto";
import { apiVersionOf, type Kind } from "../schema/kind.ts";
import { schemaOf } from "../schema/object-schema.ts";
import { allKinds } from "../schema/registry.ts";

type Json = Record<string, unknown>;

const WRITE_PARAMETERS: Json[] = ["dryRun", "fieldManager", "fieldValidation"].map((name) => ({
  name,
  in: "query",
  schema: { type: "string", uniqueItems: true },
}));

const pathOf = (group: string, version: string): string =>
  group === "" ? `api/${version}` : `apis/${group}/${version}`;

const gvk = (kind: Kind, version: string): Json => ({ group: kind.group, kind: kind.kind, version });

function schemaName(kind: Kind, version: string): string {
  const reversed = kind.group === "" ? "io.k8s.api.core" : kind.group.split(".").toReversed().join(".");
  return `${reversed}.${version}.${kind.kind}`;
}

function pathsOf(kind: Kind, version: string, body: (schema: Json) => Json): Json {
  const base = `/${pathOf(kind.group, version)}${kind.namespaced ? "/namespaces/{namespace}" : ""}/${kind.resource}`;
  const marks = (action: string): Json => ({
    "x-kubernetes-action": action,
    "x-kubernetes-group-version-kind": gvk(kind, version),
  });
  const write = (action: string): Json => ({
    ...marks(action),
    parameters: WRITE_PARAMETERS,
    ...body({ $ref: `#/components/schemas/${schemaName(kind, version)}` }),
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

const document3 = (group: string, version: string): Json => {
  const kinds = allKinds.filter((kind) => kind.group === group && kind.versions.includes(version));
  const requestBody = (schema: Json): Json => ({ requestBody: { content: { "*/*": { schema } } } });
  return {
    openapi: "3.0.0",
    info: { title: "Kubernetes", version: "unversioned" },
    paths: Object.assign({}, ...kinds.map((kind) => pathsOf(kind, version, requestBody))) as Json, // objects only
    components: {
      schemas: Object.fromEntries(
        kinds.map((kind) => [
          schemaName(kind, version),
          { ...schemaOf(kind), "x-kubernetes-group-version-kind": [gvk(kind, version)] },
        ]),
      ),
    },
  };
};

const encoded = new Map<string, Buffer>();

function encode(path: string, make: () => Json): Buffer {
  let bytes = encoded.get(path);
  if (bytes === undefined) {
    bytes = Buffer.from(JSON.stringify(make()));
    encoded.set(path, bytes);
  }
  return bytes;
}

function groupVersions(): { group: string; version: string }[] {
  const found = new Map<string, { group: string; version: string }>();
  for (const kind of allKinds) {
    for (const version of kind.versions) {
      found.set(apiVersionOf(kind.group, version), { group: kind.group, version });
    }
  }
  return [...found.values()];
}

const index3 = (): Json => ({
  paths: Object.fromEntries(
    groupVersions().map(({ group, version }) => {
      const path = pathOf(group, version);
      const bytes = encode(path, () => document3(group, version));
      const hash = createHash("sha512").update(bytes).digest("hex").slice(0, 64).toUpperCase();
      return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${hash}` }];
    }),
  ),
});

/** Version 2 of the document in JSON; clients that ask for protobuf get JSON too and fall back. */
const document2 = (): Json => ({
  swagger: "2.0",
  info: { title: "Kubernetes", version: "unversioned" },
  paths: Object.assign(
    {},
    ...allKinds.flatMap((kind) =>
      kind.versions.map((version) => {
        const consumes = { consumes: ["*/*"] };
        return pathsOf(kind, version, () => consumes);
      }),
    ),
  ) as Json, // objects only
  definitions: Object.fromEntries(
    allKinds.flatMap((kind) =>
      kind.versions.map((version) => [
        schemaName(kind, version),
        { ...schemaOf(kind), "x-kubernetes-group-version-kind": [gvk(kind, version)] },
      ]),
    ),
  ),
});

/** The document at an /openapi path; undefined when there is none. */
export function openApiDocument(path: string): Buffer | undefined {
  if (path === "/openapi/v2") return encode("/openapi/v2", document2);
  if (path === "/openapi/v3" || path === "/openapi/v3/") return encode("/openapi/v3", index3);
  const wanted = groupVersions().find(
    ({ group, version }) => path === `/openapi/v3/${pathOf(group, version)}`,
  );
  if (wanted === undefined) return undefined;
  return encode(pathOf(wanted.group, wanted.version), () => document3(wanted.group, wanted.version));
}
