/** The machine at a glance: facts on the left, what is going on at the right. */
import type { VmDetail } from "@kubev/api-types/virtual-machines";
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ActivityList } from "../../components/ActivityList.tsx";
import { EventList } from "../../components/EventList.tsx";
import { formatExact } from "../../format/dates.ts";
import { formatBytes, formatCores, formatPlural } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { CopyButton } from "../../ui/CopyButton.tsx";
import { type Fact, Facts, Section } from "../../ui/Facts.tsx";
import { ProgressBar } from "../../ui/Progress.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { MigrationPanel, PastMigrations } from "./MigrationPanel.tsx";
import { PendingChanges } from "./PendingChanges.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useVm } from "./use-vm.ts";

/** KubeVirt's eviction strategies, by what they mean for the machine when its host is drained. */
const drainedWords: Readonly<Record<string, string>> = {
  None: "Stopped here and started elsewhere",
  LiveMigrate: "Moved without a break; the drain waits for it",
  LiveMigrateIfPossible: "Moved without a break where that is possible",
  External: "Moved by something outside KubeVirt",
};
/** The same of a machine that KubeVirt says cannot be moved. */
const drainedUnmovableWords: typeof drainedWords = {
  ...drainedWords,
  LiveMigrate: "Stays, and the drain waits until it is stopped: it cannot be moved",
  LiveMigrateIfPossible: "Stopped here and started elsewhere: it cannot be moved",
};
const firmwareWords = { bios: "BIOS", efi: "UEFI", "efi-secure-boot": "UEFI with Secure Boot" } as const;
const agentWords = {
  connected: "Connected",
  absent: "Not connected",
  "not-running": "The machine does not run",
} as const;

export default function OverviewTab() {
  const detail = useVm();
  return (
    <TabBody>
      <MigrationPanel vm={detail.row} />
      <PendingChanges vm={detail.row} />
      <div className="grid gap-x-12 gap-y-7 lg:grid-cols-[minmax(0,1fr)_minmax(0,1fr)] 2xl:grid-cols-3">
        <div className="flex min-w-0 flex-col gap-7">
          <Section title="Machine">
            <Facts facts={machineFacts(detail)} />
          </Section>
          <Section title="Where it runs">
            <Facts facts={placeFacts(detail)} />
          </Section>
          <PastMigrations vm={detail.row} />
        </div>
        <div className="flex min-w-0 flex-col gap-7">
          <Storage detail={detail} />
          <Addresses detail={detail} />
          <Guest detail={detail} />
        </div>
        <div className="flex min-w-0 flex-col gap-7 lg:col-span-2 lg:grid lg:grid-cols-2 lg:gap-x-12 2xl:col-span-1 2xl:flex">
          <GoingOn detail={detail} />
        </div>
      </div>
    </TabBody>
  );
}

function machineFacts(detail: VmDetail): Fact[] {
  const { row, cpu } = detail;
  const labels = Object.entries(row.labels);
  return [
    { name: "Size", value: `${formatCores(row.cpuCores)}, ${formatBytes(row.memoryBytes)} memory` },
    ...(row.instanceType === undefined ? [] : [{ name: "Instance type", value: row.instanceType }]),
    ...(row.preference === undefined ? [] : [{ name: "Preference", value: row.preference }]),
    {
      name: "CPU",
      value: `${formatPlural(cpu.sockets, "socket", "sockets")}, ${formatPlural(cpu.cores, "core", "cores")}, ${formatPlural(cpu.threads, "thread", "threads")}${cpu.model === "" ? "" : `, ${cpu.model}`}`,
    },
    { name: "Firmware", value: `${firmwareWords[detail.firmware]}, ${detail.machineType}` },
    { name: "Run strategy", value: row.runStrategy ?? "Not set" },
    { name: "Host name", value: detail.hostname === "" ? row.name : detail.hostname },
    {
      name: "Created",
      value: (
        <span>
          {formatExact(row.createdAt)} (<Age iso={row.createdAt} ago />)
        </span>
      ),
    },
    {
      name: "Cloud-init",
      value: !detail.cloudInit.present
        ? "None"
        : [
            detail.cloudInit.userName === undefined ? "Set" : `User ${detail.cloudInit.userName}`,
            detail.cloudInit.sshKeys > 0 ? formatPlural(detail.cloudInit.sshKeys, "SSH key", "SSH keys") : "",
          ]
            .filter(Boolean)
            .join(", "),
    },
    {
      name: "Labels",
      value:
        labels.length === 0 ? (
          "None"
        ) : (
          <span className="flex flex-wrap gap-1">
            {labels.map(([key, value]) => (
              <Badge key={key}>{value === "" ? key : `${key}=${value}`}</Badge>
            ))}
          </span>
        ),
    },
  ];
}

function placeFacts(detail: VmDetail): Fact[] {
  const { row, instance } = detail;
  const why = detail.conditions.find((condition) => condition.type === "LiveMigratable");
  const drained = why?.status === "False" ? drainedUnmovableWords : drainedWords;
  return [
    {
      name: "Host",
      value:
        row.host === "" ? "None" : row.migratingTo ? `${row.host}, moving to ${row.migratingTo}` : row.host,
    },
    ...(row.startedAt === undefined ? [] : [{ name: "Running for", value: <Age iso={row.startedAt} /> }]),
    ...(instance === null
      ? []
      : [{ name: "Pod", value: <span className="font-mono text-xs break-all">{instance.pod}</span> }]),
    {
      name: "Live migration",
      value:
        why === undefined ? "Not known" : why.status === "True" ? "Possible" : `Not possible. ${why.message}`,
    },
    ...(detail.evictionStrategy === ""
      ? []
      : [{ name: "When drained", value: drained[detail.evictionStrategy] ?? detail.evictionStrategy }]),
    ...(detail.terminationGracePeriodSeconds === null
      ? []
      : [
          {
            name: "Time to shut down",
            value: formatPlural(detail.terminationGracePeriodSeconds, "second", "seconds"),
          },
        ]),
  ];
}

