/** The YAML editor as a component. The text inside is its own; `reset` replaces it. */
import type { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import type { LineProblem } from "./schema-assist.ts";
import { useSchemas } from "./use-schemas.ts";
import { createYamlEditor, knowSchemas, replaceText, showProblems } from "./yaml-editor.ts";

interface YamlEditorProps {
  text: string;
  onChange: (text: string) => void;
  problems: readonly LineProblem[];
}

export default function YamlEditor({ text, onChange, problems }: YamlEditorProps) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ text, onChange });
  const schemas = useSchemas(text);
  useEffect(() => {
    latest.current = { text, onChange };
  });
  useEffect(() => {
    if (holder.current === null) return;
    const made = createYamlEditor(holder.current, latest.current.text, (next) =>
      latest.current.onChange(next),
    );
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    if (view.current) replaceText(view.current, text);
  }, [text]);
  useEffect(() => {
    if (view.current) showProblems(view.current, problems);
  }, [problems]);
  useEffect(() => {
    if (view.current) knowSchemas(view.current, schemas);
  }, [schemas]);
  return <div ref={holder} className="h-full min-h-0 overflow-hidden" />;
}
