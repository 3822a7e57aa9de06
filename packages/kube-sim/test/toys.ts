/** Definitions and instances that tests of custom resources work with, and the waiting for what becomes of them. */
import type { Answer } from "./api-caller.ts";
import { eventually, type TestCluster } from "./cluster.ts";

export type Body = Answer["body"];

export const CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

const SPEC_SCHEMA = {
  type: "object",
  required: ["colour"],
  properties: {
    colour: { type: "string", enum: ["red", "green"] },
    size: { type: "integer", minimum: 0, exclusiveMinimum: true, maximum: 10, default: 3 },
    ratio: { type: "number", multipleOf: 0.5 },
    replicas: { type: "integer" },
    note: { type: "string", nullable: true },
    anything: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
    port: { "x-kubernetes-int-or-string": true },
    tags: { type: "object", additionalProperties: { type: "string" }, minProperties: 1, maxProperties: 2 },
    marks: { type: "array", "x-kubernetes-list-type": "set", items: { type: "string" } },
    parts: {
      type: "array",
      "x-kubernetes-list-type": "map",
      "x-kubernetes-list-map-keys": ["name"],
      items: {
        type: "object",
        required: ["name"],
        properties: { name: { type: "string" }, weight: { type: "integer", default: 1 } },
      },
    },
    source: {
      type: "object",
      properties: { url: { type: "string" }, file: { type: "string" } },
      oneOf: [{ required: ["url"] }, { required: ["file"] }],
      not: { required: ["url"], properties: { url: { pattern: "^ftp" } } },
    },
  },
};

const STATUS_SCHEMA = {
  type: "object",
  properties: { replicas: { type: "integer" }, selector: { type: "string" }, phase: { type: "string" } },
};

export const toyVersion = (name: string, storage: boolean): Record<string, unknown> => ({
  name,
  served: true,
  storage,
  schema: { openAPIV3Schema: { type: "object", properties: { spec: SPEC_SCHEMA, status: STATUS_SCHEMA } } },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: ".spec.replicas",
      statusReplicasPath: ".status.replicas",
      labelSelectorPath: ".status.selector",
    },
  },
  selectableFields: [{ jsonPath: ".spec.colour" }],
  additionalPrinterColumns: [
    { name: "Colour", type: "string", jsonPath: ".spec.colour", description: "What it looks like." },
    { name: "Size", type: "integer", jsonPath: ".spec.size", priority: 1 },
  ],
});

export const definition = (
  plural: string,
  kind: string,
  changes: object = {},
  group = "toys.example.org",
): Body => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: { plural, kind },
    scope: "Namespaced",
    versions: [toyVersion("v1", true)],
    ...changes,
  },
});

export const condition = (body: Body, type: string): Body =>
  body.status.conditions?.find((known: { type: string }) => known.type === type);

export async function established(cluster: TestCluster, name: string): Promise<Body> {
  return eventually(async () => {
    const { body } = await cluster.call(`${CRDS}/${name}`);
    return condition(body, "Established")?.status === "True" ? body : undefined;
  });
}

export async function install(cluster: TestCluster, wanted: Body): Promise<Body> {
  const { code, body } = await cluster.call(CRDS, { body: wanted });
  if (code !== 201) throw new Error(body.message);
  return established(cluster, wanted.metadata.name);
}

export const balls = "/apis/toys.example.org/v1/namespaces/toys/balls";
export const ball = (name: string, spec: object = {}, more: object = {}): Record<string, unknown> => ({
  apiVersion: "toys.example.org/v1",
  kind: "Ball",
  metadata: { name },
  spec: { colour: "red", ...spec },
  ...more,
});
