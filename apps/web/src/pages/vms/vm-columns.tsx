/** The columns of a list of machines, and what its search understands. */
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { Age } from "../../components/Age.tsx";
import { statusWords } from "../../components/vm-words.ts";
import { VmStatus } from "../../components/VmStatus.tsx";
import { formatBytes, formatNumber } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import type { Column } from "../../table/column.ts";
import type { QueryHint } from "../../table/SearchBox.tsx";
import { Badge } from "../../ui/Status.tsx";
import { nameColumn, projectColumn } from "../../table/place-columns.tsx";

const none = <span className="text-tertiary">–</span>;

function HostCell({ vm }: { vm: VmRow }) {
  if (vm.host === "") return none;
  return (
    <span
      className="truncate"
      title={vm.migratingTo === undefined ? vm.host : `${vm.host} to ${vm.migratingTo}`}
    >
      {vm.migratingTo === undefined ? vm.host : `${vm.host} → ${vm.migratingTo}`}
    </span>
  );
}

/** What is only kept for it stands in brackets: the column has no room for a word beside a long address. */
function IpCell({ ips, reserved }: { ips: readonly string[]; reserved: readonly string[] }) {
  const all = [...ips, ...reserved];
  const [ip] = all;
  if (ip === undefined) return none;
  const more = all.length > 1 ? <span className="text-tertiary"> +{all.length - 1}</span> : null;
  if (ips.length === 0)
    return (
      <span className="tabular truncate text-tertiary" title={`Reserved: ${all.join(", ")}`}>
        ({ip}){more}
        <span className="sr-only"> reserved</span>
      </span>
    );
  return (
    <span className="tabular truncate" title={all.join("\n")}>
      {ip}
      {more}
    </span>
  );
}

export const vmColumns: readonly Column<VmRow>[] = [
  nameColumn({
    track: "minmax(220px,3fr)",
    to: (vm) => paths.vm(vm.project, vm.name),
    beside: (vm) =>
      vm.restartRequired ? (
        <span className="shrink-0">
          <Badge tone="attention">Restart needed</Badge>
        </span>
      ) : null,
  }),
  projectColumn("minmax(108px,0.7fr)", paths.vms),
  {
    id: "status",
    header: "Status",
    sortKey: "status",
    track: "minmax(240px,4fr)",
    cell: (vm) => <VmStatus state={vm.state} />,
    glow: (vm) => vm.state.status + (vm.state.reason?.code ?? ""),
    csv: (vm) =>
      vm.state.reason
        ? `${statusWords[vm.state.status]}: ${reasonText(vm.state.reason)}`
        : statusWords[vm.state.status],
  },
  {
    id: "host",
    header: "Host",
    sortKey: "host",
    track: "minmax(100px,0.9fr)",
    cell: (vm) => <HostCell vm={vm} />,
    glow: (vm) => vm.host + (vm.migratingTo ?? ""),
    csv: (vm) => vm.host,
  },
  {
    id: "ip",
    header: "IP address",
    sortKey: "ip",
    track: "minmax(112px,0.6fr)",
    cell: (vm) => <IpCell ips={vm.ips} reserved={vm.reservedIps ?? []} />,
    glow: (vm) => vm.ips.join(),
    csv: (vm) => vm.ips.join(" "),
  },
  {
    id: "cpu",
    header: "vCPU",
    sortKey: "cpu",
    align: "end",
    track: "64px",
    cell: (vm) => (vm.cpuCores === 0 ? none : formatNumber(vm.cpuCores)),
    csv: (vm) => vm.cpuCores,
  },
  {
    id: "memory",
    header: "Memory",
    sortKey: "memory",
    align: "end",
    track: "88px",
    cell: (vm) => (vm.memoryBytes === 0 ? none : formatBytes(vm.memoryBytes)),
    csv: (vm) => vm.memoryBytes,
  },
  {
    id: "os",
    header: "Guest",
    sortKey: "os",
    track: "minmax(110px,1.1fr)",
    optional: "wide",
    cell: (vm) =>
      vm.guestOs === "" ? (
        none
      ) : (
        <span className="truncate text-secondary" title={vm.guestOs}>
          {vm.guestOs}
        </span>
      ),
    csv: (vm) => vm.guestOs,
  },
  {
    id: "instanceType",
    header: "Instance type",
    track: "minmax(110px,1fr)",
    optional: "wide",
    cell: (vm) =>
      vm.instanceType === undefined ? none : <span className="truncate">{vm.instanceType}</span>,
    csv: (vm) => vm.instanceType ?? "",
  },
  {
    id: "disks",
    header: "Disks",
    align: "end",
    track: "68px",
    optional: true,
    cell: (vm) => formatNumber(vm.disks),
    csv: (vm) => vm.disks,
  },
  {
    id: "labels",
    header: "Labels",
    track: "minmax(140px,1.4fr)",
    optional: "wide",
    cell: (vm) => {
      const labels = Object.entries(vm.labels).map(([key, value]) => `${key}=${value}`);
      return labels.length === 0 ? (
        none
      ) : (
        <span className="truncate text-secondary" title={labels.join("\n")}>
          {labels.join(", ")}
        </span>
      );
    },
    csv: (vm) =>
      Object.entries(vm.labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(" "),
  },
  {
    id: "running",
    header: "Running for",
    align: "end",
    track: "96px",
    optional: "wide",
    cell: (vm) => (vm.startedAt === undefined ? none : <Age iso={vm.startedAt} />),
    csv: (vm) => vm.startedAt ?? "",
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (vm) => <Age iso={vm.createdAt} />,
    csv: (vm) => vm.createdAt,
  },
];

export const vmHints: readonly QueryHint[] = [
  { word: "status:running", detail: "By state" },
  { word: 'status:"Cannot be scheduled"', detail: "By state, as the list names it" },
  { word: "host:", detail: "By the host it runs on" },
  { word: "cpu>4", detail: "More than 4 vCPU" },
  { word: "memory>=8Gi", detail: "At least 8 GiB of memory" },
  { word: "ip:10.16", detail: "By the beginning of an address" },
  { word: "-label:env=dev", detail: "Leaves out a label" },
];
