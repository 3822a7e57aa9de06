/** All hosts at once by one measure, in groups: where it is full, where it is empty, and what is wrong. */
import type { HeatMeasure, HeatReply, HostHeat } from "@kubev/api-types/capacity";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { hostStateWords, hostTone, resourceName } from "../../components/host-words.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { useSetUrlSearch, useUrlSearch } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { formatCount, formatPercent, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText, reasonWithCause } from "../../reasons/reason-text.ts";
import { Section } from "../../ui/Facts.tsx";
import { SkeletonLines } from "../../ui/Progress.tsx";
import { Select } from "../../ui/Select.tsx";
import { EmptyState, Notice } from "../../ui/States.tsx";
import { StatusShape } from "../../ui/Status.tsx";

const everyMs = 10_000;

const measures: readonly { value: HeatMeasure; label: string }[] = [
  { value: "memoryRequested", label: "Memory requested" },
  { value: "memoryUsed", label: "Memory used" },
  { value: "memoryPromised", label: "Memory given to machines" },
  { value: "cpuRequested", label: "CPU requested" },
  { value: "cpuUsed", label: "CPU used" },
  { value: "cpuPromised", label: "CPU given to machines" },
  { value: "machines", label: "Machines" },
  { value: "pods", label: "Pods" },
];

const groupings = [
  { value: "zone", label: "Zone" },
  { value: "hardware", label: "Hardware" },
  { value: "state", label: "State" },
  { value: "none", label: "Nothing" },
] as const;
type Grouping = (typeof groupings)[number]["value"];

/** One of the fixed measures, or the name of a resource. */
type Measure = string;

const isCount = (measure: Measure) => measure === "machines" || measure === "pods";

const isFixed = (measure: Measure): measure is HeatMeasure => measures.some(({ value }) => value === measure);

function valueOf(host: HostHeat, measure: Measure): number | null {
  return (isFixed(measure) ? host.values[measure] : host.resources[measure]) ?? null;
}

/** Whatever else some host offers can be asked for too. */
function measuresOf(hosts: readonly HostHeat[]): { value: Measure; label: string }[] {
  const names = new Set(hosts.flatMap(({ resources }) => Object.keys(resources)));
  return [
    ...measures,
    ...[...names].toSorted().map((name) => ({ value: name, label: `${resourceName(name)} requested` })),
  ];
}

function groupOf(host: HostHeat, by: Grouping): string {
  if (by === "none") return "";
  if (by === "state")
    return host.state.status === "ready" && !host.machines.schedulable
      ? "Ready, but not for machines"
      : hostStateWords[host.state.status];
  return host[by];
}

export default function HostMapPage() {
  useTitle("Host map");
  const search = useUrlSearch();
  const setSearch = useSetUrlSearch();
  const by = groupings.find(({ value }) => value === search["by"])?.value ?? "zone";
  const { data, error, refetch } = useQuery({ ...read("getHostHeat", {}), refetchInterval: everyMs });
  const offered = measuresOf(data?.hosts ?? []);
  const measure = offered.find(({ value }) => value === search["measure"])?.value ?? "memoryRequested";
  return (
    <PageFrame
      title="Host map"
      aside={
        <div className="flex flex-wrap gap-3">
          <Select
            label="Measure"
            className="w-56"
            value={measure}
            onChange={(value) => setSearch({ measure: value }, true)}
            choices={offered}
          />
          <Select
            label="Grouped by"
            className="w-36"
            value={by}
            onChange={(value) => setSearch({ by: value }, true)}
            choices={groupings}
          />
        </div>
      }
    >
      {data === undefined ? (
        error ? (
          <LoadFailed error={error} what="The hosts could not be loaded." onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines label="Loading hosts" />
        )
      ) : (
        <Map data={data} measure={measure} by={by} />
      )}
    </PageFrame>
  );
}

