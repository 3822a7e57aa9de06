/** The platform at a glance: is it well, how full is it, what needs a person, who takes most, what is under way and what was done. */
import type { CapacityReply } from "@kubev/api-types/capacity";
import { useQuery } from "@tanstack/react-query";
import { isForbidden } from "../../api/api-error.ts";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { resourceAmount, resourceName } from "../../components/host-words.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { RecentActivity } from "../../components/RecentActivity.tsx";
import { TopMachines } from "../../components/TopMachines.tsx";
import { UnderWay } from "../../components/UnderWay.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatCount, formatNumber, formatPercent, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { errorText } from "../../reasons/error-text.ts";
import { Button } from "../../ui/Button.tsx";
import { Section } from "../../ui/Facts.tsx";
import { percentOf, RoomBar, SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { PlatformTroubles } from "./PlatformTroubles.tsx";

const everyMs = 10_000;

export default function PlatformOverviewPage() {
  useTitle("Platform");
  const capacity = useQuery({ ...read("getCapacity", {}), refetchInterval: everyMs });
  // all of it that is about hosts wants one right: without it, one sentence says so
  const refused = isForbidden(capacity.error);
  return (
    <PageFrame title="Platform">
      {refused ? (
        <Notice tone="attention">{`${errorText(capacity.error).title} Capacity, health and the use of hosts are left out; the rest is of what you may see.`}</Notice>
      ) : null}
      {capacity.error === null || refused ? null : (
        <LoadFailed
          error={capacity.error}
          what="Capacity could not be loaded."
          onRetry={() => void capacity.refetch()}
        />
      )}
      {capacity.data === undefined ? null : <Room data={capacity.data} />}
      <div className="grid gap-x-12 gap-y-7 lg:grid-cols-[minmax(0,3fr)_minmax(0,2fr)]">
        <div className="flex min-w-0 flex-col gap-7">
          <PlatformTroubles capacity={capacity} />
          <TopMachines />
          <RecentActivity />
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          {refused ? null : (
            <>
              <Health />
              <TopHosts />
            </>
          )}
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
            {formatCount(data.hosts.ready)} of {formatCount(data.hosts.total)} ready and open
          </AppLink>
          <p className="text-xs text-tertiary">
            {formatPlural(data.hosts.machines, "machine runs", "machines run")} on them
          </p>
        </dd>
      </div>
      {data.amounts
        .filter(({ name }) => ["cpu", "memory", "pods"].includes(name))
        .map(({ name, requested, allocatable, used }) => {
          const percent = percentOf(requested, allocatable);
          return (
            <div key={name} className="flex flex-col gap-1.5 bg-raised px-4 py-3">
              <dt className="flex justify-between gap-3">
                <span className="text-secondary">{resourceName(name)}</span>
                <span className="tabular">{formatPercent(percent)} requested</span>
              </dt>
              <dd className="flex flex-col gap-1.5">
                <RoomBar percent={percent} label={`${resourceName(name)} requested`} />
                <span className="tabular text-xs text-tertiary">
                  {/* the unit once */}
                  {name === "cpu" ? formatNumber(requested) : resourceAmount(name, requested)} of{" "}
                  {resourceAmount(name, allocatable)}
                  {used === null
                    ? ""
                    : `, ${name === "cpu" ? formatNumber(used) : resourceAmount(name, used)} used`}
                </span>
              </dd>
            </div>
          );
        })}
    </dl>
  );
}

interface AnswerProps {
  /** As a sentence begins. */
  what: string;
  there: boolean;
  error: Error | null;
  onRetry: () => void;
}

/** What is said of a read until it answered, and when it failed. */
function Answer({ what, there, error, onRetry }: AnswerProps) {
  if (error !== null)
    return (
      <Notice
        tone="error"
        action={
          <Button size="sm" onClick={onRetry}>
            Try again
          </Button>
        }
      >
        {errorText(error, `${what} could not be loaded.`).title}
      </Notice>
    );
  return there ? null : <SkeletonLines label="Loading" />;
}

function Health() {
  const { data, error, refetch } = useQuery({ ...read("getPlatformStatus", {}), refetchInterval: everyMs });
  const behind = data?.workloads.filter(({ tone }) => tone !== "ok") ?? [];
  return (
    <Section title="Health" aside={<AppLink to={paths.platformStatus()}>Status</AppLink>}>
      <Answer
        what="The platform's parts"
        there={data !== undefined}
        error={error}
        onRetry={() => void refetch()}
      />
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

function TopHosts() {
  const { data, error, refetch } = useQuery({ ...read("getHostHeat", {}), refetchInterval: everyMs });
  const measured = data?.hosts.some(({ values }) => values.memoryUsed !== null) ?? false;
  const key = measured ? "memoryUsed" : "memoryRequested";
  const top = (data?.hosts ?? []).toSorted((a, b) => (b.values[key] ?? 0) - (a.values[key] ?? 0)).slice(0, 5);
  return (
    <Section
      title={measured ? "Fullest hosts, memory used" : "Fullest hosts, memory requested"}
      aside={<AppLink to={paths.hostMap()}>Host map</AppLink>}
    >
      <Answer
        what="The use of hosts"
        there={data !== undefined}
        error={error}
        onRetry={() => void refetch()}
      />
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
              <RoomBar percent={percent} label={`Memory of ${host.name}`} />
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
