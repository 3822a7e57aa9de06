/** A choice among a few. The system's own list: it works with every keyboard, screen reader and touch screen. */
import { ChevronDown } from "lucide-react";
import { cx } from "./cx.ts";
import { controlClass, Field, type FieldProps } from "./Field.tsx";

export interface SelectChoice<Value extends string> {
  value: Value;
  label: string;
  disabled?: boolean | undefined;
}

interface SelectProps<Value extends string> extends FieldProps {
  value: Value;
  onChange: (value: Value) => void;
  choices: readonly SelectChoice<Value>[];
}

export function Select<Value extends string>(props: SelectProps<Value>) {
  const { label, hint, error, optional, className, value, onChange, choices } = props;
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <div className="relative">
          <select
            {...wiring}
            value={value}
            onChange={(event) => {
              const chosen = choices.find((choice) => choice.value === event.target.value);
              if (chosen) onChange(chosen.value);
            }}
            className={cx(controlClass, "h-8 appearance-none truncate pr-8")}
          >
            {choices.map((choice) => (
              <option
                key={choice.value}
                value={choice.value}
                disabled={choice.disabled}
                className="bg-overlay"
              >
                {choice.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={16}
            strokeWidth={1.5}
            aria-hidden
            className="pointer-events-none absolute top-2 right-2.5 text-tertiary"
          />
        </div>
      )}
    </Field>
  );
}
