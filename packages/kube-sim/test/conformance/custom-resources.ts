/** Kinds that a user defines: how their definition is checked, how their objects are validated, pruned, defaulted, shown. */
import { beforeAll, describe, expect, test } from "vitest";
import { eventually } from "../cluster.ts";
import { newNamespace } from "./namespaces.ts";
import type { Target } from "./target.ts";

const DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
const GROUP = "conformance.example.com";

const schema = {
  type: "object",
  properties: {
    spec: {
      type: "object",
      required: ["size"],
      properties: {
        size: { type: "integer", minimum: 1, maximum: 10 },
        color: { type: "string", enum: ["red", "blue"], default: "red" },
        name: { type: "string", pattern: "^[a-z]+$", maxLength: 5 },
        tags: {
          type: "array",
          items: {
            type: "object",
            required: ["key"],
            properties: { key: { type: "string" }, value: { type: "string" } },
          },
          "x-kubernetes-list-type": "map",
          "x-kubernetes-list-map-keys": ["key"],
        },
        open: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
        port: { "x-kubernetes-int-or-string": true },
        replicas: { type: "integer" },
      },
    },
    status: { type: "object", properties: { phase: { type: "string" }, replicas: { type: "integer" } } },
  },
};

const definition = (plural: string, kind: string, change: object = {}): object => ({
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: `${plural}.${GROUP}` },
  spec: {
    group: GROUP,
    scope: "Namespaced",
    names: {
      plural,
      singular: plural.slice(0, -1),
      kind,
      listKind: `${kind}List`,
      shortNames: [plural.slice(0, 2)],
    },
    versions: [
      {
        name: "v1",
        served: true,
        storage: true,
        schema: { openAPIV3Schema: schema },
        subresources: {
          status: {},
          scale: { specReplicasPath: ".spec.replicas", statusReplicasPath: ".status.replicas" },
        },
        additionalPrinterColumns: [
          { name: "Size", type: "integer", jsonPath: ".spec.size" },
          { name: "Color", type: "string", jsonPath: ".spec.color", priority: 1 },
        ],
      },
    ],
    ...change,
  },
});

