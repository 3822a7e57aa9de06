/** What CustomResourceDefinitions that a user applies serve, how it changes with them, and how it goes. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Answer } from "./api-caller.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";
import { ball, balls, type Body, condition, CRDS, definition, install, toyVersion } from "./toys.ts";

const dataDir = mkdtempSync(join(tmpdir(), "kube-sim-definitions-"));
let cluster: TestCluster;

beforeAll(async () => {
  cluster = await startCluster({ dataDir });
  for (const name of ["toys", "going"])
    await cluster.call("/api/v1/namespaces", { body: { metadata: { name } } });
  const names = { plural: "balls", kind: "Ball", shortNames: ["bl"], categories: ["toys"] };
  const versions = [toyVersion("v1", true), { ...toyVersion("v1beta1", false), deprecated: true }];
  await install(cluster, definition("balls", "Ball", { names, versions }));
});
afterAll(async () => {
  await cluster.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const make = (name: string, spec: object = {}, query = ""): Promise<Answer> =>
  cluster.call(`${balls}${query}`, { body: ball(name, spec) });
const patch = (path: string, body: unknown, type = "merge-patch"): Promise<Answer> =>
  cluster.call(path, { method: "PATCH", body, headers: { "content-type": `application/${type}+json` } });

describe("what it serves", () => {
  test("is found by discovery and OpenAPI", async () => {
    const list = await cluster.call("/apis/toys.example.org/v1");
    expect(list.body.resources.map(({ name }: { name: string }) => name)).toEqual(
      expect.arrayContaining(["balls", "balls/status", "balls/scale"]),
    );
    const aggregated = await cluster.call("/apis", {
      headers: { accept: "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList" },
    });
    const group = aggregated.body.items.find(({ metadata }: Body) => metadata.name === "toys.example.org");
    expect(group.versions.map(({ version }: Body) => version)).toEqual(["v1", "v1beta1"]);
    const index = await cluster.call("/openapi/v3");
    expect(index.body.paths["apis/toys.example.org/v1"]).toBeDefined();
    const document = await cluster.call("/openapi/v3/apis/toys.example.org/v1");
    const schema = document.body.components.schemas["org.example.toys.v1.Ball"];
    expect(schema.properties.spec.properties.source.oneOf).toHaveLength(2);
    const old = await cluster.call("/openapi/v2");
    expect(old.body.definitions["org.example.toys.v1.Ball"].properties.spec.properties.colour.type).toBe(
      "string",
    );
  });

  test("is pruned, defaulted and stored", async () => {
    const answer = await make("first", {
      color: "blue",
      anything: { goes: { deep: 1 } },
      port: "http",
      note: null,
      replicas: null,
      parts: [{ name: "skin", thickness: 2 }],
    });
    expect(answer.code).toBe(201);
    expect(answer.body.spec).toEqual({
      colour: "red",
      size: 3,
      anything: { goes: { deep: 1 } },
      port: "http",
      note: null,
      parts: [{ name: "skin", weight: 1 }],
    });
    expect(answer.body.metadata.generation).toBe(1);
    expect(String(answer.headers["warning"])).toContain('unknown field \\"spec.color\\"');
    const strict = await make("strict", { color: "blue" }, "?fieldValidation=Strict");
    expect(strict.body.message).toBe(
      'Ball in version "v1" cannot be handled as a Ball: strict decoding error: unknown field "spec.color"',
    );
  });

  test.each([
    [{ colour: "blue" }, 'spec.colour: Unsupported value: "blue": supported values: "red", "green"'],
    [{ size: 0 }, "spec.size: Invalid value: 0: spec.size in body should be greater than 0"],
    [{ ratio: 0.3 }, "spec.ratio: Invalid value: 0.3: spec.ratio in body should be a multiple of 0.5"],
    [{ colour: null }, "spec.colour: Required value"],
    [{ tags: {} }, "spec.tags in body should have at least 1 properties"],
    [{ tags: { a: "", b: "", c: "" } }, "spec.tags: Too many: 3: must have at most 2 items"],
    [
      { source: {} },
      '<nil>: Invalid value: "": "spec.source" must validate one and only one schema (oneOf). Found none valid',
    ],
    [
      { source: { url: "http://a", file: "b" } },
      '"spec.source" must validate one and only one schema (oneOf). Found 2 valid alternatives',
    ],
    [{ source: { url: "ftp://a" } }, '"spec.source" must not validate the schema (not)'],
    [{ marks: ["a", "b", "a"] }, 'spec.marks[2]: Duplicate value: "a"'],
    [{ parts: [{ name: "a" }, { name: "a" }] }, 'spec.parts[1]: Duplicate value: {"name":"a"}'],
  ])("refuses %j", async (spec, message) => {
    const { code, body } = await make("refused", spec);
    expect(code).toBe(422);
    expect(body.message).toContain('Ball.toys.example.org "refused" is invalid: ');
    expect(body.message).toContain(message);
  });

  test("has status and scale of its own", async () => {
    await make("scaled", { replicas: 2 });
    const path = `${balls}/scaled`;
    const status = { replicas: 1, selector: "a=b", phase: "Rolling" };
    await patch(path, { status });
    expect((await cluster.call(path)).body.status).toBeUndefined();
    const set = await patch(`${path}/status`, { status, spec: { colour: "green" } });
    expect(set.body.status).toEqual(status);
    expect(set.body.spec.colour).toBe("red");
    const scale = await cluster.call(`${path}/scale`);
    expect(scale.body).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 1, selector: "a=b" } });
    await patch(`${path}/scale`, { spec: { replicas: 5 } });
    const after = await cluster.call(path);
    expect(after.body.spec.replicas).toBe(5);
    expect(after.body.metadata.generation).toBe(2);
  });

  test("prints its columns, is selected by its fields and watched", async () => {
    await make("green", { colour: "green" });
    const accept = "application/json;as=Table;v=v1;g=meta.k8s.io";
    const table = await cluster.call(`${balls}?fieldSelector=spec.colour%3Dgreen`, { headers: { accept } });
    expect(table.body.columnDefinitions.map(({ name, description }: Body) => [name, description])).toEqual([
      ["Name", ""],
      ["Colour", "What it looks like."],
      ["Size", ""],
    ]);
    expect(table.body.rows.map(({ cells }: Body) => cells)).toEqual([["green", "green", 3]]);
    const other = await cluster.call(`${balls}?fieldSelector=spec.size%3D3`);
    expect(other.body.message).toBe("field label not supported: spec.size");
    const watched = await cluster.call(
      `${balls}?watch=1&timeoutSeconds=1&fieldSelector=metadata.name%3Dgreen`,
    );
    expect(JSON.parse(watched.text.split("\n")[0] ?? "")).toMatchObject({
      type: "ADDED",
      object: { kind: "Ball", metadata: { name: "green" } },
    });
  });

  test("has several versions, the old ones with a warning", async () => {
    const answer = await cluster.call(`${balls.replace("/v1/", "/v1beta1/")}/green`);
    expect(answer.body.apiVersion).toBe("toys.example.org/v1beta1");
    expect(answer.headers["warning"]).toBe('299 - "toys.example.org/v1beta1 Ball is deprecated"');
  });

  test("is applied by its list keys, with defaults that nobody owns", async () => {
    const apply = (manager: string, parts: object[]): Promise<Answer> =>
      cluster.call(`${balls}/applied?fieldManager=${manager}`, {
        method: "PATCH",
        body: ball("applied", { parts }),
        headers: { "content-type": "application/apply-patch+yaml" },
      });
    const first = await apply("a", [{ name: "skin" }]);
    expect(first.body.spec.parts).toEqual([{ name: "skin", weight: 1 }]);
    expect(JSON.stringify(first.body.metadata.managedFields)).not.toContain("f:weight");
    const second = await apply("b", [{ name: "core", weight: 7 }]);
    expect(second.body.spec.parts).toHaveLength(2);
  });

  test("follows the rights that are given, owners and namespaces", async () => {
    const token = cluster.tokenOf("viewer");
    expect((await cluster.call(balls, { token })).code).toBe(403);
    const rbac = "/apis/rbac.authorization.k8s.io/v1/namespaces/toys";
    const name = "toys";
    await cluster.call(`${rbac}/roles`, {
      body: {
        metadata: { name },
        rules: [{ apiGroups: ["toys.example.org"], resources: ["balls"], verbs: ["list"] }],
      },
    });
    await cluster.call(`${rbac}/rolebindings`, {
      body: {
        metadata: { name },
        subjects: [{ kind: "User", name: "viewer", apiGroup: "rbac.authorization.k8s.io" }],
        roleRef: { kind: "Role", name, apiGroup: "rbac.authorization.k8s.io" },
      },
    });
    expect((await cluster.call(balls, { token })).code).toBe(200);

    const owner = await make("owner");
    const { uid } = owner.body.metadata;
    const reference = { apiVersion: "toys.example.org/v1", kind: "Ball", name: "owner", uid };
    await cluster.call(balls, {
      body: { ...ball("owned"), metadata: { name: "owned", ownerReferences: [reference] } },
    });
    await cluster.call(`${balls}/owner`, { method: "DELETE" });
    await eventually(async () => (await cluster.call(`${balls}/owned`)).code === 404);

    await cluster.call(balls.replace("/toys/balls", "/going/balls"), { body: ball("last") });
    await cluster.call("/api/v1/namespaces/going", { method: "DELETE" });
    await eventually(async () => (await cluster.call("/api/v1/namespaces/going")).code === 404);
  });
});

describe("a definition that changes", () => {
  test("has its new schema kept at once, and what is stored read by it", async () => {
    const path = `${CRDS}/balls.toys.example.org`;
    const { body } = await cluster.call(path);
    for (const version of body.spec.versions) {
      const { properties } = version.schema.openAPIV3Schema.properties.spec;
      delete properties.anything;
      properties.shape = { type: "string", default: "round" };
    }
    const updated = await cluster.call(path, { method: "PUT", body });
    expect(updated.code).toBe(200);
    const read = await cluster.call(`${balls}/first`);
    expect(read.body.spec.shape).toBe("round");
    expect(read.body.spec.anything).toBeUndefined();
    const listed = await cluster.call(balls);
    expect(listed.body.items.find(({ metadata }: Body) => metadata.name === "first").spec.shape).toBe(
      "round",
    );
    const strict = await make("later", { anything: {} }, "?fieldValidation=Strict");
    expect(strict.body.message).toContain('unknown field "spec.anything"');
  });

  test("moves to another storage version and remembers the old one", async () => {
    const path = `${CRDS}/balls.toys.example.org`;
    const { body } = await cluster.call(path);
    for (const version of body.spec.versions) version.storage = version.name === "v1beta1";
    expect((await cluster.call(path, { method: "PUT", body })).code).toBe(200);
    await eventually(async () => {
      const { status } = (await cluster.call(path)).body;
      return JSON.stringify(status.storedVersions) === '["v1","v1beta1"]';
    });
    const without = { ...body, metadata: { name: body.metadata.name, resourceVersion: "" } };
    without.spec.versions = body.spec.versions.filter(({ name }: Body) => name !== "v1");
    const refused = await cluster.call(path, { method: "PUT", body: without });
    expect(refused.body.message).toContain(
      'status.storedVersions[0]: Invalid value: "v1": missing from spec.versions; v1 was previously a storage version',
    );
    expect((await make("after")).code).toBe(201);
    expect((await patch(`${balls}/first`, { spec: { size: 4 } })).body.spec.size).toBe(4);
  });

  test("is there again after a restart, with its instances", async () => {
    await cluster.close();
    cluster = await startCluster({ dataDir });
    const { code, body } = await cluster.call(`${balls}/first`);
    expect(code).toBe(200);
    expect(body.spec.size).toBe(4);
    expect((await make("again")).code).toBe(201);
  });
});

describe("a definition that goes", () => {
  test("takes its instances along, and waits for those that are held", async () => {
    await cluster.call(balls, {
      body: { ...ball("held"), metadata: { name: "held", finalizers: ["toys.example.org/hold"] } },
    });
    const path = `${CRDS}/balls.toys.example.org`;
    const watched = cluster.call(`${balls}?watch=1&fieldSelector=metadata.name%3Dheld`);
    const stale = { preconditions: { resourceVersion: "1" } };
    expect((await cluster.call(path, { method: "DELETE", body: stale })).code).toBe(409);
    const deleted = await cluster.call(path, { method: "DELETE" });
    expect(deleted.code).toBe(200);
    expect(deleted.body.metadata.finalizers).toEqual(["customresourcecleanup.apiextensions.k8s.io"]);
    expect(condition(deleted.body, "Terminating")).toMatchObject({
      status: "True",
      reason: "InstanceDeletionPending",
    });
    await eventually(async () => (await cluster.call(balls)).body.items.length === 1);
    const late = await make("late");
    expect(late.body).toMatchObject({
      code: 403,
      message:
        'balls.toys.example.org "late" is forbidden: create not allowed while custom resource definition is terminating',
    });
    await patch(`${balls}/held`, { metadata: { finalizers: null } });
    await eventually(async () => (await cluster.call(path)).code === 404);
    expect((await cluster.call(balls)).code).toBe(404);
    // the watch tells of the last instance and ends with the kind
    const events = (await watched).text.trim().split("\n");
    expect(JSON.parse(events.at(-1) ?? "")).toMatchObject({ type: "DELETED", object: { kind: "Ball" } });
    expect((await cluster.call("/apis/toys.example.org/v1")).code).toBe(404);
  });

  test("leaves its names to others", async () => {
    const body = await install(cluster, definition("balls", "Ball"));
    expect(condition(body, "NamesAccepted").status).toBe("True");
    expect((await cluster.call(balls)).body.items).toEqual([]);
    const free = definition("marbles", "Marble", { scope: "Cluster" });
    await install(cluster, free);
    const marbles = "/apis/toys.example.org/v1/marbles";
    const marble = { ...ball("one"), kind: "Marble" };
    expect((await cluster.call(marbles, { body: marble })).code).toBe(201);
    expect((await cluster.call(`${marbles}/one`)).body.metadata.namespace).toBeUndefined();
  });
});
