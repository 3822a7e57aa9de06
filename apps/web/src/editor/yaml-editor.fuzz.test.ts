/**
 * Whatever stands in the YAML editor, half written, damaged or hostile, at whatever place somebody types: nothing throws, nothing
 * holds the page up, and what is shown lies within the text. `SOAK=1` tries many thousands of texts.
 */
// oxlint-disable vitest/expect-expect, vitest/no-conditional-expect -- what holds of every text is looked at in `look` and `timed`
import { CompletionContext } from "@codemirror/autocomplete";
import { ensureSyntaxTree } from "@codemirror/language";
import { EditorState, type TransactionSpec } from "@codemirror/state";
import type { EditorView } from "@codemirror/view";
import { classHighlighter, highlightTree } from "@lezer/highlight";
import type { ObjectSchema, SchemaNode } from "@kubev/api-types/object-schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { objectSchemaOf } from "../../../bff/src/domain/object-schema.ts";
import {
  kindSchemas,
  sharedSchemas,
} from "../../../../packages/kube-sim/src/schema/structural-schemas.gen.ts";
import { completionsAt, diagnosticsOf, schemaAssist, schemaKey, setSchemas } from "./schema-assist.ts";
import { kindsOf } from "./schema-problems.ts";
import { mergeDraft, undecidedPlaces } from "./yaml-draft.ts";
import { yaml } from "./yaml-language.ts";
import { placeAt } from "./yaml-place.ts";
import { problemLines } from "./yaml-problem.ts";

const isSoak = import.meta.env["SOAK"] === "1";
const seed = Number(import.meta.env["FUZZ_SEED"] ?? 20_261_123);
const numRuns = isSoak ? 20_000 : 300;
/** Of one text and all that is asked of it, on a machine that does much else. */
const longestMs = 5000;

/** The kind's own definition, by the way that the server takes it to the editor. */
function schemaOf(resource: string, group: string, version: string, kind: string): ObjectSchema {
  const parsed = (text = "{}") =>
    JSON.parse(text.replaceAll(/"\$ref":(\d+)/g, '"$ref":"#/components/schemas/$1"')) as object;
  const own = {
    ...parsed(kindSchemas[resource]),
    "x-kubernetes-group-version-kind": [{ group, version, kind }],
  };
  const shared = Object.fromEntries(sharedSchemas.map((text, index) => [String(index), parsed(text)]));
  const schema = objectSchemaOf({ components: { schemas: { own, ...shared } } }, group, version, kind);
  if (schema === null) throw new Error(`${kind} has no schema`);
  return schema;
}

const tree: ObjectSchema = {
  root: { type: "object", fields: { spec: { ref: "Tree" } } },
  shapes: {
    Tree: {
      type: "object",
      fields: {
        of: { ref: "Tree" },
        all: { type: "array", items: { ref: "Tree" } },
        name: { type: "string" },
      },
      values: { ref: "Tree" },
    },
  },
};
const schemas = new Map<string, ObjectSchema>([
  [
    schemaKey("kubevirt.io/v1", "VirtualMachine"),
    schemaOf("kubevirt.io/virtualmachines", "kubevirt.io", "v1", "VirtualMachine"),
  ],
  [schemaKey("kubeovn.io/v1", "Subnet"), schemaOf("kubeovn.io/subnets", "kubeovn.io", "v1", "Subnet")],
  [
    schemaKey("cdi.kubevirt.io/v1beta1", "StorageProfile"),
    schemaOf("cdi.kubevirt.io/storageprofiles", "cdi.kubevirt.io", "v1beta1", "StorageProfile"),
  ],
  // one that holds itself, as that of definitions does
  [schemaKey("example.org/v1", "Tree"), tree],
]);

type Draw = fc.GeneratorValue;

function pick<T>(draw: Draw, list: readonly T[]): T {
  const one = list[draw(fc.integer, { min: 0, max: list.length - 1 })];
  if (one === undefined) throw new Error("There is nothing to pick from");
  return one;
}

const percent = (draw: Draw): number => draw(fc.integer, { min: 0, max: 99 });
const words = [
  "true",
  "Halted",
  "1Gi",
  "3",
  "1.5",
  "''",
  '"a: b"',
  "null",
  "{a: [b, 'c'], d: {e: 1}}",
  "[a, {b: c}]",
  "&anchor x",
  "*anchor",
  "!!str 1",
  "|\n  text\n\n   more",
  ">-",
  "# none",
  "\u202eright to left\u2066",
  "été 👋",
] as const;

