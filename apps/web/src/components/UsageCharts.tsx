/** Usage over time, of a machine or a host: a chart for each measure that there is, and what is missing in words. */
import type { UsageMeasure, UsageRange, UsageReply } from "@kubev/api-types/usage";
import { useQuery, type UseQueryOptions } from "@tanstack/react-query";
import { formatBytes, formatNumber, formatRate } from "../format/numbers.ts";
import { reasonText, reasonWithCause } from "../reasons/reason-text.ts";
import { Select } from "../ui/Select.tsx";
import { SkeletonLines } from "../ui/Progress.tsx";
import { EmptyState, Notice } from "../ui/States.tsx";
import { LineChart } from "./LineChart.tsx";
import { LoadFailed } from "./LoadFailed.tsx";
import { TabBody } from "./TabBody.tsx";
import { useSetUrlSearch, useUrlSearch } from "./use-place.ts";

const everyMs = 15_000;

const ranges: readonly { value: UsageRange; label: string }[] = [
  { value: "15m", label: "15 minutes" },
  { value: "1h", label: "1 hour" },
  { value: "6h", label: "6 hours" },
  { value: "24h", label: "24 hours" },
  { value: "7d", label: "7 days" },
];

interface ChartFacts {
  title: string;
  lines: readonly { name: string; measure: UsageMeasure }[];
  format: (value: number) => string;
  limit?: { name: string; of: "cpuCores" | "memoryBytes" };
}

const cores = (value: number) =>
  `${value < 1 ? value.toPrecision(2) : formatNumber(value)} ${value === 1 ? "core" : "cores"}`;

const charts: readonly ChartFacts[] = [
  {
    title: "CPU",
    lines: [{ name: "Used", measure: "cpuCores" }],
    format: cores,
    limit: { name: "of", of: "cpuCores" },
  },
  {
    title: "Memory",
    lines: [{ name: "Used", measure: "memoryBytes" }],
    format: formatBytes,
    limit: { name: "of", of: "memoryBytes" },
  },
  {
    title: "Network",
    lines: [
      { name: "Received", measure: "receiveBytesPerSecond" },
      { name: "Sent", measure: "transmitBytesPerSecond" },
    ],
    format: formatRate,
  },
  {
    title: "Disks",
    lines: [
      { name: "Read", measure: "readBytesPerSecond" },
      { name: "Written", measure: "writeBytesPerSecond" },
    ],
    format: formatRate,
  },
];

/** The range that the URL names; an hour otherwise. */
export function useUsageRange(): UsageRange {
  const { range } = useUrlSearch();
  return ranges.find(({ value }) => value === range)?.value ?? "1h";
}

interface UsageChartsProps {
  /** The read for `useUsageRange()`. */
  usage: UseQueryOptions<UsageReply>;
  /** What a person may do about it when there is nothing to show, e.g. start the machine. */
  absent: string;
}

export function UsageCharts({ usage, absent }: UsageChartsProps) {
  const range = useUsageRange();
  const setSearch = useSetUrlSearch();
  const { data, error, refetch } = useQuery({ ...usage, refetchInterval: everyMs });
  if (data === undefined)
    return error ? (
      <LoadFailed error={error} what="Usage could not be loaded." onRetry={() => void refetch()} />
    ) : (
      <TabBody>
        <SkeletonLines label="Loading usage" />
      </TabBody>
    );
  const drawn = charts.filter(({ lines }) => lines.some(({ measure }) => seriesOf(data, measure) !== null));
  return (
    <TabBody>
      <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
        <Select
          label="Time"
          className="w-40"
          value={range}
          onChange={(value) => setSearch({ range: value === "1h" ? undefined : value }, true)}
          choices={ranges}
        />
        <p className="text-xs text-tertiary">
          {data.source === "prometheus"
            ? "Measured by Prometheus."
            : data.source === "metrics-server"
              ? "Measured by metrics.k8s.io, twice a minute."
              : null}
        </p>
      </div>
      {drawn.length === 0 ? (
        <EmptyState title="There is nothing to show">
          <p>{data.notes[0] === undefined ? absent : reasonWithCause(data.notes[0])}</p>
          {data.notes[0]?.code === "usage-not-yet" ? <p>{absent}</p> : null}
        </EmptyState>
      ) : (
        <div className="grid gap-x-10 gap-y-8 lg:grid-cols-2">
          {drawn.map(({ title, lines, format, limit }) => {
            const most = limit === undefined ? null : data.limits[limit.of];
            return (
              <LineChart
                key={title}
                title={title}
                times={data.times}
                lines={lines.map(({ name, measure }) => ({ name, values: seriesOf(data, measure) ?? [] }))}
                format={format}
                {...(limit === undefined || most === null
                  ? {}
                  : { limit: { name: limit.name, value: most } })}
              />
            );
          })}
        </div>
      )}
      {drawn.length === 0 || data.notes.length === 0 ? null : (
        <Notice tone="off">
          {data.notes.map((note) => (
            <p key={note.code}>{reasonText(note)}</p>
          ))}
        </Notice>
      )}
    </TabBody>
  );
}

function seriesOf(data: UsageReply, measure: UsageMeasure): (number | null)[] | null {
  const found = data.series.find((one) => one.measure === measure)?.values;
  return found?.some((value) => value !== null) === true ? found : null;
}
