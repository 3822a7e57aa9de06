/** A link that looks like a button, for going somewhere as the page's main step. */
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Button, buttonClass, type ButtonTone } from "../ui/Button.tsx";

interface ButtonLinkProps {
  to: string;
  search?: Record<string, string> | undefined;
  tone?: ButtonTone | undefined;
  size?: "md" | "sm" | undefined;
  icon?: ReactNode;
  children: ReactNode;
  /** Present: shown as a disabled button that says why. */
  disabledReason?: string | undefined;
}

export function ButtonLink({
  to,
  search,
  tone = "default",
  size = "md",
  icon,
  children,
  disabledReason,
}: ButtonLinkProps) {
  if (disabledReason !== undefined)
    return (
      <Button tone={tone} size={size} icon={icon} disabledReason={disabledReason}>
        {children}
      </Button>
    );
  const target = { to, search: search ?? {} } as LinkProps; // as: the builder in paths.ts is the type safety here
  return (
    <Link {...target} className={buttonClass(tone, size)}>
      {icon}
      {children}
    </Link>
  );
}
