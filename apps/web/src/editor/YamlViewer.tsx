/** YAML to read: coloured, searchable, copyable. */
import type { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { createYamlViewer, replaceText } from "./yaml-editor.ts";

export default function YamlViewer({ text }: { text: string }) {
  const holder = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const first = useRef(text);
  useEffect(() => {
    if (holder.current === null) return;
    const made = createYamlViewer(holder.current, first.current);
    view.current = made;
    return () => made.destroy();
  }, []);
  useEffect(() => {
    first.current = text;
    if (view.current) replaceText(view.current, text);
  }, [text]);
  return <div ref={holder} className="h-full min-h-0 overflow-hidden" />;
}
