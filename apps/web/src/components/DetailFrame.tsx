/** The page of one object: while it loads, when it is not there, its header that stays, its tabs, and the tab that is open. */
import type { UseQueryResult } from "@tanstack/react-query";
import { useRouterState } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { ApiError } from "../api/api-error.ts";
import { cx } from "../ui/cx.ts";
import { SkeletonLines } from "../ui/Progress.tsx";
import { EmptyState } from "../ui/States.tsx";
import { AppLink } from "./AppLink.tsx";
import { LoadFailed } from "./LoadFailed.tsx";

interface DetailLoaderProps<Detail> {
  query: UseQueryResult<Detail>;
  /** E.g. "There is no subnet web". */
  missing: string;
  /** E.g. "The subnet could not be loaded." */
  failed: string;
  /** The way back to the list. */
  back: ReactNode;
  children: (detail: Detail) => ReactNode;
}

export function DetailLoader<Detail>({ query, missing, failed, back, children }: DetailLoaderProps<Detail>) {
  const { data, error, refetch } = query;
  if (error instanceof ApiError && error.code === "not-found")
    return (
      <EmptyState wholePage title={missing} action={back}>
        It was deleted, its name is misspelt, or you may not see it.
      </EmptyState>
    );
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what={failed} onRetry={() => void refetch()} action={back} />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines lines={8} label="Loading" />
      </div>
    );
  return children(data);
}

interface DetailFrameProps {
  header: ReactNode;
  /** DetailTabs; without, the page is one body. */
  tabs?: ReactNode;
  children: ReactNode;
}

/** Header and tabs stay while the body scrolls. */
export function DetailFrame({ header, tabs, children }: DetailFrameProps) {
  return (
    <div className="flex h-full min-h-0 flex-col">
      {header}
      {tabs ?? <div className="border-b border-stroke" />}
      <div className="flex min-h-0 flex-1 flex-col overflow-y-auto">{children}</div>
    </div>
  );
}

interface DetailHeaderProps {
  name: string;
  status: ReactNode;
  line?: ReactNode;
  actions?: ReactNode;
}

export function DetailHeader({ name, status, line, actions }: DetailHeaderProps) {
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3 px-3 pt-4 pb-3 md:px-5">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight wrap-anywhere">{name}</h1>
          {status}
        </div>
        {line === undefined ? null : <p className="mt-1 text-secondary break-words empty:hidden">{line}</p>}
      </div>
      <div className="flex flex-wrap items-center gap-2">{actions}</div>
    </header>
  );
}

/** Where not all tabs have room, the open one is not the one cut off. */
const showWhole = (tab: HTMLElement | null) => tab?.scrollIntoView({ block: "nearest", inline: "nearest" });

interface DetailTabsProps {
  /** E.g. "Parts of this machine". */
  label: string;
  tabs: readonly { label: string; to: string }[];
}

export function DetailTabs({ label, tabs }: DetailTabsProps) {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <nav aria-label={label} className="shrink-0 border-b border-stroke px-3 md:px-5">
      <ul className="-mb-px flex gap-5 overflow-x-auto">
        {tabs.map(({ label: name, to }) => {
          const current = path.replace(/\/$/, "") === to;
          return (
            <li key={name}>
              <AppLink
                to={to}
                look="bare"
                aria-current={current ? "page" : undefined}
                {...(current && { ref: showWhole })}
                className={cx(
                  "flex h-9 items-center border-b-2 whitespace-nowrap",
                  current
                    ? "border-accent font-medium text-content"
                    : "border-transparent text-secondary hover:text-content",
                )}
              >
                {name}
              </AppLink>
            </li>
          );
        })}
      </ul>
    </nav>
  );
}
