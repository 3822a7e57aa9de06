/** A small chart of one measure over time: lines, gaps where nothing was measured, the limit, and the same in words. */
import { useId, useState, type PointerEvent } from "react";
import { formatClock } from "../format/dates.ts";
import { cx } from "../ui/cx.ts";

export interface ChartLine {
  name: string;
  /** One per time; null is a gap. */
  values: readonly (number | null)[];
}

interface LineChartProps {
  title: string;
  /** Epoch seconds, rising. */
  times: readonly number[];
  lines: readonly ChartLine[];
  /** What cannot be passed, e.g. the processors that it was given. */
  limit?: { name: string; value: number } | undefined;
  format: (value: number) => string;
}

const width = 600;
const height = 120;
/** Line looks that differ without their colour too. */
const looks = ["text-accent", "text-working"] as const;
const dashes = [undefined, "5 3"] as const;
/** Above this share of the limit the limit is worth drawing. */
const nearLimit = 0.3;

const measured = (values: readonly (number | null)[]) => values.filter((value) => value !== null);

/** The line as SVG path, broken at gaps. */
function pathOf(values: readonly (number | null)[], x: (index: number) => number, top: number): string {
  let broken = true;
  return values
    .map((value, index) => {
      if (value === null) {
        broken = true;
        return "";
      }
      const command = broken ? "M" : "L";
      broken = false;
      return `${command}${x(index).toFixed(1)} ${(height - (value / top) * height).toFixed(1)}`;
    })
    .join("");
}

function summary({ title, times, lines, limit, format }: LineChartProps): string {
  const withDay = (times.at(-1) ?? 0) - (times[0] ?? 0) > 86_000;
  const span = `from ${formatClock(times[0] ?? 0, withDay)} to ${formatClock(times.at(-1) ?? 0, withDay)}`;
  const parts = lines.map(({ name, values }) => {
    const known = measured(values);
    return known.length === 0
      ? `${name}: not measured`
      : `${name}: lowest ${format(Math.min(...known))}, highest ${format(Math.max(...known))}, last ${format(known.at(-1) ?? 0)}`;
  });
  const ceiling = limit === undefined ? "" : `; ${limit.name} ${format(limit.value)}`;
  return `${title} ${span}. ${parts.join("; ")}${ceiling}.`;
}

export function LineChart(props: LineChartProps) {
  const { title, times, lines, limit, format } = props;
  const [at, setAt] = useState<number | null>(null);
  const titleId = useId();
  const highest = Math.max(0, ...lines.flatMap(({ values }) => measured(values)));
  const showsLimit = limit !== undefined && highest >= limit.value * nearLimit;
  const top = Math.max(showsLimit ? limit.value : 0, highest * 1.3, Number.EPSILON);
  const x = (index: number) => (times.length < 2 ? 0 : (index / (times.length - 1)) * width);
  const withDay = (times.at(-1) ?? 0) - (times[0] ?? 0) > 86_000;
  const point = (event: PointerEvent<SVGSVGElement>) => {
    const box = event.currentTarget.getBoundingClientRect();
    const share = (event.clientX - box.left) / Math.max(1, box.width);
    setAt(Math.min(times.length - 1, Math.max(0, Math.round(share * (times.length - 1)))));
  };
  const shown = at ?? times.length - 1;
  const lastKnown = (values: readonly (number | null)[]) =>
    at === null ? (values.findLast((value) => value !== null) ?? null) : (values[shown] ?? null);
  return (
    <figure aria-labelledby={titleId} className="min-w-0">
      <figcaption className="flex flex-wrap items-baseline gap-x-4 gap-y-0.5 pb-2">
        <span id={titleId} className="font-medium">
          {title}
        </span>
        {lines.map(({ name, values }, index) => {
          const value = lastKnown(values);
          return (
            <span key={name} className="tabular inline-flex items-center gap-1.5 text-secondary">
              {lines.length === 1 ? null : (
                <svg viewBox="0 0 16 4" aria-hidden className={cx("h-1 w-4", looks[index % 2])}>
                  <path
                    d="M0 2H16"
                    stroke="currentColor"
                    strokeWidth="2.5"
                    strokeDasharray={dashes[index % 2]}
                  />
                </svg>
              )}
              {lines.length === 1 ? null : name} {value === null ? "–" : format(value)}
            </span>
          );
        })}
        <span className="tabular ml-auto text-xs text-tertiary">
          {at === null
            ? limit === undefined
              ? null
              : `${limit.name} ${format(limit.value)}`
            : formatClock(times[shown] ?? 0, withDay)}
        </span>
      </figcaption>
      <div className="relative border-b border-l border-stroke">
        <svg
          role="img"
          aria-label={summary(props)}
          viewBox={`0 0 ${width} ${height}`}
          preserveAspectRatio="none"
          className="block h-32 w-full touch-pan-y"
          onPointerMove={point}
          onPointerLeave={() => setAt(null)}
        >
          <path
            d={`M0 ${height / 2}H${width}`}
            className="text-stroke"
            stroke="currentColor"
            vectorEffect="non-scaling-stroke"
          />
          {showsLimit ? (
            <path
              d={`M0 ${height - (limit.value / top) * height}H${width}`}
              className="text-tertiary"
              stroke="currentColor"
              strokeDasharray="2 4"
              vectorEffect="non-scaling-stroke"
            />
          ) : null}
          {lines.map(({ name, values }, index) => (
            <path
              key={name}
              d={pathOf(values, x, top)}
              className={looks[index % 2]}
              fill="none"
              stroke="currentColor"
              strokeWidth="1.75"
              strokeLinecap="round"
              strokeLinejoin="round"
              strokeDasharray={dashes[index % 2]}
              vectorEffect="non-scaling-stroke"
            />
          ))}
          {at === null ? null : (
            <path
              d={`M${x(shown)} 0V${height}`}
              className="text-tertiary"
              stroke="currentColor"
              vectorEffect="non-scaling-stroke"
            />
          )}
        </svg>
        <span className="tabular pointer-events-none absolute top-0 left-1 text-xs text-tertiary">
          {format(top)}
        </span>
      </div>
      <div className="tabular flex justify-between pt-1 text-xs text-tertiary">
        <span>{formatClock(times[0] ?? 0, withDay)}</span>
        <span>{formatClock(times.at(-1) ?? 0, withDay)}</span>
      </div>
    </figure>
  );
}
