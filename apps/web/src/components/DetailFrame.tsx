/** What pages of one object show while it loads, when it is not there, and its header once it is. */
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ApiError } from "../api/api-error.ts";
import { SkeletonLines } from "../ui/Progress.tsx";
import { EmptyState } from "../ui/States.tsx";
import { LoadFailed } from "./LoadFailed.tsx";

interface DetailFrameProps<Detail> {
  query: UseQueryResult<Detail>;
  /** E.g. "There is no subnet web". */
  missing: string;
  /** E.g. "The subnet could not be loaded." */
  failed: string;
  /** The way back to the list. */
  back: ReactNode;
  children: (detail: Detail) => ReactNode;
}

export function DetailFrame<Detail>({ query, missing, failed, back, children }: DetailFrameProps<Detail>) {
  const { data, error, refetch } = query;
  if (error instanceof ApiError && error.code === "not-found")
    return (
      <EmptyState wholePage title={missing} action={back}>
        It was deleted, its name is misspelt, or you may not see it.
      </EmptyState>
    );
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what={failed} onRetry={() => void refetch()} />
    ) : (
      <div className="px-5 py-6">
        <SkeletonLines lines={8} label="Loading" />
      </div>
    );
  return <div className="flex w-full max-w-[1600px] flex-col gap-6 px-3 py-4 md:px-5">{children(data)}</div>;
}

interface DetailHeaderProps {
  name: string;
  status: ReactNode;
  line?: ReactNode;
  actions?: ReactNode;
}

export function DetailHeader({ name, status, line, actions }: DetailHeaderProps) {
  return (
    <header className="flex flex-wrap items-start gap-x-4 gap-y-3">
      <div className="min-w-0 flex-1 basis-72">
        <div className="flex min-w-0 flex-wrap items-center gap-x-3 gap-y-1">
          <h1 className="min-w-0 text-xl font-semibold tracking-tight break-all">{name}</h1>
          {status}
        </div>
        {line === undefined ? null : <p className="mt-1 text-secondary break-words">{line}</p>}
      </div>
      <div className="flex flex-wrap items-center gap-2">{actions}</div>
    </header>
  );
}
