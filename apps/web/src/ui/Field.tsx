/** What every form control shares: label, hint, error, and how they are tied to the input. */
import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";
import { useId } from "react";
import { cx } from "./cx.ts";

export const controlClass =
  "w-full rounded-md border border-control/70 bg-raised px-2.5 text-sm text-content transition-colors duration-100 hover:border-control aria-invalid:border-error";

export interface FieldProps {
  label: ReactNode;
  hint?: ReactNode;
  /** A whole sentence, or undefined. */
  error?: string | undefined;
  optional?: boolean | undefined;
  className?: string | undefined;
}

export interface FieldWiring {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

export function Field({
  label,
  hint,
  error,
  optional = false,
  className,
  children,
}: FieldProps & { children: (wiring: FieldWiring) => ReactNode }) {
  const id = useId();
  const hintId = `${id}-hint`;
  const errorId = `${id}-error`;
  const described = [error && errorId, hint && hintId].filter(Boolean).join(" ");
  return (
    <div className={cx("flex min-w-0 flex-col gap-1", className)}>
      <label htmlFor={id} className="font-medium">
        {label}
        {optional ? <span className="ml-1.5 font-normal text-tertiary">optional</span> : null}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {error ? (
        <p id={errorId} className="flex items-start gap-1.5 text-xs text-error">
          <CircleAlert size={14} strokeWidth={1.75} className="mt-px shrink-0" aria-hidden />
          <span className="min-w-0 break-words">{error}</span>
        </p>
      ) : null}
      {hint ? (
        <p id={hintId} className="text-xs text-tertiary">
          {hint}
        </p>
      ) : null}
    </div>
  );
}
