/** A row on a small screen: its name, and below it the state and what else matters most. */
import type { ReactNode } from "react";
import { AppLink } from "../components/AppLink.tsx";

interface NarrowRowProps {
  name: string;
  /** The object's page, where it has one. */
  to?: string | undefined;
  badge?: ReactNode;
  status: ReactNode;
  /** Joined by dots; empty ones are left out. */
  facts: readonly string[];
  /** Where the state needs its line for itself, to say why: the facts stand beside the name. */
  wideStatus?: boolean | undefined;
}

export function NarrowRow({ name, to, badge, status, facts, wideStatus = false }: NarrowRowProps) {
  const others = (
    <span className="tabular ml-auto min-w-0 shrink-999 truncate text-xs text-tertiary">
      {facts.filter(Boolean).join(" · ")}
    </span>
  );
  return (
    <div className="flex min-w-0 flex-col">
      <span className="flex min-w-0 items-center gap-2">
        {to === undefined ? (
          <span className="min-w-0 truncate font-medium">{name}</span>
        ) : (
          <AppLink to={to} look="plain" className="min-w-0 truncate font-medium">
            {name}
          </AppLink>
        )}
        {badge}
        {wideStatus ? others : null}
      </span>
      <span className="flex min-w-0 items-center gap-2 text-xs">
        {status}
        {wideStatus ? null : others}
      </span>
    </div>
  );
}
