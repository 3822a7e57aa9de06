/** What a page says when there is nothing to show: why, and one next step. */
import { RotateCw } from "lucide-react";
import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import { CopyButton } from "./CopyButton.tsx";
import { StatusShape } from "./Status.tsx";

interface EmptyStateProps {
  /** It is all that the page shows: its title is the page's heading. */
  wholePage?: boolean | undefined;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}

export function EmptyState({ title, children, action, icon, wholePage = false }: EmptyStateProps) {
  const Heading = wholePage ? "h1" : "h2";
  return (
    <div className="mx-auto flex max-w-md flex-col items-center gap-2 px-4 py-14 text-center">
      {icon ? <div className="mb-1 text-tertiary">{icon}</div> : null}
      <Heading className="text-base font-semibold">{title}</Heading>
      {children ? <div className="text-secondary text-pretty">{children}</div> : null}
      {action ? <div className="mt-3 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

interface ErrorStateProps {
  /** What failed, as a sentence. */
  title: string;
  /** What to do about it. */
  advice?: ReactNode;
  /** The cluster's own words. */
  upstreamText?: string | undefined;
  /** Everything worth sending to support. */
  details: string;
  onRetry?: (() => void) | undefined;
  action?: ReactNode;
  tone?: "error" | "attention" | undefined;
}

export function ErrorState({
  title,
  advice,
  upstreamText,
  details,
  onRetry,
  action,
  tone = "error",
}: ErrorStateProps) {
  return (
    <div role="alert" className="mx-auto flex w-full max-w-xl flex-col gap-3 px-4 py-12">
      <div className="flex items-start gap-2.5">
        <StatusShape tone={tone} className="mt-1 size-3.5" />
        <h2 className="text-base font-semibold text-pretty">{title}</h2>
      </div>
      {advice ? <div className="text-secondary">{advice}</div> : null}
      {upstreamText ? (
        <pre className="max-h-48 overflow-auto rounded-md border border-stroke bg-sunken p-3 font-mono text-xs whitespace-pre-wrap break-words">
          {upstreamText}
        </pre>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {onRetry ? (
          <Button onClick={onRetry} icon={<RotateCw size={14} strokeWidth={1.5} aria-hidden />}>
            Try again
          </Button>
        ) : null}
        {action}
        <CopyButton text={details} label="Copy details" />
      </div>
    </div>
  );
}

interface NoticeProps {
  tone: "ok" | "working" | "attention" | "error" | "off";
  children: ReactNode;
  action?: ReactNode;
}

const noticeTint = {
  ok: "tint-ok",
  working: "tint-working",
  attention: "tint-attention",
  error: "tint-error",
  off: "bg-sunken",
};

/** One thing to know, in the flow of a page. */
export function Notice({ tone, children, action }: NoticeProps) {
  return (
    <div className={`flex items-start gap-2.5 rounded-md border border-stroke px-3 py-2 ${noticeTint[tone]}`}>
      <StatusShape tone={tone} className="mt-1" />
      <div className="flex min-w-0 flex-1 flex-wrap items-start gap-x-2.5 gap-y-2">
        <div className="min-w-0 flex-1 basis-64 text-pretty break-words">{children}</div>
        {action}
      </div>
    </div>
  );
}
