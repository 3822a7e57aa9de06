/** How far something is, and placeholders that keep the layout while it loads. */
import { cx } from "./cx.ts";

interface ProgressBarProps {
  /** 0–100; null while the end is unknown. */
  percent: number | null;
  label: string;
  tone?: "accent" | "ok" | "attention" | "error" | undefined;
}

const nearPercent = 90;

/** How a bar of something that can run out is coloured: from nine tenths on, as the server calls a quota nearly full. */
function roomTone(percent: number): "accent" | "attention" {
  return percent >= nearPercent ? "attention" : "accent";
}

const fill = { accent: "bg-accent", ok: "bg-ok", attention: "bg-attention", error: "bg-error" };

export function ProgressBar({ percent, label, tone = "accent" }: ProgressBarProps) {
  const width = percent === null ? 100 : Math.min(100, Math.max(0, percent));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent === null ? undefined : Math.round(percent)}
      className="h-1.5 w-full overflow-hidden rounded-full bg-hover"
    >
      <div
        className={cx(
          "h-full rounded-full transition-[width] duration-150",
          fill[tone],
          percent === null && "opacity-35",
        )}
        style={{ width: `${width}%` }}
      />
    </div>
  );
}

/** How much of something that can run out is taken; 0–100, above it overcommitted. */
export function RoomBar({ percent, label }: { percent: number; label: string }) {
  return <ProgressBar percent={percent} label={label} tone={roomTone(percent)} />;
}

export const percentOf = (part: number, whole: number) => (whole > 0 ? (part / whole) * 100 : 0);

/** One grey line; shows only after 200 ms. */
export function Skeleton({ className }: { className?: string | undefined }) {
  return <div aria-hidden className={cx("skeleton h-4 w-full", className)} />;
}

/** A few lines, announced once as loading. */
export function SkeletonLines({ lines = 4, label }: { lines?: number | undefined; label: string }) {
  return (
    <div role="status" aria-label={label} className="flex flex-col gap-3 py-2">
      {Array.from({ length: lines }, (_, index) => (
        <Skeleton key={index} className={index % 3 === 2 ? "w-2/5" : index % 3 === 1 ? "w-4/5" : "w-3/5"} />
      ))}
    </div>
  );
}
