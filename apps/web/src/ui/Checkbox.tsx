/** Checkbox and switch, both with a visible label or a required name. */
import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check, Minus } from "lucide-react";
import type { ReactNode } from "react";

const boxClass =
  "flex size-4 shrink-0 items-center justify-center rounded-[3px] border border-control bg-raised data-checked:border-accent-solid data-checked:bg-accent-solid data-indeterminate:border-accent-solid data-indeterminate:bg-accent-solid data-disabled:opacity-45";

interface CheckBoxProps {
  checked: boolean;
  indeterminate?: boolean | undefined;
  onChange: (checked: boolean) => void;
  "aria-label": string;
  disabled?: boolean | undefined;
}

/** The box alone, for tables. */
export function CheckBox({ checked, indeterminate = false, onChange, disabled, ...rest }: CheckBoxProps) {
  return (
    <BaseCheckbox.Root
      checked={checked}
      indeterminate={indeterminate}
      onCheckedChange={(next) => onChange(next)}
      disabled={disabled}
      aria-label={rest["aria-label"]}
      className={boxClass}
    >
      <BaseCheckbox.Indicator className="text-on-solid">
        {indeterminate ? (
          <Minus size={12} strokeWidth={3} aria-hidden />
        ) : (
          <Check size={12} strokeWidth={3} aria-hidden />
        )}
      </BaseCheckbox.Indicator>
    </BaseCheckbox.Root>
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
      <BaseCheckbox.Root
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        disabled={disabled}
        className={`${boxClass} mt-0.5`}
      >
        <BaseCheckbox.Indicator className="text-on-solid">
          <Check size={12} strokeWidth={3} aria-hidden />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      <span className="min-w-0">
        <span className="block break-words">{label}</span>
        {hint ? <span className="block text-xs text-tertiary">{hint}</span> : null}
      </span>
    </label>
  );
}

export function SwitchField({ label, hint, checked, onChange, disabled }: CheckFieldProps) {
  return (
    <label className="flex items-start gap-2.5">
      <BaseSwitch.Root
        checked={checked}
        onCheckedChange={(next) => onChange(next)}
        disabled={disabled}
        className="mt-0.5 flex h-4 w-7 shrink-0 rounded-full border border-control bg-sunken p-px data-checked:border-accent-solid data-checked:bg-accent-solid"
      >
        <BaseSwitch.Thumb className="size-3 rounded-full bg-control transition-transform duration-100 data-checked:translate-x-3 data-checked:bg-on-solid" />
      </BaseSwitch.Root>
      <span className="min-w-0">
        <span className="block">{label}</span>
        {hint ? <span className="block text-xs text-tertiary">{hint}</span> : null}
      </span>
    </label>
  );
}
