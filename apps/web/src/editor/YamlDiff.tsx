/** What an edit changes, line by line; unchanged parts are folded away. */
import { unifiedMergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { yamlBase } from "./yaml-editor.ts";

export default function YamlDiff({ before, after }: { before: string; after: string }) {
  const holder = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (holder.current === null) return;
    const view = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: after,
        extensions: [
          yamlBase(),
          EditorState.readOnly.of(true),
          unifiedMergeView({
            original: before,
            mergeControls: false,
            collapseUnchanged: { margin: 3, minSize: 6 },
          }),
          // the marks around a fold's words are in none of the fonts that are served
          EditorView.theme({ ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: "none" } }),
          EditorView.contentAttributes.of({ "aria-label": "Changes", tabindex: "0" }),
        ],
      }),
    });
    return () => view.destroy();
  }, [before, after]);
  return <div ref={holder} className="max-h-[50vh] overflow-auto rounded-md border border-stroke" />;
}
