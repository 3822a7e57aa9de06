/** Instants and durations. All input is ISO 8601; a text that is no date comes back as it is. */
import { locale } from "./numbers.ts";

const exact = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "medium" });

/** `22 Nov 2026, 08:15:02` in the reader's time zone. */
export function formatExact(iso: string): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : exact.format(time);
}

const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const dayAndClock = new Intl.DateTimeFormat(locale, {
  weekday: "short",
  hour: "2-digit",
  minute: "2-digit",
});

/** `08:15`, or `Sun 08:15` where a day is not enough to tell. */
export function formatClock(epochSeconds: number, withDay = false): string {
  return (withDay ? dayAndClock : clock).format(epochSeconds * 1000);
}

const steps = [
  { unit: "d", seconds: 86_400 },
  { unit: "h", seconds: 3600 },
  { unit: "min", seconds: 60 },
  { unit: "s", seconds: 1 },
] as const;

/** The largest unit only: `41 d`, `3 h`, `5 min`, `12 s`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const step = steps.find((candidate) => seconds >= candidate.seconds) ?? { unit: "s", seconds: 1 };
  return `${Math.floor(seconds / step.seconds)} ${step.unit}`;
}

/** How long ago, without "ago": for columns named Age. */
export function formatAge(iso: string, nowMs: number): string {
  const time = Date.parse(iso);
  return Number.isNaN(time) ? iso : formatDuration(nowMs - time);
}

/** `3 min ago`, `just now`. */
export function formatAgo(iso: string, nowMs: number): string {
  const time = Date.parse(iso);
  if (Number.isNaN(time)) return iso;
  const elapsed = nowMs - time;
  return elapsed < 5000 ? "just now" : `${formatDuration(elapsed)} ago`;
}