function Storage({ detail }: { detail: VmDetail }) {
  const disks = detail.disks.filter((disk) => disk.claim !== undefined);
  return (
    <Section
      title="Disks"
      aside={<AppLink to={paths.vm(detail.row.project, detail.row.name, "disks")}>All</AppLink>}
    >
      {disks.length === 0 ? <p className="text-secondary">It has no disk that keeps data.</p> : null}
      <ul className="flex flex-col gap-2">
        {disks.map((disk) => (
          <li key={disk.name} className="flex min-w-0 flex-col gap-1">
            <div className="flex min-w-0 justify-between gap-3">
              <span className="truncate">{disk.claim?.name}</span>
              <span className="tabular shrink-0 text-secondary">
                {disk.claim?.sizeBytes == null ? "" : formatBytes(disk.claim.sizeBytes)}{" "}
                {disk.claim?.storageClass}
              </span>
            </div>
            {disk.claim?.progressPercent == null ? null : (
              <ProgressBar percent={disk.claim.progressPercent} label={`Filling ${disk.claim.name}`} />
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function Addresses({ detail }: { detail: VmDetail }) {
  return (
    <Section
      title="Network"
      aside={<AppLink to={paths.vm(detail.row.project, detail.row.name, "network")}>All</AppLink>}
    >
      {detail.nics.length === 0 ? <p className="text-secondary">It has no network interface.</p> : null}
      {detail.nics.map((nic) => (
        <div key={nic.name} className="flex min-w-0 flex-col gap-1">
          {nic.ips.length === 0 ? (
            <span className="text-secondary">{nic.name} has no address yet</span>
          ) : null}
          {nic.ips.map((ip) => (
            <div key={ip} className="flex min-w-0 items-center gap-1">
              <span className="tabular truncate font-mono text-xs">{ip}</span>
              <CopyButton text={ip} label={`Copy ${ip}`} iconOnly size="sm" />
              <span className="ml-auto truncate text-secondary">
                {[nic.subnet, nic.vpc].filter(Boolean).join(" in ")}
              </span>
            </div>
          ))}
        </div>
      ))}
    </Section>
  );
}

function Guest({ detail }: { detail: VmDetail }) {
  const params = { project: detail.row.project, name: detail.row.name };
  const guest = useQuery({
    ...read("getVmGuest", { params }),
    enabled: detail.guestAgent === "connected",
    retry: false,
  }).data;
  return (
    <Section
      title="Guest"
      aside={
        <StatusMark tone={detail.guestAgent === "connected" ? "ok" : "off"}>
          Agent: {agentWords[detail.guestAgent].toLowerCase()}
        </StatusMark>
      }
    >
      {guest === undefined ? (
        <p className="text-secondary">
          {detail.guestAgent === "absent"
            ? "Install qemu-guest-agent in the guest to see its system, users and file systems here."
            : detail.row.guestOs === ""
              ? "Nothing is known about the guest."
              : detail.row.guestOs}
        </p>
      ) : (
        <>
          <Facts
            facts={[
              { name: "System", value: guest.os },
              { name: "Kernel", value: guest.kernel },
              { name: "Time zone", value: guest.timezone.split(",")[0] },
              {
                name: "Signed in",
                value: guest.users.length === 0 ? "Nobody" : guest.users.map((user) => user.name).join(", "),
              },
            ]}
          />
          {guest.fileSystems.map((fs) => (
            <div key={fs.mountPoint} className="flex flex-col gap-1">
              <div className="flex justify-between gap-3">
                <span className="truncate font-mono text-xs">{fs.mountPoint}</span>
                <span className="tabular text-secondary">
                  {formatBytes(fs.usedBytes)} of {formatBytes(fs.totalBytes)}
                </span>
              </div>
              <ProgressBar
                percent={(fs.usedBytes / Math.max(1, fs.totalBytes)) * 100}
                label={`Used on ${fs.mountPoint}`}
                tone={fs.usedBytes / fs.totalBytes > 0.9 ? "attention" : "accent"}
              />
            </div>
          ))}
        </>
      )}
    </Section>
  );
}

function GoingOn({ detail }: { detail: VmDetail }) {
  const { project, name } = detail.row;
  useLiveFeed("activity", project);
  const events = useQuery(read("listVmEvents", { params: { project, name } })).data?.events;
  const activity = useQuery(
    read("listActivity", { query: { project, name, noun: "virtual-machine", limit: 6 } }),
  ).data?.rows;
  return (
    <>
      <Section title="Events" aside={<AppLink to={paths.vm(project, name, "events")}>All</AppLink>}>
        {events === undefined ? null : <EventList events={events.slice(0, 6)} brief />}
      </Section>
      <Section title="Activity" aside={<AppLink to={paths.vm(project, name, "activity")}>All</AppLink>}>
        {activity === undefined ? null : <ActivityList rows={activity} brief withTarget={false} />}
      </Section>
    </>
  );
}