/** Fields of a shape as somebody would write them, some of them with what does not belong there. */
function writtenFields(
  draw: Draw,
  node: SchemaNode | undefined,
  schema: ObjectSchema,
  indent: string,
): string {
  const shape = node?.ref === undefined ? node : schema.shapes[node.ref];
  const names = Object.keys(shape?.fields ?? {}).concat("labels", "constructor", "__proto__");
  const count = draw(fc.integer, { min: 0, max: indent.length > 16 ? 1 : 5 });
  return Array.from({ length: count }, () => {
    const name = pick(draw, names);
    const field = shape?.fields?.[name] ?? shape?.values;
    const inner = field?.items ?? field;
    const dash = field?.items === undefined ? "" : `${indent}- `;
    if (percent(draw) < 45) return `${indent}${name}: ${pick(draw, words)}\n`;
    const below = writtenFields(draw, inner, schema, `${indent}  `);
    return `${indent}${name}:\n${dash === "" ? below : below.replace(`${indent}  `, dash)}`;
  }).join("");
}

const pieces = [
  ":",
  "\n",
  "  ",
  "[",
  "}",
  '"',
  "'",
  "&a ",
  "*a",
  "- ",
  "#",
  "\t",
  "|",
  "\u0000",
  "---\n",
  "\r\n",
];
const soup = [
  ...pieces,
  ...words,
  "? ",
  "<<: ",
  "...",
  "%YAML 1.2\n",
  "\uFEFF",
  "\u2028",
  "\ud800",
  "spec:",
  "kind",
];
/** What is long in one way. */
const long: readonly ((times: number) => string)[] = [
  (times) => "- ".repeat(times),
  (times) => `a: ${"x".repeat(times)} y`,
  (times) => `a: ${" ".repeat(times)}y z`,
  (times) => `spec: ${"{of: ".repeat(times)}`,
  (times) => `spec: ${"[".repeat(times)}`,
  (times) => `spec: ${"{of: ".repeat(times / 10)}x${"}".repeat(times / 10)}`,
  (times) => "k: v\n".repeat(times),
  (times) => "- a\n".repeat(times),
  (times) => `${"---\n".repeat(times)}kind`,
  (times) => Array.from({ length: Math.min(times, 1000) }, (_, at) => `${" ".repeat(at)}of:\n`).join(""),
  (times) => Array.from({ length: Math.min(times, 1000) }, (_, at) => `${" ".repeat(at)}- of:\n`).join(""),
  (times) => `a: "${"\\".repeat(times)}`,
  (times) => `a: |\n${"\n".repeat(times)}`,
  (times) => `${"'".repeat(times)}: ${'"'.repeat(times)}`,
  (times) =>
    `spec:\n${Array.from({ length: times / 10 }, (_, at) => `  nam${at}: &a${at} *a${at}\n`).join("")}`,
  (times) => `${"? ".repeat(times)}x`,
  (times) => `${"!!a ".repeat(times)}${"&b ".repeat(times)}`,
];

function textOf(draw: Draw): string {
  const [key, schema] = pick(draw, [...schemas]);
  const [apiVersion = "", kind = ""] = key.split(" ");
  const head = `apiVersion: ${apiVersion}\nkind: ${kind}\n`;
  const share = percent(draw);
  if (share < 15) return draw(() => fc.array(fc.constantFrom(...soup), { maxLength: 60 })).join("");
  if (share < 25) return `${head}${pick(draw, long)(draw(fc.integer, { min: 1, max: 3000 }))}`;
  if (share < 30) return draw(() => fc.string({ unit: "binary", maxLength: 80 }));
  const whole = `${head}${writtenFields(draw, schema.root, schema, "")}`;
  return share < 40 ? `${whole}---\n${head}spec:\n  name: 1\n` : damaged(draw, whole);
}

/** With some pieces put in and taken away. */
function damaged(draw: Draw, text: string): string {
  let left = text;
  for (let times = draw(fc.integer, { min: 0, max: 4 }); times > 0; times -= 1) {
    const at = draw(fc.integer, { min: 0, max: left.length });
    const gone = draw(fc.integer, { min: 0, max: 6 });
    left = left.slice(0, at) + pick(draw, ["", ...pieces]) + left.slice(at + gone);
  }
  return left;
}

/** A view as far as a chosen completion needs one. */
function applied(state: EditorState, apply: (view: EditorView) => void): void {
  const view = {
    state,
    dispatch: (spec: TransactionSpec) => {
      view.state = view.state.update(spec).state;
    },
  };
  apply(view as unknown as EditorView); // it reads the state and dispatches
  expect(view.state.selection.main.head).toBeLessThanOrEqual(view.state.doc.length);
}

