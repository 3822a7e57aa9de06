/** The columns of subnets, for the platform's list and for a project's. */
import type { SubnetRow } from "@kubev/api-types/subnets";
import { AddressUse } from "./AddressUse.tsx";
import { Age } from "./Age.tsx";
import { AppLink } from "./AppLink.tsx";
import { subnetStateWords } from "./network-words.ts";
import { paths } from "../paths.ts";
import type { Column } from "../table/column.ts";
import { Badge } from "../ui/Status.tsx";
import { StateMark } from "./StateMark.tsx";
import { nameColumn } from "../table/place-columns.tsx";

export function SubnetStatus({ subnet }: { subnet: SubnetRow }) {
  const { status, tone, reason } = subnet.state;
  const repeats = status === "full" || status === "deleting"; // the word says it
  return (
    <StateMark
      tone={tone}
      word={subnetStateWords[status]}
      reason={reason}
      detail={repeats ? "" : undefined}
    />
  );
}

export function subnetBadges(subnet: SubnetRow) {
  return (
    <>
      {subnet.isDefault ? <Badge>Default</Badge> : null}
      {subnet.isPrivate ? <Badge>Private</Badge> : null}
      {subnet.vlan === "" ? null : <Badge>VLAN {subnet.vlan}</Badge>}
    </>
  );
}

export function openTo(subnet: SubnetRow): string {
  if (subnet.projects.length > 0) return subnet.projects.join(", ");
  return subnet.openToAll
    ? "All projects"
    : subnet.name === "join"
      ? "Hosts and pods"
      : "The projects of its VPC";
}

export function subnetColumns(project: string | undefined): readonly Column<SubnetRow>[] {
  return [
    nameColumn({
      track: "minmax(160px,1.6fr)",
      to: (subnet) => paths.subnet(project, subnet.name),
      beside: subnetBadges,
    }),
    {
      id: "status",
      header: "Status",
      sortKey: "status",
      track: "minmax(110px,1.2fr)",
      cell: (subnet) => <SubnetStatus subnet={subnet} />,
      glow: (subnet) => subnet.state.status,
      csv: (subnet) => subnetStateWords[subnet.state.status],
    },
    {
      id: "vpc",
      header: "VPC",
      sortKey: "vpc",
      track: "minmax(110px,1fr)",
      cell: (subnet) =>
        project === undefined && subnet.vpc !== "" ? (
          <AppLink to={paths.vpc(subnet.vpc)} look="plain" className="truncate">
            {subnet.vpc}
          </AppLink>
        ) : (
          <span className="truncate">{subnet.vpc}</span>
        ),
      csv: (subnet) => subnet.vpc,
    },
    {
      id: "cidr",
      header: "CIDR",
      sortKey: "cidr",
      track: "minmax(140px,1.2fr)",
      cell: (subnet) => (
        <span className="tabular truncate" title={subnet.cidrs.join(", ")}>
          {subnet.cidrs.join(", ")}
        </span>
      ),
      csv: (subnet) => subnet.cidrs.join(" "),
    },
    {
      id: "used",
      header: "Addresses",
      sortKey: "used",
      track: "minmax(220px,1.6fr)",
      cell: (subnet) => <AddressUse subnet={subnet} />,
      glow: (subnet) => subnet.usedIps,
      csv: (subnet) => `${subnet.usedIps}/${subnet.availableIps}`,
    },
    {
      id: "gateway",
      header: "Gateway",
      track: "minmax(110px,1fr)",
      optional: "wide",
      cell: (subnet) => <span className="tabular truncate">{subnet.gateways.join(", ")}</span>,
      csv: (subnet) => subnet.gateways.join(" "),
    },
    {
      id: "projects",
      header: "Open to",
      track: "minmax(130px,1.2fr)",
      cell: (subnet) => (
        <span className="truncate text-secondary" title={openTo(subnet)}>
          {openTo(subnet)}
        </span>
      ),
      csv: (subnet) => openTo(subnet),
    },
    {
      id: "nat",
      header: "Outgoing NAT",
      track: "110px",
      optional: "wide",
      cell: (subnet) => <span className="text-secondary">{subnet.natOutgoing ? "Yes" : "No"}</span>,
      csv: (subnet) => (subnet.natOutgoing ? "yes" : "no"),
    },
    {
      id: "created",
      header: "Age",
      sortKey: "age",
      align: "end",
      track: "76px",
      cell: (subnet) => <Age iso={subnet.createdAt} />,
      csv: (subnet) => subnet.createdAt,
    },
  ];
}
