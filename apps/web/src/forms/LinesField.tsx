/** Several short texts, one on each line. What is typed stays as typed while it says what the form holds. */
import { useState } from "react";
import type { FieldProps } from "../ui/Field.tsx";
import { TextArea } from "../ui/TextField.tsx";
import { linesOf } from "./form-parts.tsx";

/** What was typed, unless the form holds other lines by now: those of another object, or of the line that moved up. */
export function textFor(typed: string, value: readonly string[]): string {
  const lines = linesOf(typed);
  const same = lines.length === value.length && lines.every((line, index) => line === value[index]);
  return same ? typed : value.join("\n");
}

interface LinesFieldProps extends FieldProps {
  /** Path of the form's field. */
  field: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  placeholder?: string | undefined;
}

export function LinesField({ field, value, onChange, ...rest }: LinesFieldProps) {
  const [typed, setTyped] = useState(value.join("\n"));
  return (
    <div data-field={field}>
      <TextArea
        {...rest}
        mono
        rows={2}
        value={textFor(typed, value)}
        onChange={(next) => {
          setTyped(next);
          onChange(linesOf(next));
        }}
      />
    </div>
  );
}
