/** Several short texts, one on each line. What is typed stays as typed while the form holds its lines. */
import { useState } from "react";
import type { FieldProps } from "../ui/Field.tsx";
import { TextArea } from "../ui/TextField.tsx";
import { linesOf } from "./form-parts.tsx";

interface LinesFieldProps extends FieldProps {
  /** Path of the form's field. */
  field: string;
  value: readonly string[];
  onChange: (value: string[]) => void;
  placeholder?: string | undefined;
}

export function LinesField({ field, value, onChange, ...rest }: LinesFieldProps) {
  const [text, setText] = useState(value.join("\n"));
  return (
    <div data-field={field}>
      <TextArea
        {...rest}
        mono
        rows={2}
        value={text}
        onChange={(next) => {
          setText(next);
          onChange(linesOf(next));
        }}
      />
    </div>
  );
}
