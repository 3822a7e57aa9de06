/** What to know of a draft that is no mistake: the server's notes, each with what mends it where the form can, and the cluster's warnings. */
import type { Reason } from "@kubev/api-types/reason";
import type { ReactNode } from "react";
import { reasonText } from "../reasons/reason-text.ts";
import { Notice } from "../ui/States.tsx";

interface PreviewNotesProps {
  notes: readonly Reason[];
  warnings: readonly string[];
  /** The button that mends what this note says; undefined where there is none. */
  remedyOf: (code: string) => ReactNode;
}

export function PreviewNotes({ notes, warnings, remedyOf }: PreviewNotesProps) {
  if (notes.length === 0 && warnings.length === 0) return null;
  return (
    <Notice tone="attention">
      {notes.map((note) => {
        const remedy = remedyOf(note.code);
        return (
          <div key={reasonText(note)}>
            <p>{reasonText(note)}</p>
            {remedy ? <div className="py-1.5">{remedy}</div> : null}
          </div>
        );
      })}
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </Notice>
  );
}