function Map({ data, measure, by }: { data: HeatReply; measure: Measure; by: Grouping }) {
  if (data.hosts.length === 0)
    return <EmptyState title="There are no hosts to see">Hosts are the cluster's nodes.</EmptyState>;
  const groups = new globalThis.Map<string, HostHeat[]>();
  for (const host of data.hosts) {
    const group = groupOf(host, by);
    groups.set(group, [...(groups.get(group) ?? []), host]);
  }
  const highest = Math.max(1, ...data.hosts.map((host) => valueOf(host, measure) ?? 0));
  const full = isCount(measure) ? highest : 1;
  const title = (group: string) => (group === "" ? (by === "none" ? "All hosts" : "None said") : group);
  return (
    <>
      {measure.endsWith("Used") && data.notes.length > 0 ? (
        <Notice tone="attention">
          {data.notes.map((note) => (
            <p key={note.code}>{reasonWithCause(note)}</p>
          ))}
        </Notice>
      ) : null}
      <Legend measure={measure} full={full} />
      {[...groups]
        .toSorted(([a], [b]) => a.localeCompare(b, "en", { numeric: true }))
        .map(([group, hosts]) => (
          <Section
            key={group}
            title={title(group)}
            aside={
              <span className="text-xs text-tertiary">{formatPlural(hosts.length, "host", "hosts")}</span>
            }
          >
            <ul className="grid grid-cols-[repeat(auto-fill,minmax(132px,1fr))] gap-1.5">
              {hosts.map((host) => (
                <Cell key={host.name} host={host} measure={measure} full={full} />
              ))}
            </ul>
          </Section>
        ))}
    </>
  );
}

/** At most this much of the accent, so that text stays readable on it in both themes. */
const mostTintPercent = 40;

const tint = (share: number) =>
  `color-mix(in oklab, var(--accent) ${Math.round(Math.min(1, Math.max(0, share)) * mostTintPercent)}%, var(--surface-raised))`;

function Cell({ host, measure, full }: { host: HostHeat; measure: Measure; full: number }) {
  const value = valueOf(host, measure);
  const share = value === null ? 0 : value / full;
  const text = value === null ? "–" : isCount(measure) ? formatCount(value) : formatPercent(value * 100);
  const reason = host.state.reason ?? host.machines.reason;
  const state = `${hostStateWords[host.state.status]}${reason === undefined ? "" : `. ${reasonText(reason)}`}`;
  const tone = hostTone(host);
  const crowded = !isCount(measure) && share > 0.9;
  return (
    <li>
      <AppLink
        to={paths.host(host.name)}
        look="bare"
        title={`${host.name}: ${text}. ${state}`}
        className="flex h-16 flex-col justify-between rounded-md border border-stroke px-2.5 py-1.5 text-content hover:border-control"
        style={{ background: tint(share) }}
      >
        <span className="flex items-center gap-1.5">
          {tone === "ok" ? null : <StatusShape tone={tone} className="size-2.5" />}
          <span className="truncate">{host.name}</span>
          {tone === "ok" ? null : <span className="sr-only">{state}</span>}
        </span>
        <span className="flex items-baseline justify-between gap-2">
          <span className="tabular text-base font-semibold">{text}</span>
          {crowded ? <span className="text-xs">full</span> : null}
        </span>
      </AppLink>
    </li>
  );
}

function Legend({ measure, full }: { measure: Measure; full: number }) {
  const end = isCount(measure) ? formatCount(full) : formatPercent(100);
  return (
    <p className="flex items-center gap-2 text-xs text-tertiary">
      <span className="whitespace-nowrap">{isCount(measure) ? "0" : formatPercent(0)}</span>
      <span aria-hidden className="flex">
        {[0, 0.2, 0.4, 0.6, 0.8, 1].map((share) => (
          <span key={share} className="h-3 w-6 border-y border-stroke" style={{ background: tint(share) }} />
        ))}
      </span>
      <span>{isCount(measure) ? end : `${end} of what is allocatable, or more`}</span>
    </p>
  );
}
