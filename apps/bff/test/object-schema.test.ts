/** What the YAML editor is told of a kind's fields, over a whole console and of documents as real clusters write them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { objectSchemaOf } from "../src/domain/object-schema.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";

describe("over a console", () => {
  let cut: ConsoleUnderTest;
  let viewer: Person;
  beforeAll(async () => {
    cut = await startConsole();
    viewer = await cut.signIn("viewer");
  });
  afterAll(async () => cut.close());

  test("a machine's fields, with their types, choices and the cluster's words", async () => {
    const { root } = await viewer.call("getObjectSchema", {
      query: { apiVersion: "kubevirt.io/v1", kind: "VirtualMachine" },
    });
    const spec = root.fields?.["spec"]?.fields;
    expect(spec?.["runStrategy"]).toMatchObject({ type: "string" });
    const domain = spec?.["template"]?.fields?.["spec"]?.fields?.["domain"];
    expect(domain?.required).toContain("devices");
    expect(domain?.fields?.["cpu"]?.fields?.["cores"]).toMatchObject({ type: "integer" });
    expect(domain?.fields?.["memory"]?.fields?.["guest"]?.intOrString).toBe(true);
  });

  test.each([
    { apiVersion: "kubevirt.io/v1", kind: "Nothing" },
    { apiVersion: "nowhere.example.org/v1", kind: "VirtualMachine" },
  ])("a kind that is not served is not found: $apiVersion $kind", async (query) => {
    expect((await viewer.refused("getObjectSchema", { query })).status).toBe(404);
  });

  test("no more of the cluster can be read by it than its documents", async () => {
    for (const apiVersion of ["../../api/v1", "a/../v1", "v1/secrets", "kubevirt.io/v1/namespaces"]) {
      const { status } = await viewer.refused("getObjectSchema", { query: { apiVersion, kind: "A" } });
      expect({ apiVersion, status }).toEqual({ apiVersion, status: 422 });
    }
  });
});

test("shapes that hold themselves are named once, and a missing one takes anything", () => {
  const schema = objectSchemaOf(
    {
      components: {
        schemas: {
          "io.example.Tree": {
            type: "object",
            description: `First. ${"Much more follows. ".repeat(30)}`,
            "x-kubernetes-group-version-kind": [{ group: "example.org", version: "v1", kind: "Tree" }],
            properties: {
              branch: { allOf: [{ $ref: "#/components/schemas/io.example.Branch" }], default: {} } as object,
              gone: { $ref: "#/components/schemas/io.example.Gone" },
              port: { "x-kubernetes-int-or-string": true },
              labels: { type: "object", additionalProperties: { type: "string" } },
              raw: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
            },
          },
          "io.example.Branch": {
            type: "object",
            required: ["name"],
            properties: {
              name: { type: "string", enum: ["oak", "elm", null] },
              branches: { type: "array", items: { $ref: "#/components/schemas/io.example.Branch" } },
            },
          },
        },
      },
    },
    "example.org",
    "v1",
    "Tree",
  );
  expect(schema).toMatchObject({
    root: {
      type: "object",
      fields: {
        branch: { ref: "io.example.Branch" },
        gone: { ref: "io.example.Gone" },
        port: { intOrString: true },
        labels: { type: "object", values: { type: "string" } },
        raw: { type: "object", open: true },
      },
    },
    shapes: {
      "io.example.Gone": { open: true },
      "io.example.Branch": {
        required: ["name"],
        fields: {
          name: { type: "string", enum: ["oak", "elm"] },
          branches: { type: "array", items: { ref: "io.example.Branch" } },
        },
      },
    },
  });
  expect(schema?.root.description?.length).toBeLessThanOrEqual(240);
  expect(schema?.root.fields?.["labels"]).not.toHaveProperty("open");
});
