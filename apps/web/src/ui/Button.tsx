/**
 * The button. A disabled one stays focusable and says why: `disabledReason` is both the switch and the explanation, so
 * that a silently disabled button cannot be written.
 */
import type { ComponentProps, MouseEvent, ReactNode } from "react";
import { useId } from "react";
import { cx } from "./cx.ts";
import { Tooltip } from "./Tooltip.tsx";

export type ButtonTone = "primary" | "default" | "quiet" | "danger";

const toneClass: Record<ButtonTone, string> = {
  primary: "bg-accent-solid text-on-solid border-transparent enabled-hover:bg-accent-solid-hover",
  default: "bg-raised text-content border-control/60 enabled-hover:bg-hover",
  quiet: "bg-transparent text-secondary border-transparent enabled-hover:bg-hover enabled-hover:text-content",
  danger: "bg-danger-solid text-on-solid border-transparent enabled-hover:bg-danger-solid-hover",
};

export type ButtonSize = "md" | "sm" | "icon" | "icon-sm";

const sizeClass: Record<ButtonSize, string> = {
  md: "h-8 px-3 text-sm",
  sm: "h-7 px-2 text-xs",
  icon: "size-8",
  "icon-sm": "size-7",
};

export function buttonClass(tone: ButtonTone, size: ButtonSize = "md", className?: string): string {
  return cx(
    "inline-flex shrink-0 select-none items-center justify-center gap-1.5 rounded-md border font-medium whitespace-nowrap no-underline transition-colors duration-100",
    sizeClass[size],
    "aria-disabled:cursor-not-allowed aria-disabled:opacity-55",
    toneClass[tone],
    className,
  );
}

export interface ButtonProps extends Omit<ComponentProps<"button">, "disabled"> {
  tone?: ButtonTone | undefined;
  size?: ButtonSize | undefined;
  icon?: ReactNode;
  /** A whole sentence; present means disabled. */
  disabledReason?: string | undefined;
  /** Work is under way: the label stays, a second press does nothing. */
  busy?: boolean | undefined;
}

export function Button({
  tone = "default",
  size = "md",
  icon,
  disabledReason,
  busy = false,
  className,
  children,
  onClick,
  type = "button",
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const blocked = disabledReason !== undefined || busy;
  const press = (event: MouseEvent<HTMLButtonElement>) => {
    if (blocked) event.preventDefault();
    else onClick?.(event);
  };
  const button = (
    <button
      {...rest}
      type={type}
      aria-disabled={blocked || undefined}
      aria-busy={busy || undefined}
      aria-describedby={disabledReason === undefined ? rest["aria-describedby"] : reasonId}
      className={buttonClass(tone, size, className)}
      onClick={press}
    >
      {busy ? <Spinner /> : icon}
      {children}
      {disabledReason === undefined ? null : (
        <span id={reasonId} className="sr-only">
          {disabledReason}
        </span>
      )}
    </button>
  );
  return disabledReason === undefined ? button : <Tooltip content={disabledReason}>{button}</Tooltip>;
}

function Spinner() {
  return (
    <span
      aria-hidden
      className="turning size-3.5 rounded-full border-2 border-current border-t-transparent opacity-80"
    />
  );
}

export interface IconButtonProps extends Omit<ButtonProps, "children" | "icon" | "aria-label" | "size"> {
  "aria-label": string;
  size?: "md" | "sm" | undefined;
  icon: ReactNode;
}

/** A button of one icon; its name is required by type and shown as a tooltip. */
export function IconButton({ icon, size = "md", tone = "quiet", ...rest }: IconButtonProps) {
  const button = (
    <Button {...rest} tone={tone} size={size === "md" ? "icon" : "icon-sm"}>
      {icon}
    </Button>
  );
  return rest.disabledReason === undefined ? (
    <Tooltip content={rest["aria-label"]}>{button}</Tooltip>
  ) : (
    button
  );
}
