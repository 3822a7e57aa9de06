/** The platform at a glance: is it well, how full is it, what needs a person, who takes most, what is under way and what was done. */
import type { CapacityReply } from "@kubev/api-types/capacity";
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed, useLiveList } from "../../api/live/use-live.ts";
import { read, readList, tasksQuery } from "../../api/queries.ts";
import { ActivityList } from "../../components/ActivityList.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { resourceAmount, resourceName } from "../../components/host-words.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { linkOf } from "../../components/resource-link.ts";
import { useTitle } from "../../components/use-title.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { formatCount, formatPercent, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { Section } from "../../ui/Facts.tsx";
import { ProgressBar } from "../../ui/Progress.tsx";
import { StatusMark, StatusShape } from "../../ui/Status.tsx";

const everyMs = 10_000;
const shownAtMost = 8;

export default function PlatformOverviewPage() {
  useTitle("Platform");
  const capacity = useQuery({ ...read("getCapacity", {}), refetchInterval: everyMs });
  return (
    <PageFrame title="Platform">
      {capacity.error === null ? null : (
        <LoadFailed
          error={capacity.error}
          what="Capacity could not be loaded."
          onRetry={() => void capacity.refetch()}
        />
      )}
      {capacity.data === undefined ? null : <Room data={capacity.data} />}
      <div className="grid gap-x-12 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-7">
          <NeedsAttention losses={capacity.data?.losses ?? []} />
          <RecentActivity />
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          <Health />
          <TopHosts />
          <UnderWay />
        </div>
      </div>
    </PageFrame>
  );
}

function Room({ data }: { data: CapacityReply }) {
  return (
    <dl className="grid gap-px overflow-hidden rounded-lg border border-stroke bg-stroke sm:grid-cols-2 xl:grid-cols-4">
      <div className="flex flex-col gap-1 bg-raised px-4 py-3">
        <dt className="text-secondary">Hosts</dt>
        <dd>
          <AppLink to={paths.hosts()} look="plain" className="text-xl font-semibold">
            {formatCount(data.hosts.ready)} of {formatCount(data.hosts.total)} ready
          </AppLink>
          <p className="text-xs text-tertiary">
            {formatPlural(data.hosts.machines, "machine runs", "machines run")} on them
          </p>
        </dd>
      </div>
      {data.amounts
        .filter(({ name }) => ["cpu", "memory", "pods"].includes(name))
        .map(({ name, requested, allocatable, used }) => {
          const percent = allocatable === 0 ? 0 : (requested / allocatable) * 100;
          return (
            <div key={name} className="flex flex-col gap-1.5 bg-raised px-4 py-3">
              <dt className="flex justify-between gap-3">
                <span className="text-secondary">{resourceName(name)}</span>
                <span className="tabular">{formatPercent(percent)} requested</span>
              </dt>
              <dd className="flex flex-col gap-1.5">
                <ProgressBar
                  percent={percent}
                  label={`${resourceName(name)} requested`}
                  tone={percent > 95 ? "error" : percent > 85 ? "attention" : "accent"}
                />
                <span className="tabular text-xs text-tertiary">
                  {resourceAmount(name, requested)} of {resourceAmount(name, allocatable)}
                  {used === null ? "" : `, ${resourceAmount(name, used)} used`}
                </span>
              </dd>
            </div>
          );
        })}
    </dl>
  );
}

