/** A state as shape, word and colour together: none of the three is needed to read the others. */
import type { ReactNode } from "react";
import { cx } from "./cx.ts";

export type StatusTone = "ok" | "working" | "attention" | "error" | "off";

const toneText: Record<StatusTone, string> = {
  ok: "text-ok",
  working: "text-working",
  attention: "text-attention",
  error: "text-error",
  off: "text-off",
};

/** The shape alone: filled disc, turning ring, triangle, octagon, hollow ring. */
export function StatusShape({ tone, className }: { tone: StatusTone; className?: string | undefined }) {
  const shape = cx("size-3 shrink-0", toneText[tone], tone === "working" && "turning", className);
  return (
    <svg viewBox="0 0 12 12" aria-hidden className={shape}>
      {tone === "ok" && <circle cx="6" cy="6" r="4.5" fill="currentColor" />}
      {tone === "working" && (
        <>
          <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" opacity="0.45" />
          <path
            d="M6 2a4 4 0 0 1 4 4"
            fill="none"
            stroke="currentColor"
            strokeWidth="1.8"
            strokeLinecap="round"
          />
        </>
      )}
      {tone === "attention" && <path d="M6 1.2 11.4 10.8H.6Z" fill="currentColor" />}
      {tone === "error" && <path d="M3.8.8h4.4l3 3v4.4l-3 3H3.8l-3-3V3.8Z" fill="currentColor" />}
      {tone === "off" && <circle cx="6" cy="6" r="4" fill="none" stroke="currentColor" strokeWidth="1.6" />}
    </svg>
  );
}

interface StatusMarkProps {
  tone: StatusTone;
  children: ReactNode;
  /** The reason: behind the word, or one line beneath it where it would have no room to say anything. */
  detail?: ReactNode;
  className?: string | undefined;
}

export function StatusMark({ tone, children, detail, className }: StatusMarkProps) {
  const word = (
    <span className={cx("shrink-0", tone === "off" ? "text-secondary" : toneText[tone])}>{children}</span>
  );
  return (
    <span className={cx("inline-flex min-w-0 max-w-full items-center gap-2 overflow-hidden", className)}>
      <StatusShape tone={tone} className={detail === undefined ? undefined : "mt-0.5 self-start"} />
      {detail === undefined ? (
        word
      ) : (
        <span className="flex min-w-0 flex-wrap gap-x-2 leading-4 in-data-compact:text-xs in-data-compact:leading-3.5">
          {word}
          <span className="max-w-max min-w-0 grow basis-36 truncate text-secondary">{detail}</span>
        </span>
      )}
    </span>
  );
}

export function Badge({ children, tone }: { children: ReactNode; tone?: StatusTone | "accent" | undefined }) {
  const colour = tone === undefined ? "text-secondary" : tone === "accent" ? "text-accent" : toneText[tone];
  return (
    <span
      className={cx(
        "inline-flex max-w-full items-center rounded-sm border border-stroke bg-sunken px-1.5 text-xs leading-[18px] whitespace-nowrap",
        colour,
      )}
    >
      <span className="truncate">{children}</span>
    </span>
  );
}
