import type { ObjectSchema } from "@kubev/api-types/object-schema";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { describe, expect, test } from "vitest";
import { kindsOf, schemaProblems } from "./schema-problems.ts";

const schema: ObjectSchema = {
  root: {
    type: "object",
    fields: {
      apiVersion: { type: "string" },
      kind: { type: "string" },
      metadata: { type: "object", open: true },
      spec: {
        type: "object",
        fields: {
          running: { type: "boolean" },
          count: { type: "integer" },
          strategy: { type: "string", enum: ["Always", "Halted"] },
          memory: { intOrString: true },
          disks: { type: "array", items: { ref: "Disk" } },
          labels: { type: "object", values: { type: "string" } },
          anything: { open: true },
        },
      },
    },
  },
  shapes: { Disk: { type: "object", fields: { name: { type: "string" }, of: { ref: "Disk" } } } },
};

function problemsOf(spec: string) {
  const text = `apiVersion: v1\nkind: Tree\nspec:\n${spec}\n`;
  const tree = yamlLanguage.parser.parse(text);
  return schemaProblems(tree, text, (apiVersion, kind) =>
    apiVersion === "v1" && kind === "Tree" ? schema : undefined,
  ).map(({ from, to, message }) => [text.slice(from, to), message]);
}

describe("what does not fit", () => {
  test.each([
    ["  runing: true", "runing", "The cluster knows no field runing here. Is running meant?"],
    ["  whatever: 1", "whatever", "The cluster knows no field whatever here."],
    ["  constructor: 1", "constructor", "The cluster knows no field constructor here."],
    ["  __proto__: {a: 1}", "__proto__", "The cluster knows no field __proto__ here."],
    ["  running: 'true'", "'true'", "Wanted here: true or false, without quotes."],
    ["  count: many", "many", "Wanted here: a whole number, without quotes."],
    ["  count: 1.5", "1.5", "Wanted here: a whole number, without quotes."],
    ["  strategy: Sometimes", "Sometimes", "Wanted here is one of: Always, Halted."],
    ["  memory: true", "true", "Wanted here: number or text."],
    ["  disks: none", "none", "Wanted here: list."],
    ["  disks: {name: a}", "{name: a}", "Wanted here: list."],
    ["  disks:\n  - name: a\n    nome: b", "nome", "The cluster knows no field nome here. Is name meant?"],
    ["  disks:\n  - {of: {of: {nam: b}}}", "nam", "The cluster knows no field nam here. Is name meant?"],
    ["  disks:\n  - name: 1", "1", 'A text is wanted here: write it in quotes, "1".'],
    ["  labels:\n    a: true", "true", 'A text is wanted here: write it in quotes, "true".'],
  ])("%j", (spec, where, message) => {
    expect(problemsOf(spec)).toEqual([[where, message]]);
  });
});

test.each([
  "  running: true",
  "  count: 3",
  "  strategy: 'Always'",
  "  memory: 2Gi",
  "  memory: 2",
  "  disks:\n  - name: a\n    of:\n      name: '1'",
  "  disks: []",
  "  labels: {a: b, c: 'true'}",
  "  anything:\n    goes: [1, true]",
  "  count:",
  "  count: null",
  "  count: *known",
])("%j fits", (spec) => {
  expect(problemsOf(spec)).toEqual([]);
});

test("a text of a kind whose schema is not known has no problems", () => {
  const text = "apiVersion: v2\nkind: Tree\nnonsense: true\n";
  expect(schemaProblems(yamlLanguage.parser.parse(text), text, () => undefined)).toEqual([]);
});

test("the kinds of several documents", () => {
  expect(kindsOf('apiVersion: v1\nkind: A\n---\nkind: "B"\napiVersion: x.io/v1\n---\nkind: C\n')).toEqual([
    { apiVersion: "v1", kind: "A" },
    { apiVersion: "x.io/v1", kind: "B" },
  ]);
});
