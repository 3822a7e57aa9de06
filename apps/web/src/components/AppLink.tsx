/** A link inside the console. Paths come from paths.ts, so the router's own path types are not needed. */
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ComponentProps, ReactNode } from "react";
import { cx } from "../ui/cx.ts";

interface AppLinkProps extends Omit<ComponentProps<"a">, "href" | "target"> {
  to: string;
  search?: Record<string, string | number> | undefined;
  children: ReactNode;
  /** `link` is underlined: colour alone does not tell it from the text around it. `plain`: only on hover, for names in tables. `bare`: never, for navigation. */
  look?: "link" | "plain" | "bare" | undefined;
}

const lookClass = {
  link: "text-accent underline decoration-1 underline-offset-2",
  plain: "text-content hover:underline",
  bare: "",
};

export function AppLink({ to, search, children, look = "link", className, ...rest }: AppLinkProps) {
  const target = { to, search: search ?? {} } as LinkProps; // as: the builder in paths.ts is the type safety here
  return (
    <Link
      {...rest}
      {...target}
      activeOptions={{ exact: true, includeSearch: false }}
      className={cx(lookClass[look], className)}
    >
      {children}
    </Link>
  );
}