/** Everything that the editor asks of a text while somebody types at the places. */
function look(text: string, places: readonly number[]): void {
  const begin = EditorState.create({ doc: text, extensions: [yaml(), schemaAssist] });
  const { state } = begin.update({ effects: setSchemas.of(schemas) });
  const { length } = state.doc;
  const shown = state.doc.toString();
  // as far as it comes in the time that a page gives it
  const tree = ensureSyntaxTree(state, length, 100);
  if (tree !== null) highlightTree(tree, classHighlighter, (from, to) => expect(from < to).toBe(true));
  for (const { from, to, message } of diagnosticsOf(state)) {
    expect(0 <= from && from <= to && to <= length).toBe(true);
    expect(message).not.toMatch(/undefined|\[object|native code/);
  }
  for (const position of places.map((place) => place % (length + 1))) {
    const place = placeAt(shown, position);
    if (place?.part === "key") expect(shown.slice(place.from, position)).toBe(place.key);
    if (place !== null) expect(place.from).toBeGreaterThanOrEqual(state.doc.lineAt(position).from);
    const completions = completionsAt(new CompletionContext(state, position, true));
    if (completions === null) continue;
    expect(0 <= completions.from && completions.from <= position).toBe(true);
    for (const option of completions.options.slice(0, 3)) {
      expect(option.label).toMatch(/./);
      const { apply } = option;
      if (typeof apply === "function")
        applied(state, (view) => apply(view, option, completions.from, position));
    }
  }
  expect(kindsOf(shown).length).toBeLessThanOrEqual(shown.split("kind").length);
}

function timed(doing: () => void): void {
  const beganMs = performance.now();
  doing();
  expect(performance.now() - beganMs).toBeLessThan(longestMs);
}

const places = fc.array(fc.nat(), { minLength: 1, maxLength: 4 });

test(`${numRuns} texts (seed ${seed}), written at anywhere`, {
  timeout: isSoak ? 3_600_000 : 120_000,
}, () => {
  fc.assert(
    fc.property(fc.gen(), places, (draw, at) => {
      const text = textOf(draw);
      timed(() => look(text, at));
    }),
    { seed, numRuns, endOnFailure: true },
  );
});

test(`${numRuns} edits that meet and problems that are told (seed ${seed})`, { timeout: 600_000 }, () => {
  fc.assert(
    fc.property(fc.gen(), (draw) => {
      const base = textOf(draw);
      const text = damaged(draw, base);
      const yamlOfOthers = damaged(draw, base);
      timed(() => {
        const merged = mergeDraft(
          { base, text, resourceVersion: "1" },
          { yaml: yamlOfOthers, resourceVersion: "2" },
        );
        const lines = merged.text.split("\n").length;
        for (const { line } of undecidedPlaces(merged.text)) expect(line >= 1 && line <= lines).toBe(true);
        if (text === base) expect(merged.text).toBe(yamlOfOthers);
        const told = problemLines([
          {
            path: text,
            line: 3,
            reason: { code: "yaml-syntax", upstreamText: `${base} at line 3, column 7:` },
          },
        ]);
        expect(told).toHaveLength(1);
        expect(told[0]?.text).toMatch(/^Line 3(, column 7)?: /);
      });
    }),
    { seed, numRuns: Math.ceil(numRuns / 2), endOnFailure: true },
  );
});

test.each(long.map((make) => [make(30).slice(0, 40).replaceAll("\n", "⏎"), make] as const))(
  "a hundred kilobytes of %s hold nobody up",
  (_what, make) => {
    const much = make(Math.ceil(12_000_000 / make(100).length));
    const text = `apiVersion: example.org/v1\nkind: Tree\n${much}`;
    timed(() => look(text, [text.length, text.length - 1, Math.floor(text.length / 2), 45]));
    timed(() => problemLines([{ path: "", reason: { code: "yaml-syntax", upstreamText: much } }]));
  },
);

test("a hundred kilobytes of lines that two people changed all over come together", () => {
  const lines = (side: string, every: number) =>
    Array.from({ length: 20_000 }, (_, at) => (at % every === 0 ? `${side}${at}: 1` : `key${at}: 1`)).join(
      "\n",
    );
  const draft = { base: lines("base", 19_999), text: lines("mine", 19_999), resourceVersion: "1" };
  timed(() => {
    const { text } = mergeDraft(draft, {
      yaml: lines("base", 19_999).replace("key777:", "theirs:"),
      resourceVersion: "2",
    });
    expect(text).toContain("mine0: 1");
    expect(text).toContain("mine19999: 1");
    expect(text).toContain("theirs: 1");
    expect(undecidedPlaces(text)).toEqual([]);
  });
});
