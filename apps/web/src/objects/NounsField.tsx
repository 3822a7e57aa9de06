/** Several objects of a catalogued noun by name, a line each: picked, or written where the person may not look at them. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { ListOf } from "../forms/ListOf.tsx";
import { NounField } from "./NounField.tsx";

interface NounsFieldProps {
  noun: ObjectNoun;
  /** Path of the form's field. */
  field: string;
  /** Of one line, e.g. "Security group". */
  label: string;
  /** On the button, e.g. "Add a security group". */
  add: string;
  max: number;
  value: readonly string[];
  onChange: (value: string[]) => void;
  errorAt: (path: string) => string | undefined;
  /** Which of them are offered, in the query language of their list; all without it. */
  where?: string | undefined;
}

export function NounsField(props: NounsFieldProps) {
  const { noun, field, label, add, max, value, onChange, errorAt, where } = props;
  return (
    <div data-field={field} className="flex flex-col gap-2">
      <ListOf<{ name: string }>
        lines={value.map((name) => ({ name }))}
        onChange={(lines) => onChange(lines.map(({ name }) => name))}
        blank={() => ({ name: "" })}
        add={add}
        nameOf={({ name }, index) => `${label} ${name || index + 1}`}
        max={max}
      >
        {({ name }, index, change) => (
          <NounField
            noun={noun}
            field={`${field}.${index}`}
            label={`${label} ${index + 1}`}
            value={name}
            onChange={(next) => change({ name: next })}
            error={
              value.indexOf(name) < index && name !== ""
                ? `${name} is chosen already.`
                : errorAt(`${field}.${index}`)
            }
            where={where}
          />
        )}
      </ListOf>
      {errorAt(field) === undefined ? null : (
        <p role="alert" className="text-xs text-error">
          {errorAt(field)}
        </p>
      )}
    </div>
  );
}
