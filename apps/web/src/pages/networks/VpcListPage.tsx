/** The list of VPCs. */
import type { VpcRow } from "@kubev/api-types/vpcs";
import { Plus, Waypoints } from "lucide-react";
import { useState } from "react";
import { rowKey } from "../../api/live/list-window.ts";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { formatAddressCount, vpcStateWords } from "../../components/network-words.ts";
import { useNetworksRefused } from "../../components/use-network-rights.ts";
import { useGo } from "../../components/use-place.ts";
import { formatCount, formatPlural } from "../../format/numbers.ts";
import { ObjectDelete } from "../../objects/ObjectDelete.tsx";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import type { Column } from "../../table/column.ts";
import { ListPage } from "../../table/ListPage.tsx";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { DeleteItem, RowMenu } from "../../table/RowMenu.tsx";
import { useList } from "../../table/use-list.ts";
import { EmptyState } from "../../ui/States.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { nameColumn } from "../../table/place-columns.tsx";

const boundTo = (vpc: VpcRow) =>
  vpc.projects.length > 0 ? vpc.projects.join(", ") : vpc.isDefault ? "All projects" : "No project";

const columns: readonly Column<VpcRow>[] = [
  nameColumn({
    track: "minmax(160px,1.5fr)",
    to: (vpc) => paths.vpc(vpc.name),
    beside: (vpc) => (vpc.isDefault ? <Badge>Default</Badge> : null),
  }),
  {
    id: "status",
    header: "Status",
    sortKey: "status",
    track: "minmax(110px,1fr)",
    cell: (vpc) => <StatusMark tone={vpc.state.tone}>{vpcStateWords[vpc.state.status]}</StatusMark>,
    glow: (vpc) => vpc.state.status,
    csv: (vpc) => vpcStateWords[vpc.state.status],
  },
  {
    id: "subnets",
    header: "Subnets",
    sortKey: "subnets",
    align: "end",
    track: "84px",
    cell: (vpc) => (
      <AppLink to={paths.subnets(undefined)} search={{ q: `vpc:${vpc.name}` }} look="plain">
        {formatCount(vpc.subnets.length)}
      </AppLink>
    ),
    glow: (vpc) => String(vpc.subnets.length),
    csv: (vpc) => vpc.subnets.length,
  },
  {
    id: "used",
    header: "Addresses used",
    align: "end",
    track: "124px",
    cell: (vpc) => <span className="tabular">{formatAddressCount(vpc.usedIps)}</span>,
    glow: (vpc) => vpc.usedIps,
    csv: (vpc) => vpc.usedIps,
  },
  {
    id: "projects",
    header: "Open to",
    track: "minmax(150px,1.5fr)",
    cell: (vpc) => (
      <span className="truncate text-secondary" title={boundTo(vpc)}>
        {boundTo(vpc)}
      </span>
    ),
    csv: (vpc) => boundTo(vpc),
  },
  {
    id: "notes",
    header: "To know",
    track: "minmax(180px,2fr)",
    cell: (vpc) => {
      const notes = vpc.notes.map(reasonText).join(" ");
      return (
        <span className="truncate text-secondary" title={notes}>
          {notes === "" ? "–" : notes}
        </span>
      );
    },
    csv: (vpc) => vpc.notes.map(reasonText).join(" "),
  },
  {
    id: "created",
    header: "Age",
    sortKey: "age",
    align: "end",
    track: "76px",
    cell: (vpc) => <Age iso={vpc.createdAt} />,
    csv: (vpc) => vpc.createdAt,
  },
];

const shownWords = { status: vpcStateWords };

export default function VpcListPage() {
  const list = useList("vpcs");
  const go = useGo();
  const refused = useNetworksRefused();
  const [deleting, setDeleting] = useState<VpcRow | null>(null);
  return (
    <>
      <ListPage<VpcRow>
        tableId="vpcs"
        title="VPCs"
        failed="The list of VPCs could not be loaded."
        placeholder="Search by name"
        hints={[{ word: "status:ready", detail: "By state" }]}
        words={shownWords}
        columns={columns}
        list={list}
        keyOf={rowKey}
        nameOf={(vpc) => vpc.name}
        onOpen={(vpc) => go(paths.vpc(vpc.name))}
        action={
          <ButtonLink
            to={paths.vpcCreate()}
            tone="primary"
            disabledReason={refused}
            icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
          >
            Create VPC
          </ButtonLink>
        }
        empty={
          <EmptyState title="There are no VPCs" icon={<Waypoints size={28} strokeWidth={1.25} aria-hidden />}>
            A VPC keeps its subnets apart from all others. They come with Kube-OVN.
          </EmptyState>
        }
        renderNarrow={(vpc) => (
          <NarrowRow
            name={vpc.name}
            to={paths.vpc(vpc.name)}
            status={<StatusMark tone={vpc.state.tone}>{vpcStateWords[vpc.state.status]}</StatusMark>}
            facts={[formatPlural(vpc.subnets.length, "subnet", "subnets")]}
          />
        )}
        renderActions={(vpc) => (
          <RowMenu name={vpc.name}>
            <DeleteItem verb="Delete VPC" decision={vpc.actions.delete} onSelect={() => setDeleting(vpc)} />
          </RowMenu>
        )}
      />
      {deleting === null ? null : (
        <ObjectDelete
          noun="vpc"
          row={{ project: "", name: deleting.name, facts: deleting }}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  );
}
