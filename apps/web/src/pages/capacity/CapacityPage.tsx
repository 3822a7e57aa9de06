/** The room of the cloud: what is asked for, given and used of what there is, and whether a host may be lost. */
import type { CapacityAmount, CapacityReply, HostLoss } from "@kubev/api-types/capacity";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { homelessWords, resourceAmount, resourceName } from "../../components/host-words.ts";
import { LoadFailed } from "../../components/LoadFailed.tsx";
import { PageFrame } from "../../components/PageFrame.tsx";
import { SectionColumns } from "../../components/SectionColumns.tsx";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatBytes, formatCount, formatPercent, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText, reasonWithCause } from "../../reasons/reason-text.ts";
import { Section } from "../../ui/Facts.tsx";
import { percentOf, ProgressBar, RoomBar, SkeletonLines } from "../../ui/Progress.tsx";
import { Notice } from "../../ui/States.tsx";

const everyMs = 10_000;

export default function CapacityPage() {
  useTitle("Capacity");
  const { data, error, refetch } = useQuery({ ...read("getCapacity", {}), refetchInterval: everyMs });
  return (
    <PageFrame title="Capacity" aside={<ButtonLink to={paths.hostMap()}>Host map</ButtonLink>}>
      {data === undefined ? (
        error ? (
          <LoadFailed error={error} what="Capacity could not be loaded." onRetry={() => void refetch()} />
        ) : (
          <SkeletonLines label="Loading capacity" />
        )
      ) : (
        <Body data={data} />
      )}
    </PageFrame>
  );
}

function Body({ data }: { data: CapacityReply }) {
  const { hosts } = data;
  return (
    <>
      <p className="text-secondary">
        {formatPlural(hosts.machines, "machine runs", "machines run")} on{" "}
        {formatPlural(hosts.total, "host", "hosts")}; {formatCount(hosts.ready)} of them are ready and open,
        and {formatCount(hosts.forMachines)} take machines.
      </p>
      <OneLess losses={data.losses} tried={data.lossesTried} hosts={data.hosts.total} />
      <div className="grid gap-x-10 gap-y-6 lg:grid-cols-3">
        {data.amounts
          .filter(({ name }) => ["cpu", "memory", "pods"].includes(name))
          .map((amount) => (
            <Room key={amount.name} amount={amount} />
          ))}
      </div>
      {data.notes.length === 0 ? null : (
        <Notice tone="off">
          {data.notes.map((note) => (
            <p key={note.code}>{reasonWithCause(note)}</p>
          ))}
        </Notice>
      )}
      <SectionColumns>
        <Section title="Everything that hosts offer">
          <SimpleTable
            label="Resources"
            columns={["Resource", "Used", "Requested", "Given to machines", "Allocatable", "Capacity"]}
            endAligned={["Used", "Requested", "Given to machines", "Allocatable", "Capacity"]}
            rows={data.amounts.map(({ name, used, requested, promised, allocatable, capacity }) => ({
              key: name,
              cells: [
                resourceName(name),
                used === null ? "–" : resourceAmount(name, used),
                resourceAmount(name, requested),
                promised === null ? "–" : resourceAmount(name, promised),
                resourceAmount(name, allocatable),
                resourceAmount(name, capacity),
              ],
            }))}
          />
        </Section>
        <Section title="Storage">
          {data.storage.length === 0 ? (
            <p className="text-secondary">There is no storage class.</p>
          ) : (
            <SimpleTable
              label="Storage"
              columns={["Storage class", "Disks", "Given to disks", "Still free"]}
              endAligned={["Disks", "Given to disks", "Still free"]}
              rows={data.storage.map(({ storageClass, disks, provisionedBytes, freeBytes }) => ({
                key: storageClass,
                cells: [
                  storageClass === "" ? "None" : storageClass,
                  formatCount(disks),
                  formatBytes(provisionedBytes),
                  freeBytes === null ? "Not said by its driver" : formatBytes(freeBytes),
                ],
              }))}
            />
          )}
        </Section>
      </SectionColumns>
    </>
  );
}

/** One resource as bars on one scale: the more than all of it is overcommitment. */
function Room({ amount }: { amount: CapacityAmount }) {
  const { name, allocatable, requested, used, promised } = amount;
  const bars: [string, number | null][] = [
    ["Used", used],
    ["Requested", requested],
    ["Given to machines", promised],
  ];
  return (
    <Section
      title={resourceName(name)}
      aside={
        <span className="tabular text-xs text-tertiary">{resourceAmount(name, allocatable)} allocatable</span>
      }
    >
      <ul className="flex flex-col gap-2.5">
        {bars.map(([label, value]) => {
          if (value === null) return null;
          const percent = percentOf(value, allocatable);
          return (
            <li key={label} className="flex flex-col gap-1">
              <span className="flex justify-between gap-3">
                <span className="text-secondary">{label}</span>
                <span className="tabular">
                  {resourceAmount(name, value)}{" "}
                  <span className="text-tertiary">{formatPercent(percent)}</span>
                </span>
              </span>
              {label === "Given to machines" ? (
                <ProgressBar percent={percent} label={`${resourceName(name)}: ${label}`} />
              ) : (
                <RoomBar percent={percent} label={`${resourceName(name)}: ${label}`} />
              )}
            </li>
          );
        })}
      </ul>
    </Section>
  );
}

/** N+1 in words, and the hosts that could not be lost. */
function OneLess({ losses, tried, hosts }: { losses: readonly HostLoss[]; tried: number; hosts: number }) {
  const [worst] = losses;
  if (worst === undefined) return null;
  const hard = losses.filter((loss) => loss.homelessTotal > 0);
  if (hard.length === 0)
    return (
      <Notice tone="ok">
        {tried < hosts
          ? `Any one of the ${formatCount(tried)} fullest hosts may be lost (of ${formatCount(hosts)}; the others were not tried)`
          : "Any one host may be lost"}
        : what runs on it fits on the others, by what it asks for.
      </Notice>
    );
  return (
    <Section title="If a host is lost">
      <Notice tone="attention">
        Not everything fits any more when {worst.host} is gone: {homelessWords(worst)}
      </Notice>
      <SimpleTable
        label="Hosts that cannot be lost"
        columns={["Host", "Machines", "Without room", "The largest of them"]}
        endAligned={["Machines", "Without room"]}
        rows={hard.map((loss) => ({
          key: loss.host,
          cells: [
            <AppLink key="host" to={paths.host(loss.host)} look="plain" className="font-medium">
              {loss.host}
            </AppLink>,
            formatCount(loss.machines),
            formatCount(loss.homelessTotal),
            <ul key="largest" className="flex flex-col gap-1">
              {loss.homeless.slice(0, 3).map((one) => (
                <li key={`${one.project}/${one.name}`}>
                  {one.machine ? (
                    <AppLink to={paths.vm(one.project, one.name)}>{one.name}</AppLink>
                  ) : (
                    one.name
                  )}{" "}
                  <span className="text-secondary">
                    {one.machine ? "" : "pod "}({formatBytes(one.memoryBytes)}). {reasonText(one.reason)}
                  </span>
                </li>
              ))}
            </ul>,
          ],
        }))}
      />
    </Section>
  );
}
