/** One line and many lines of text. */
import type { ComponentProps, ReactNode } from "react";
import { cx } from "./cx.ts";
import { controlClass, Field, type FieldProps } from "./Field.tsx";

type TextFieldProps = FieldProps &
  Omit<ComponentProps<"input">, "id" | "className" | "value" | "onChange"> & {
    value: string;
    onChange: (value: string) => void;
    mono?: boolean | undefined;
    after?: ReactNode;
  };

export function TextField(props: TextFieldProps) {
  const { label, hint, error, optional, className, mono = false, after, value, onChange, ...input } = props;
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <div className="flex items-center gap-2">
          <input
            {...input}
            {...wiring}
            value={value}
            onChange={(event) => onChange(event.target.value)}
            className={cx(controlClass, "h-8", mono && "font-mono")}
          />
          {after}
        </div>
      )}
    </Field>
  );
}

type TextAreaProps = FieldProps &
  Omit<ComponentProps<"textarea">, "id" | "className" | "value" | "onChange"> & {
    value: string;
    onChange: (value: string) => void;
    mono?: boolean | undefined;
  };

export function TextArea(props: TextAreaProps) {
  const { label, hint, error, optional, className, mono = false, value, onChange, ...area } = props;
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <textarea
          rows={4}
          spellCheck={!mono}
          {...area}
          {...wiring}
          value={value}
          onChange={(event) => onChange(event.target.value)}
          className={cx(controlClass, "resize-y py-1.5", mono && "font-mono text-xs")}
        />
      )}
    </Field>
  );
}
