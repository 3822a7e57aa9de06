/** A link inside the console. Paths come from paths.ts, so the router's own path types are not needed. */
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "../ui/cx.ts";

interface AppLinkProps extends Omit<ComponentProps<"a">, "href" | "target"> {
  to: string;
  search?: Record<string, string | number> | undefined;
  children: ReactNode;
  /** Underlined only on hover, in the colour of text: for names in tables. */
  plain?: boolean | undefined;
}

export function AppLink({ to, search, children, plain = false, className, ...rest }: AppLinkProps) {
  const target = { to, search: search ?? {} } as LinkProps; // as: the builder in paths.ts is the type safety here
  return (
    <Link
      {...rest}
      {...target}
      activeOptions={{ exact: true, includeSearch: false }}
      className={cx(plain ? "text-content hover:underline" : "text-accent hover:underline", className)}
    >
      {children}
    </Link>
  );
}
