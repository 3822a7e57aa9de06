/** A number with its unit and steps; empty while the person is typing. */
import { NumberField as Base } from "@base-ui/react/number-field";
import { Minus, Plus } from "lucide-react";
import { cx } from "./cx.ts";
import { controlClass, Field, type FieldProps } from "./Field.tsx";

interface NumberFieldProps extends FieldProps {
  value: number | null;
  onChange: (value: number | null) => void;
  unit: string;
  min?: number | undefined;
  max?: number | undefined;
  step?: number | undefined;
}

const stepClass =
  "flex size-8 shrink-0 items-center justify-center text-secondary hover:bg-hover hover:text-content data-disabled:opacity-40";

export function NumberField(props: NumberFieldProps) {
  const { label, hint, error, optional, className, value, onChange, unit, min, max, step = 1 } = props;
  return (
    <Field label={label} hint={hint} error={error} optional={optional} className={className}>
      {(wiring) => (
        <Base.Root
          id={wiring.id}
          value={value}
          onValueChange={(next) => onChange(next)}
          min={min}
          max={max}
          step={step}
          // what was typed stays as it was typed: the form says what is wrong with it
          allowOutOfRange
          className="w-full max-w-44"
        >
          <Base.Group
            className={cx(
              controlClass,
              "flex h-8 items-center overflow-hidden p-0 focus-within:outline-2 focus-within:outline-accent",
              error && "border-error",
            )}
          >
            <Base.Decrement className={stepClass} aria-label="Less">
              <Minus size={14} strokeWidth={1.5} aria-hidden />
            </Base.Decrement>
            <Base.Input
              aria-describedby={wiring["aria-describedby"]}
              aria-invalid={wiring["aria-invalid"]}
              className="tabular h-full min-w-0 flex-1 bg-transparent text-right outline-none"
            />
            <span className="px-1.5 text-tertiary">{unit}</span>
            <Base.Increment className={stepClass} aria-label="More">
              <Plus size={14} strokeWidth={1.5} aria-hidden />
            </Base.Increment>
          </Base.Group>
        </Base.Root>
      )}
    </Field>
  );
}
