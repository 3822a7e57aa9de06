/** CodeMirror for YAML, dressed in the console's tokens. Loaded only by the pages that edit. */
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import {
  bracketMatching,
  foldGutter,
  HighlightStyle,
  indentUnit,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension, Transaction } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { ObjectSchema } from "@kubev/api-types/object-schema";
import { styleNonce } from "../style-nonce.ts";
import { type LineProblem, schemaAssist, setLineProblems, setSchemas } from "./schema-assist.ts";
import { yaml } from "./yaml-language.ts";

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--accent)" },
  { tag: [tags.string, tags.content], color: "var(--content)" },
  { tag: [tags.number, tags.bool, tags.null, tags.atom], color: "var(--working)" },
  { tag: tags.comment, color: "var(--content-tertiary)" },
  { tag: [tags.punctuation, tags.separator, tags.meta], color: "var(--content-tertiary)" },
  { tag: tags.invalid, color: "var(--error)" },
]);

const dress = EditorView.theme({
  "&": {
    backgroundColor: "var(--surface-raised)",
    color: "var(--content)",
    fontSize: "12px",
    height: "100%",
  },
  "&.cm-focused": { outline: "2px solid var(--accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono, monospace)", lineHeight: "18px" },
  ".cm-gutters": {
    backgroundColor: "var(--surface-sunken)",
    color: "var(--content-tertiary)",
    border: "none",
  },
  ".cm-activeLine": { backgroundColor: "color-mix(in srgb, var(--surface-hover) 60%, transparent)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--surface-hover)" },
  ".cm-cursor": { borderLeftColor: "var(--content)" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--accent-solid) 34%, transparent) !important",
  },
  ".cm-panels": { backgroundColor: "var(--surface-overlay)", color: "var(--content)" },
  ".cm-searchMatch": { backgroundColor: "color-mix(in srgb, var(--attention) 30%, transparent)" },
  ".cm-tooltip": {
    backgroundColor: "var(--surface-overlay)",
    border: "1px solid var(--stroke)",
    borderRadius: "6px",
    color: "var(--content)",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono, monospace)", fontSize: "12px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": {
    backgroundColor: "var(--surface-hover)",
    color: "var(--content)",
  },
  ".cm-completionDetail": { color: "var(--content-tertiary)", fontStyle: "normal", marginLeft: "8px" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "600", color: "var(--accent)" },
  ".cm-completionInfo, .cm-words": { maxWidth: "420px", padding: "6px 10px", lineHeight: "18px" },
  ".cm-deletedChunk": { backgroundColor: "color-mix(in srgb, var(--error) 14%, transparent)" },
  ".cm-changedLine, .cm-insertedLine": {
    backgroundColor: "color-mix(in srgb, var(--ok) 13%, transparent) !important",
  },
  ".cm-changedText": { background: "color-mix(in srgb, var(--ok) 26%, transparent) !important" },
  ".cm-deletedText": { background: "color-mix(in srgb, var(--error) 28%, transparent) !important" },
  ".cm-collapsedLines": {
    background: "var(--surface-sunken)",
    color: "var(--content-secondary)",
  },
});

/** What every YAML view of the console has, read-only or not. */
export function yamlBase(): Extension[] {
  return [
    styleNonce === "" ? [] : EditorView.cspNonce.of(styleNonce),
    lineNumbers(),
    foldGutter(),
    drawSelection(),
    bracketMatching(),
    indentUnit.of("  "),
    yaml(),
    syntaxHighlighting(colours),
    dress,
    search({ top: true }),
    highlightSelectionMatches(),
  ];
}

/**
 * What is typed over a selection becomes a change of ours, not of the document that is edited: the browser would keep the
 * colours of what it takes away in a style attribute, which the content policy forbids. Everything else is CodeMirror's.
 */
const typing = EditorView.domEventHandlers({
  beforeinput: (event, view) => {
    if (view.state.selection.main.empty) return false;
    const { data, inputType, isComposing } = event;
    if (inputType !== "insertText" || data === null || isComposing || view.composing) return false;
    view.dispatch(view.state.replaceSelection(data), { userEvent: "input.type", scrollIntoView: true });
    return true;
  },
});

/** An editable view; Escape then Tab leaves it by keyboard. */
export function createYamlEditor(
  parent: HTMLElement,
  text: string,
  onChange: (text: string) => void,
): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        yamlBase(),
        typing,
        history(),
        highlightActiveLine(),
        lintGutter(),
        schemaAssist,
        keymap.of([...defaultKeymap, ...historyKeymap, ...searchKeymap, indentWithTab]),
        EditorView.contentAttributes.of({
          "aria-label": "YAML",
          "aria-description": "Press Escape, then Tab, to leave the editor.",
          tabindex: "0",
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) onChange(update.state.doc.toString());
        }),
      ],
    }),
  });
}

/** A view to read and copy from. */
export function createYamlViewer(parent: HTMLElement, text: string): EditorView {
  return new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        yamlBase(),
        EditorState.readOnly.of(true),
        keymap.of([...defaultKeymap, ...searchKeymap]),
        EditorView.contentAttributes.of({ "aria-label": "YAML, read only", tabindex: "0" }),
      ],
    }),
  });
}

/** Replaces what differs and nothing around it: the cursor, the selection and what is scrolled to stay where they are. */
export function replaceText(view: EditorView, text: string): void {
  const current = view.state.doc.toString();
  if (current === text) return;
  const shorter = Math.min(current.length, text.length);
  let from = 0;
  while (from < shorter && current[from] === text[from]) from += 1;
  let tail = 0;
  while (tail < shorter - from && current.at(-1 - tail) === text.at(-1 - tail)) tail += 1;
  view.dispatch({
    changes: { from, to: current.length - tail, insert: text.slice(from, text.length - tail) },
    // undone would be what somebody else stored, on top of its newest version
    annotations: Transaction.addToHistory.of(false),
  });
}

export function showProblems(view: EditorView, problems: readonly LineProblem[]): void {
  view.dispatch({ effects: setLineProblems.of(problems) });
}

export function knowSchemas(view: EditorView, schemas: ReadonlyMap<string, ObjectSchema>): void {
  view.dispatch({ effects: setSchemas.of(schemas) });
}
