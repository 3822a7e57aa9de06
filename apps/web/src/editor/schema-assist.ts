/** What the schema of a kind adds to the editor: names and values while typing, the cluster's words on a field, warnings. */
import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  startCompletion,
} from "@codemirror/autocomplete";
import { ensureSyntaxTree } from "@codemirror/language";
import { type Diagnostic, linter } from "@codemirror/lint";
import { type EditorState, type Extension, StateEffect, StateField } from "@codemirror/state";
import { type EditorView, hoverTooltip, keymap } from "@codemirror/view";
import type { ObjectSchema, SchemaNode } from "@kubev/api-types/object-schema";
import { choicesOf, nodeAt, typeWords } from "./schema-node.ts";
import { kindsOf, type SchemaOf, schemaProblems } from "./schema-problems.ts";
import { placeAt } from "./yaml-place.ts";

export interface LineProblem {
  /** 1-based; without one the problem is shown at the first line. */
  line?: number | undefined;
  message: string;
}

export const setSchemas = StateEffect.define<ReadonlyMap<string, ObjectSchema>>();
export const setLineProblems = StateEffect.define<readonly LineProblem[]>();

export const schemaKey = (apiVersion: string, kind: string) => `${apiVersion} ${kind}`;

const schemas = StateField.define<ReadonlyMap<string, ObjectSchema>>({
  create: () => new Map(),
  update: (known, { effects }) => effects.find((effect) => effect.is(setSchemas))?.value ?? known,
});

const lineProblems = StateField.define<readonly LineProblem[]>({
  create: () => [],
  update: (known, { effects }) => effects.find((effect) => effect.is(setLineProblems))?.value ?? known,
});

/** The longest text that is looked through while somebody types; what is longer the cluster alone judges. */
const longestLooked = 400_000;
const parseMs = 100;

/** The document of several that the place is in. */
function documentAt(text: string, position: number): { text: string; from: number } {
  let from = 0;
  for (const divider of text.matchAll(/^---.*$/gm)) {
    if (divider.index > position) return { text: text.slice(from, divider.index), from };
    from = divider.index;
  }
  return { text: text.slice(from), from };
}

function schemaAt(view: EditorView | CompletionContext, position: number) {
  const text = view.state.doc.toString();
  const document = documentAt(text, position);
  const [own] = kindsOf(document.text);
  const schema = own && view.state.field(schemas).get(schemaKey(own.apiVersion, own.kind));
  return schema === undefined ? null : { schema, text };
}

/** What follows a chosen key, so that one can go on typing. */
function afterKey(node: SchemaNode | undefined, column: number): string {
  const inner = `\n${" ".repeat(column + 2)}`;
  if (node?.type === "array") return `:${inner}- `;
  return node?.type === "object" || node?.fields !== undefined ? `:${inner}` : ": ";
}

function keyOptions(schema: ObjectSchema, place: NonNullable<ReturnType<typeof placeAt>>): Completion[] {
  const here = nodeAt(schema, place.path);
  return Object.keys(here?.fields ?? {})
    .filter((name) => !place.siblings.has(name))
    .map((name) => {
      const node = nodeAt(schema, [...place.path, name]);
      const isRequired = here?.required?.includes(name) === true;
      const type = node === undefined ? "" : typeWords(node);
      return {
        label: name,
        type: "property",
        detail: isRequired ? `${type}, required` : type,
        boost: isRequired ? 1 : 0,
        apply: (view, _completion, from, to) => {
          // what is left of the word goes; a key that has its colon keeps what stands behind it
          const line = view.state.doc.lineAt(to);
          const rest = line.text.slice(to - line.from);
          const end = to + (/^[\w./-]*/.exec(rest)?.[0].length ?? 0);
          const hasColon = /^[\w./-]*:/.test(rest);
          const insert = hasColon ? name : `${name}${afterKey(node, place.column)}`;
          view.dispatch({
            changes: { from, to: end, insert },
            selection: { anchor: from + insert.length },
          });
          if (!hasColon) startCompletion(view);
        },
        ...(node?.description === undefined ? {} : { info: node.description }),
      } satisfies Completion;
    });
}

/** What may be written at a place; null where nothing is known of it. */
export function completionsAt(context: CompletionContext): CompletionResult | null {
  const known = schemaAt(context, context.pos);
  if (known === null) return null;
  const place = placeAt(known.text, context.pos);
  if (place === null) return null;
  if (place.part === "key") {
    if (place.key === "" && !context.explicit) return null;
    return {
      from: place.from,
      options: keyOptions(known.schema, place),
      validFor: /^[\w./-]*$/,
    };
  }
  const node = nodeAt(known.schema, [...place.path, place.key]);
  if (node === undefined) return null;
  const options = choicesOf(node).map((label) => ({ label, type: "enum" }));
  return options.length === 0 ? null : { from: place.from, options, validFor: /^\S*$/ };
}

const words = hoverTooltip((view, position) => {
  const line = view.state.doc.lineAt(position);
  const key = /^(\s*(?:- +)*)("?)([\w./-]+)\2:(?=\s|$)/.exec(line.text);
  if (key === null) return null;
  const [, indent = "", quote = "", name = ""] = key;
  const from = line.from + indent.length;
  const to = from + quote.length * 2 + name.length;
  if (position < from || position > to) return null;
  const known = schemaAt(view, position);
  const place = known && placeAt(known.text, line.from + indent.length);
  const node = known && place && nodeAt(known.schema, [...place.path, name]);
  if (node === null || node === undefined) return null;
  return {
    pos: from,
    end: to,
    above: true,
    create: () => {
      const dom = document.createElement("div");
      dom.className = "cm-words";
      const head = dom.appendChild(document.createElement("strong"));
      head.textContent = [name, typeWords(node)].filter((word) => word !== "").join(": ");
      const choices = choicesOf(node);
      for (const text of [node.description, node.enum === undefined ? "" : `One of: ${choices.join(", ")}.`])
        if (text !== undefined && text !== "")
          dom.appendChild(document.createElement("p")).textContent = text;
      return { dom };
    },
  };
});

/** What is shown beside the lines: problems that were told, and what does not fit the schemas that are known. */
export function diagnosticsOf(state: EditorState): Diagnostic[] {
  const { doc } = state;
  const said = state.field(lineProblems).map((problem): Diagnostic => {
    const line = doc.line(Math.min(Math.max(1, problem.line ?? 1), doc.lines));
    return { from: line.from, to: line.to, severity: "error", message: problem.message };
  });
  const known = state.field(schemas);
  if (known.size === 0 || doc.length > longestLooked) return said;
  const tree = ensureSyntaxTree(state, doc.length, parseMs);
  if (tree === null) return said;
  const schemaOf: SchemaOf = (apiVersion, kind) => known.get(schemaKey(apiVersion, kind));
  return [
    ...said,
    ...schemaProblems(tree, doc.toString(), schemaOf).map(
      (problem): Diagnostic => ({
        ...problem,
        severity: "warning",
      }),
    ),
  ];
}

export const schemaAssist: Extension = [
  schemas,
  lineProblems,
  autocompletion({ override: [completionsAt], icons: false, closeOnBlur: true }),
  keymap.of([{ key: "Alt-Space", run: startCompletion }]),
  words,
  linter(({ state }) => diagnosticsOf(state), {
    delay: 300,
    needsRefresh: ({ transactions }) =>
      transactions.some(({ effects }) =>
        effects.some((effect) => effect.is(setSchemas) || effect.is(setLineProblems)),
      ),
  }),
];