function Health() {
  const { data } = useQuery({ ...read("getPlatformStatus", {}), refetchInterval: everyMs });
  const behind = data?.workloads.filter(({ tone }) => tone !== "ok") ?? [];
  return (
    <Section title="Health" aside={<AppLink to={paths.platformStatus()}>Status</AppLink>}>
      <ul className="flex flex-col gap-1.5">
        {data?.parts.map((part) => (
          <li key={part.name} className="flex justify-between gap-3">
            <StatusMark tone={part.tone}>{part.name}</StatusMark>
            <span className="truncate text-secondary">{part.version || part.phase}</span>
          </li>
        ))}
        {behind.map((one) => (
          <li key={`${one.project}/${one.name}`} className="flex justify-between gap-3">
            <StatusMark tone={one.tone}>{one.name}</StatusMark>
            <span className="tabular text-secondary">
              {one.ready} of {one.desired} ready
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function NeedsAttention({ losses }: { losses: CapacityReply["losses"] }) {
  const query = { q: "status:error,attention", pageSize: 25 };
  const options = readList("listVms", { query });
  const vms = useQuery(options).data;
  useLiveList("vms", query, options.queryKey);
  const hosts = useQuery(readList("listHosts", { query: { pageSize: 200 } })).data?.rows ?? [];
  const unwell = hosts.filter(({ state }) => state.tone === "error" || state.tone === "attention");
  const hardest = losses.find(({ homelessTotal }) => homelessTotal > 0);
  const nothing = vms?.total === 0 && unwell.length === 0 && hardest === undefined;
  return (
    <Section title="Needs attention">
      {nothing ? <p className="text-secondary">Nothing. Hosts and machines are as they should be.</p> : null}
      <ul className="flex flex-col divide-y divide-stroke">
        {hardest === undefined ? null : (
          <li className="flex min-h-9 items-center gap-3 py-1">
            <StatusShape tone="attention" />
            <span className="min-w-0">
              If <AppLink to={paths.host(hardest.host)}>{hardest.host}</AppLink> were lost,{" "}
              {formatPlural(hardest.homelessTotal, "pod finds", "pods find")} no other host.
            </span>
          </li>
        )}
        {unwell.slice(0, shownAtMost).map((host) => (
          <li key={host.name} className="flex min-h-9 items-center gap-3 py-1">
            <StatusShape tone={host.state.tone} />
            <AppLink to={paths.host(host.name)} look="plain" className="font-medium">
              {host.name}
            </AppLink>
            <span className="text-tertiary">Host</span>
          </li>
        ))}
        {vms?.rows.slice(0, shownAtMost).map((vm) => (
          <li
            key={vm.ref.uid ?? `${vm.project}/${vm.name}`}
            className="grid min-h-9 grid-cols-[minmax(0,1fr)_minmax(0,2fr)] items-center gap-4 py-1"
          >
            <span className="truncate">
              <AppLink to={paths.vm(vm.project, vm.name)} look="plain" className="font-medium">
                {vm.name}
              </AppLink>{" "}
              <span className="text-tertiary">{vm.project}</span>
            </span>
            <VmStatus state={vm.state} />
          </li>
        ))}
      </ul>
      {vms !== undefined && vms.total > shownAtMost ? (
        <AppLink to={`${paths.vms(undefined)}?q=${encodeURIComponent(query.q)}`}>
          All {formatCount(vms.total)} machines
        </AppLink>
      ) : null}
    </Section>
  );
}

function TopHosts() {
  const { data } = useQuery({ ...read("getHostHeat", {}), refetchInterval: everyMs });
  const measured = data?.hosts.some(({ values }) => values.memoryUsed !== null) ?? false;
  const key = measured ? "memoryUsed" : "memoryRequested";
  const top = (data?.hosts ?? []).toSorted((a, b) => (b.values[key] ?? 0) - (a.values[key] ?? 0)).slice(0, 5);
  return (
    <Section
      title={measured ? "Fullest hosts, memory used" : "Fullest hosts, memory requested"}
      aside={<AppLink to={paths.hostMap()}>Host map</AppLink>}
    >
      <ul className="flex flex-col gap-2.5">
        {top.map((host) => {
          const percent = (host.values[key] ?? 0) * 100;
          return (
            <li key={host.name} className="flex flex-col gap-1">
              <span className="flex justify-between gap-3">
                <AppLink to={paths.host(host.name)} look="plain" className="truncate">
                  {host.name}
                </AppLink>
                <span className="tabular text-secondary">{formatPercent(percent)}</span>
              </span>
              <ProgressBar
                percent={percent}
                label={`Memory of ${host.name}`}
                tone={percent > 90 ? "attention" : "accent"}
              />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function UnderWay() {
  useLiveFeed("tasks");
  const tasks = useQuery(tasksQuery()).data?.tasks ?? [];
  return (
    <Section title="Under way">
      {tasks.length === 0 ? <p className="text-secondary">Nothing is under way.</p> : null}
      <ul className="flex flex-col gap-1.5">
        {tasks.slice(0, shownAtMost).map((task) => {
          const to = linkOf(task.ref);
          return (
            <li key={task.id} className="flex items-center gap-2">
              <StatusShape tone={task.tone} />
              <span className="min-w-0 flex-1 truncate">
                {to === undefined ? (
                  task.ref.name
                ) : (
                  <AppLink to={to} look="plain">
                    {task.ref.name}
                  </AppLink>
                )}{" "}
                <span className="text-tertiary">{task.ref.project ?? ""}</span>
              </span>
              {task.progressPercent === null ? null : (
                <span className="tabular text-xs text-secondary">{formatPercent(task.progressPercent)}</span>
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

function RecentActivity() {
  useLiveFeed("activity");
  const rows = useQuery(read("listActivity", { query: { limit: shownAtMost } })).data?.rows;
  return (
    <Section title="Activity" aside={<AppLink to={paths.activity(undefined)}>All</AppLink>}>
      {rows === undefined ? null : <ActivityList rows={rows} brief />}
    </Section>
  );
}
