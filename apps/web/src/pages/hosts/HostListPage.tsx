/** The hosts that machines run on: state, room, and why one takes no machines. */
import type { HostRow } from "@kubev/api-types/hosts";
import { Ban, CircleCheck, LogOut, Server } from "lucide-react";
import { rowKey } from "../../api/live/list-window.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { hostStateWords, hostTone } from "../../components/host-words.ts";
import { StateMark } from "../../components/StateMark.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo } from "../../components/use-place.ts";
import { useSession } from "../../components/use-session.ts";
import { formatBytes, formatCount, formatNumber } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import type { Column } from "../../table/column.ts";
import { ListPage } from "../../table/ListPage.tsx";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { RowMenu } from "../../table/RowMenu.tsx";
import { useList } from "../../table/use-list.ts";
import { MenuItem } from "../../ui/Menu.tsx";
import { percentOf, RoomBar } from "../../ui/Progress.tsx";
import { EmptyState } from "../../ui/States.tsx";
import { useCordon } from "./use-cordon.ts";
import { nameColumn } from "../../table/place-columns.tsx";

function Room({
  label,
  requested,
  allocatable,
  text,
}: {
  label: string;
  requested: number;
  allocatable: number;
  text: string;
}) {
  const percent = percentOf(requested, allocatable);
  return (
    <span className="flex w-full items-center gap-2.5">
      <span className="w-16 shrink-0">
        <RoomBar percent={percent} label={label} />
      </span>
      <span className="tabular truncate text-secondary">{text}</span>
    </span>
  );
}

function HostStatus({ host }: { host: HostRow }) {
  const reason = host.state.reason ?? host.machines.reason;
  return <StateMark tone={hostTone(host)} word={hostStateWords[host.state.status]} reason={reason} />;
}

const columns: readonly Column<HostRow>[] = [
  nameColumn({ track: "minmax(130px,0.8fr)", to: (host) => paths.host(host.name) }),
  {
    id: "status",
    header: "Status",
    sortKey: "status",
    track: "minmax(240px,6fr)",
    cell: (host) => <HostStatus host={host} />,
    glow: (host) => host.state.status,
    csv: (host) => hostStateWords[host.state.status],
  },
  {
    id: "vms",
    header: "Machines",
    sortKey: "vms",
    align: "end",
    track: "92px",
    cell: (host) => (
      <AppLink to={paths.vms(undefined)} search={{ q: `host:${host.name}` }} look="plain">
        {formatCount(host.machines.count)}
      </AppLink>
    ),
    glow: (host) => String(host.machines.count),
    csv: (host) => host.machines.count,
  },
  {
    id: "cpu",
    header: "CPU requested",
    sortKey: "cpu",
    track: "minmax(190px,0.6fr)",
    cell: ({ cpuCores: cpu }) => (
      <Room
        label="CPU requested"
        requested={cpu.requested}
        allocatable={cpu.allocatable}
        text={`${formatNumber(cpu.requested)} of ${formatNumber(cpu.allocatable)} cores`}
      />
    ),
    csv: (host) => host.cpuCores.requested,
  },
  {
    id: "memory",
    header: "Memory requested",
    sortKey: "memory",
    track: "minmax(220px,0.6fr)",
    cell: ({ memoryBytes: memory }) => (
      <Room
        label="Memory requested"
        requested={memory.requested}
        allocatable={memory.allocatable}
        text={`${formatBytes(memory.requested)} of ${formatBytes(memory.allocatable)}`}
      />
    ),
    csv: (host) => host.memoryBytes.requested,
  },
  {
    id: "zone",
    header: "Zone",
    track: "minmax(80px,0.4fr)",
    cell: (host) => <span className="truncate text-secondary">{host.zone === "" ? "–" : host.zone}</span>,
    csv: (host) => host.zone,
  },
  {
    id: "hardware",
    header: "Hardware",
    track: "minmax(110px,0.5fr)",
    cell: (host) => (
      <span className="truncate text-secondary">{host.hardware === "" ? "–" : host.hardware}</span>
    ),
    csv: (host) => host.hardware,
  },
  {
    id: "ip",
    header: "IP address",
    track: "minmax(110px,1fr)",
    optional: "wide",
    cell: (host) => <span className="tabular truncate">{host.ip}</span>,
    csv: (host) => host.ip,
  },
  {
    id: "os",
    header: "System",
    track: "minmax(140px,1.2fr)",
    optional: "wide",
    cell: (host) => <span className="truncate text-secondary">{`${host.os}, ${host.kernel}`}</span>,
    csv: (host) => `${host.os} ${host.kernel}`,
  },
  {
    id: "kubelet",
    header: "Kubernetes",
    track: "100px",
    optional: "wide",
    cell: (host) => <span className="truncate text-secondary">{host.kubelet}</span>,
    csv: (host) => host.kubelet,
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (host) => <Age iso={host.createdAt} />,
    csv: (host) => host.createdAt,
  },
];

const shownWords = { status: hostStateWords };

export default function HostListPage() {
  const list = useList("hosts");
  const go = useGo();
  const cordon = useCordon();
  const { areas } = useSession();
  return (
    <ListPage<HostRow>
      tableId="hosts"
      title="Hosts"
      failed="The list of hosts could not be loaded."
      placeholder="Search, e.g. host-3 status:ready"
      hints={[
        { word: "status:ready", detail: "By state" },
        { word: "schedulable:no", detail: "Takes no machines now" },
        { word: "zone:", detail: "By zone" },
        { word: "vms>10", detail: "More than 10 machines" },
      ]}
      words={shownWords}
      columns={columns}
      list={list}
      keyOf={rowKey}
      nameOf={(host) => host.name}
      onOpen={(host) => go(paths.host(host.name))}
      renderActions={(host) => (
        <RowMenu name={host.name}>
          <MenuItem
            icon={<Ban size={16} strokeWidth={1.5} aria-hidden />}
            disabledReason={disabledReason(host.actions.cordon)}
            onSelect={() => cordon.mutate({ name: host.name, cordoned: true })}
          >
            Cordon
          </MenuItem>
          <MenuItem
            icon={<CircleCheck size={16} strokeWidth={1.5} aria-hidden />}
            disabledReason={disabledReason(host.actions.uncordon)}
            onSelect={() => cordon.mutate({ name: host.name, cordoned: false })}
          >
            Uncordon
          </MenuItem>
          <MenuItem
            icon={<LogOut size={16} strokeWidth={1.5} aria-hidden />}
            onSelect={() => go(paths.host(host.name, "drain"))}
          >
            Plan a drain
          </MenuItem>
        </RowMenu>
      )}
      empty={
        <EmptyState
          title={areas?.hosts === false ? "You may not see the hosts" : "There are no hosts"}
          icon={<Server size={28} strokeWidth={1.25} aria-hidden />}
        >
          {areas?.hosts === false
            ? "Only operators may: the cluster does not let you list its nodes."
            : "Hosts are the cluster's nodes. They appear here once they join it."}
        </EmptyState>
      }
      renderNarrow={(host) => (
        <NarrowRow
          name={host.name}
          to={paths.host(host.name)}
          status={<HostStatus host={host} />}
          facts={[
            `${formatNumber(host.cpuCores.requested)}/${formatNumber(host.cpuCores.allocatable)} cores`,
            `${formatCount(host.machines.count)} machines`,
          ]}
        />
      )}
    />
  );
}