export function customResources(api: () => Target): void {
  describe("custom resources", () => {
    let things: string;
    beforeAll(async () => {
      const namespace = await newNamespace(api());
      things = `/apis/${GROUP}/v1/namespaces/${namespace}/things`;
      const made = await api().call(DEFINITIONS, { body: definition("things", "Thing") });
      expect(made.code).toBe(201);
      await eventually(async () => (await api().call(things)).code === 200);
    }, 30_000);
    const thing = (name: string, spec: object, more: object = {}): object => ({
      apiVersion: `${GROUP}/v1`,
      kind: "Thing",
      metadata: { name },
      spec,
      ...more,
    });
    const MERGE = { "content-type": "application/merge-patch+json" };

    test("are established once their names are free", async () => {
      const { body } = await api().call(`${DEFINITIONS}/things.${GROUP}`);
      const conditions = Object.fromEntries(
        body.status.conditions.map(({ type, status, reason }: Record<string, string>) => [
          type,
          `${status} ${reason}`,
        ]),
      );
      expect(conditions).toMatchObject({
        NamesAccepted: "True NoConflicts",
        Established: "True InitialNamesAccepted",
      });
      expect(body.status.storedVersions).toEqual(["v1"]);
      expect(body.status.acceptedNames).toMatchObject({
        plural: "things",
        kind: "Thing",
        listKind: "ThingList",
      });
      const { body: found } = await api().call(`/apis/${GROUP}/v1`);
      expect(found.resources.map(({ name }: { name: string }) => name).toSorted()).toEqual([
        "things",
        "things/scale",
        "things/status",
      ]);
    });

    test("must be defined as they should", async () => {
      const refused = async (body: object): Promise<string> => {
        const answer = await api().call(DEFINITIONS, { body });
        expect(answer.code).toBe(422);
        return answer.body.message;
      };
      const misnamed = { ...definition("wrongs", "Wrong"), metadata: { name: "other.example.com" } };
      expect(await refused(misnamed)).toContain(
        `metadata.name: Invalid value: "other.example.com": must be spec.names.plural+"."+spec.group`,
      );
      const version = {
        name: "v1",
        served: true,
        storage: false,
        schema: { openAPIV3Schema: { type: "object" } },
      };
      expect(await refused(definition("nones", "None", { versions: [version] }))).toContain(
        "must have exactly one version marked as storage version",
      );
      const unstructured = {
        name: "v1",
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: "object",
            properties: { spec: { properties: { a: { type: "string" } } } },
          },
        },
      };
      expect(await refused(definition("loose", "Loose", { versions: [unstructured] }))).toContain(
        ".openAPIV3Schema.properties[spec].type: Required value: must not be empty for specified object fields",
      );
      expect(await refused(definition("nothings", "Nothing", { scope: "Everywhere" }))).toContain(
        'spec.scope: Unsupported value: "Everywhere"',
      );
    });

    test("are held to their schema", async () => {
      const wrong = await api().call(things, {
        body: thing("wrong", { size: 11, color: "green", name: "Toolong", port: 1.5 }),
      });
      expect(wrong.code).toBe(422);
      const { message } = wrong.body as { message: string }; // a Status
      expect(message).toContain(`Thing.${GROUP} "wrong" is invalid: `);
      expect(message).toContain(
        "spec.size: Invalid value: 11: spec.size in body should be less than or equal to 10",
      );
      expect(message).toContain('spec.color: Unsupported value: "green": supported values: "red", "blue"');
      expect(message).toContain("spec.name");
      const missing = await api().call(things, { body: thing("missing", {}) });
      expect(missing.body.message).toBe(`Thing.${GROUP} "missing" is invalid: spec.size: Required value`);
      expect(missing.body.details.causes).toMatchObject([
        { reason: "FieldValueRequired", field: "spec.size" },
      ]);
      const typed = await api().call(things, { body: thing("typed", { size: "3" }) });
      expect(typed.body.message).toContain('spec.size in body must be of type integer: "string"');
    });

    test("keep what their schema knows, and get its defaults", async () => {
      const { code, body } = await api().call(things, {
        body: thing(
          "kept",
          { size: 3, unknown: 1, open: { any: 1 }, tags: [{ key: "a", other: 1 }] },
          { extra: true },
        ),
      });
      expect(code).toBe(201);
      expect(body.spec).toEqual({ size: 3, color: "red", open: { any: 1 }, tags: [{ key: "a" }] });
      expect(body).not.toHaveProperty("extra");
      expect(body.metadata.generation).toBe(1);
    });

    test("have a status of its own path, and a scale", async () => {
      const made = await api().call(things, {
        body: thing("split", { size: 1, replicas: 2 }, { status: { phase: "Early" } }),
      });
      expect(made.body).not.toHaveProperty("status");
      const told = await api().call(`${things}/split/status`, {
        method: "PUT",
        body: { ...made.body, spec: { size: 9 }, status: { phase: "Ready", replicas: 1 } },
      });
      expect(told.code).toBe(200);
      expect(told.body).toMatchObject({
        spec: { size: 1 },
        status: { phase: "Ready" },
        metadata: { generation: 1 },
      });
      const scale = await api().call(`${things}/split/scale`);
      expect(scale.body).toMatchObject({ kind: "Scale", spec: { replicas: 2 }, status: { replicas: 1 } });
      const scaled = await api().call(`${things}/split/scale`, {
        method: "PATCH",
        body: { spec: { replicas: 5 } },
        headers: MERGE,
      });
      expect(scaled.body.spec.replicas).toBe(5);
      expect((await api().call(`${things}/split`)).body).toMatchObject({
        spec: { replicas: 5 },
        metadata: { generation: 2 },
      });
    });

    test("are replaced with their version alone, and patched by no strategy", async () => {
      await api().call(things, { body: thing("put", { size: 1 }) });
      const blind = await api().call(`${things}/put`, { method: "PUT", body: thing("put", { size: 2 }) });
      expect(blind.code).toBe(422);
      expect(blind.body.message).toContain("must be specified for an update");
      const strategic = await api().call(`${things}/put`, {
        method: "PATCH",
        body: { spec: { size: 2 } },
        headers: { "content-type": "application/strategic-merge-patch+json" },
      });
      expect(strategic.code).toBe(415);
      expect(strategic.body.message).toContain(
        "the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml",
      );
      const merged = await api().call(`${things}/put`, {
        method: "PATCH",
        body: { spec: { size: 2 } },
        headers: MERGE,
      });
      expect(merged.body.spec.size).toBe(2);
    });

    test("merge lists by their keys when they are applied", async (context) => {
      if (api().minor < 22) context.skip("1.20 was seen to take such a list as a whole");
      const apply = (manager: string, tags: object[]) =>
        api().call(`${things}/applied?fieldManager=${manager}`, {
          method: "PATCH",
          body: thing("applied", { size: 1, tags }),
          headers: { "content-type": "application/apply-patch+yaml" },
        });
      await apply("one", [{ key: "a", value: "1" }]);
      const both = await apply("two", [{ key: "b", value: "2" }]);
      expect(both.code).toBe(200);
      expect(both.body.spec.tags).toEqual([
        { key: "a", value: "1" },
        { key: "b", value: "2" },
      ]);
      const less = await apply("two", []);
      expect(less.body.spec.tags).toEqual([{ key: "a", value: "1" }]);
    });

    test("print the columns of their definition", async () => {
      await api().call(things, { body: thing("shown", { size: 7 }) });
      const { body } = await api().call(`${things}?fieldSelector=metadata.name%3Dshown`, {
        headers: { accept: "application/json;as=Table;v=v1;g=meta.k8s.io" },
      });
      expect(
        body.columnDefinitions.map(({ name, priority }: Record<string, unknown>) => [name, priority]),
      ).toEqual([
        ["Name", 0],
        ["Size", 0],
        ["Color", 1],
      ]);
      expect(body.rows[0].cells).toEqual(["shown", 7, "red"]);
      const list = await api().call(`${things}?limit=1`);
      expect(list.body).toMatchObject({ kind: "ThingList", apiVersion: `${GROUP}/v1` });
      expect(list.body.items[0]).toMatchObject({ kind: "Thing", apiVersion: `${GROUP}/v1` });
    });

    test("cannot share their names", async () => {
      const names = { plural: "rivals", kind: "Thing", listKind: "ThingList" };
      const made = await api().call(DEFINITIONS, { body: definition("rivals", "Thing", { names }) });
      expect(made.code).toBe(201);
      const refused = await eventually(async () => {
        const { body } = await api().call(`${DEFINITIONS}/rivals.${GROUP}`);
        return (body.status.conditions ?? []).find(
          ({ type, status }: Record<string, string>) => type === "NamesAccepted" && status === "False",
        );
      });
      expect(refused).toMatchObject({ reason: "ListKindConflict", message: '"ThingList" is already in use' });
      await api().call(`${DEFINITIONS}/rivals.${GROUP}`, { method: "DELETE" });
    });

    test("go with their definition", async () => {
      await api().call(DEFINITIONS, { body: definition("leavings", "Leaving") });
      const path = things.replace("/things", "/leavings");
      await eventually(async () => (await api().call(path)).code === 200);
      const held = {
        ...thing("held", { size: 1 }),
        kind: "Leaving",
        metadata: { name: "held", finalizers: ["x.example.com/hold"] },
      };
      await eventually(async () => (await api().call(path, { body: held })).code === 201);
      await api().call(`${DEFINITIONS}/leavings.${GROUP}`, { method: "DELETE" });
      const leaving = await eventually(async () => {
        const { body } = await api().call(path);
        return body?.items?.[0]?.metadata.deletionTimestamp === undefined ? undefined : body;
      });
      expect(leaving.items).toHaveLength(1);
      const refused = await api().call(path, { body: { ...thing("late", { size: 1 }), kind: "Leaving" } });
      expect(refused.code).toBe(api().minor < 30 ? 405 : 403);
      await api().call(`${path}/held`, {
        method: "PATCH",
        body: { metadata: { finalizers: null } },
        headers: MERGE,
      });
      await eventually(async () => (await api().call(`${DEFINITIONS}/leavings.${GROUP}`)).code === 404);
      await eventually(async () => (await api().call(path)).code === 404);
    }, 60_000);
  });
}
