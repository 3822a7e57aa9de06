/** Checkboxes and switches: the browser's own inputs in our dress, with a visible label or a required name. */
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

const boxClass =
  "check-box size-4 shrink-0 cursor-pointer appearance-none rounded-[3px] border border-control bg-raised checked:border-accent-solid checked:bg-accent-solid indeterminate:border-accent-solid indeterminate:bg-accent-solid disabled:cursor-not-allowed disabled:opacity-45";

interface CheckBoxProps {
  checked: boolean;
  indeterminate?: boolean | undefined;
  /** `withShift`: the key was held, as it is for all between two boxes. */
  onChange: (checked: boolean, withShift: boolean) => void;
  "aria-label": string;
}

/** The box alone, for tables. */
export function CheckBox({ checked, indeterminate = false, onChange, ...rest }: CheckBoxProps) {
  return (
    <input
      type="checkbox"
      ref={(box) => {
        if (box) box.indeterminate = indeterminate;
      }}
      checked={checked}
      onMouseDown={(event) => {
        // else the text between two boxes would be marked too
        if (event.shiftKey) event.preventDefault();
      }}
      onChange={(event) => onChange(event.target.checked, (event.nativeEvent as MouseEvent).shiftKey)} // as: a box changes by a click, of a key too
      aria-label={rest["aria-label"]}
      className={boxClass}
    />
  );
}

interface CheckFieldProps {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
}

export function CheckField({ label, hint, checked, onChange, disabled }: CheckFieldProps) {
  return (
    <label className="flex items-start gap-2.5">
      <input
        type="checkbox"
        checked={checked}
        disabled={disabled}
        onChange={(event) => onChange(event.target.checked)}
        className={cx(boxClass, "mt-0.5")}
      />
      <span className="min-w-0">
        <span className="block break-words">{label}</span>
        {hint ? <span className="block text-xs text-tertiary">{hint}</span> : null}
      </span>
    </label>
  );
}
