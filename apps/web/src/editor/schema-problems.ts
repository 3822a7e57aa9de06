/** What in a text does not fit the schema of its kind. The cluster has the last word, so these are warnings. */
import type { ObjectSchema, SchemaNode } from "@kubev/api-types/object-schema";
import type { SyntaxNode, Tree } from "@lezer/common";
import { choicesOf, item, stepInto, typeWords } from "./schema-node.ts";

export interface SchemaProblem {
  from: number;
  to: number;
  message: string;
}

export type SchemaOf = (apiVersion: string, kind: string) => ObjectSchema | undefined;

const mappings = new Set(["BlockMapping", "FlowMapping"]);
const sequences = new Set(["BlockSequence", "FlowSequence"]);
const texts = new Set(["QuotedLiteral", "BlockLiteral"]);

interface Field {
  key: string;
  keyNode: SyntaxNode;
  value: SyntaxNode | null;
}

const unquoted = (text: string) => text.replace(/^(["'])(.*)\1$/s, "$2");

function fieldsOf(mapping: SyntaxNode, text: string): Field[] {
  return mapping.getChildren("Pair").flatMap((pair) => {
    const keyNode = pair.getChild("Key");
    if (keyNode === null || pair.getChild(":") === null) return [];
    const last = pair.lastChild;
    const value = last === null || last.name === ":" || last.name === "Key" ? null : last;
    return [{ key: unquoted(text.slice(keyNode.from, keyNode.to)), keyNode, value }];
  });
}

/** How many letters must be changed, added or left out; more than `most` counts as `most + 1`. */
function distance(a: string, b: string, most: number): number {
  if (Math.abs(a.length - b.length) > most) return most + 1;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1)
      next[j] = Math.min(
        (row[j] ?? 0) + 1,
        (next[j - 1] ?? 0) + 1,
        (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1),
      );
    row = next;
  }
  return row[b.length] ?? most + 1;
}

function nearest(key: string, names: readonly string[]): string | undefined {
  const lower = key.toLowerCase();
  const near = names
    .map((name) => ({ name, far: distance(lower, name.toLowerCase(), 2) }))
    .filter(({ far }) => far <= 2)
    .toSorted((a, b) => a.far - b.far);
  return near[0]?.name;
}

/** What a plain word means to the cluster's parser. */
function plainType(word: string): "null" | "boolean" | "number" | "string" {
  if (/^(~|null|Null|NULL|)$/.test(word)) return "null";
  if (/^(true|True|TRUE|false|False|FALSE)$/.test(word)) return "boolean";
  return /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i.test(word) ? "number" : "string";
}

/** What is wrong with a single value; undefined where it fits. */
function scalarProblem(node: SyntaxNode, schema: SchemaNode, text: string): string | undefined {
  const written = text.slice(node.from, node.to);
  const type = texts.has(node.name) ? "string" : plainType(written);
  if (type === "null") return undefined;
  const wanted = typeWords(schema);
  if (schema.type === "object" || schema.type === "array" || schema.fields !== undefined)
    return `Wanted here: ${wanted}.`;
  const choices = choicesOf(schema);
  if (schema.enum !== undefined && !choices.includes(unquoted(written)) && node.name !== "BlockLiteral")
    return `Wanted here is one of: ${choices.join(", ")}.`;
  if (schema.intOrString === true) return type === "boolean" ? `Wanted here: ${wanted}.` : undefined;
  switch (schema.type) {
    case "string":
      return type === "string" ? undefined : `A text is wanted here: write it in quotes, "${written}".`;
    case "boolean":
      return type === "boolean" ? undefined : "Wanted here: true or false, without quotes.";
    case "integer":
      return type === "number" && /^[-+]?\d+$/.test(written)
        ? undefined
        : "Wanted here: a whole number, without quotes.";
    case "number":
      return type === "number" ? undefined : "Wanted here: a number, without quotes.";
    case undefined:
      return undefined;
  }
}

export function schemaProblems(tree: Tree, text: string, schemaOf: SchemaOf): SchemaProblem[] {
  const problems: SchemaProblem[] = [];

  function checkMapping(node: SyntaxNode, schema: SchemaNode, whole: ObjectSchema): void {
    const names = Object.keys(schema.fields ?? {});
    for (const { key, keyNode, value } of fieldsOf(node, text)) {
      const next = stepInto(schema, key, whole);
      if (next === undefined) {
        if (schema.open === true || schema.fields === undefined) continue;
        const meant = nearest(key, names);
        problems.push({
          from: keyNode.from,
          to: keyNode.to,
          message: `The cluster knows no field ${key} here.${meant === undefined ? "" : ` Is ${meant} meant?`}`,
        });
      } else if (value !== null) check(value, next, whole);
    }
  }

  function check(node: SyntaxNode, schema: SchemaNode, whole: ObjectSchema): void {
    const wrong = (message: string) =>
      problems.push({ from: node.from, to: Math.min(node.to, lineEnd(text, node.from)), message });
    const isObject = schema.type === "object" || schema.fields !== undefined || schema.values !== undefined;
    const isAny = schema.type === undefined && !isObject;
    if (mappings.has(node.name)) {
      if (isObject) checkMapping(node, schema, whole);
      else if (!isAny || schema.intOrString === true) wrong(`Wanted here: ${typeWords(schema)}.`);
    } else if (sequences.has(node.name)) {
      if (schema.type === "array") {
        const inner = stepInto(schema, item, whole);
        if (inner === undefined) return;
        for (const entry of node.getChildren("Item")) {
          const value = entry.lastChild;
          if (value !== null) check(value, inner, whole);
        }
      } else if (!isAny || schema.intOrString === true) wrong(`Wanted here: ${typeWords(schema)}.`);
    } else if (node.name === "Literal" || texts.has(node.name)) {
      const problem = scalarProblem(node, schema, text);
      if (problem !== undefined) wrong(problem);
    }
  }

  for (const document of tree.topNode.getChildren("Document")) {
    const root = document.getChild("BlockMapping");
    if (root === null) continue;
    const words = new Map(
      fieldsOf(root, text).map(({ key, value }) => [
        key,
        value === null ? "" : unquoted(text.slice(value.from, value.to)),
      ]),
    );
    const schema = schemaOf(words.get("apiVersion") ?? "", words.get("kind") ?? "");
    if (schema !== undefined) checkMapping(root, schema.root, schema);
  }
  return problems.toSorted((a, b) => a.from - b.from);
}

function lineEnd(text: string, from: number): number {
  // a block's first line may be empty: its key's line
  const start = from + (/^\s*/.exec(text.slice(from))?.[0].length ?? 0);
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

/** Kinds that a text of several documents names, as far as they are written. */
export function kindsOf(text: string): { apiVersion: string; kind: string }[] {
  const found = new Map<string, { apiVersion: string; kind: string }>();
  for (const document of text.split(/^---.*$/m)) {
    const apiVersion = unquoted(/^apiVersion:[ \t]+(\S+)/m.exec(document)?.[1] ?? "");
    const kind = unquoted(/^kind:[ \t]+(\S+)/m.exec(document)?.[1] ?? "");
    if (apiVersion !== "" && kind !== "") found.set(`${apiVersion} ${kind}`, { apiVersion, kind });
  }
  return [...found.values()];
}
