/** The list of subnets: all of the platform, or those that a project's machines may use. */
import type { SubnetRow } from "@kubev/api-types/subnets";
import { Network, Plus } from "lucide-react";
import { useMemo, useState } from "react";
import { rowKey } from "../../api/live/list-window.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { subnetStateTones, subnetStateWords } from "../../components/network-words.ts";
import { useNetworksRefused } from "../../components/use-network-rights.ts";
import { useGo } from "../../components/use-place.ts";
import { formatPercent } from "../../format/numbers.ts";
import { ObjectDelete } from "../../objects/ObjectDelete.tsx";
import { paths } from "../../paths.ts";
import { ListPage } from "../../table/ListPage.tsx";
import { NarrowRow } from "../../table/NarrowRow.tsx";
import { DeleteItem, RowMenu } from "../../table/RowMenu.tsx";
import { StateFacets } from "../../table/StateFacets.tsx";
import { useList } from "../../table/use-list.ts";
import { EmptyState } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { subnetColumns } from "../../components/subnet-columns.tsx";

const hints = [
  { word: "vpc:", detail: "By VPC" },
  { word: "cidr:10.", detail: "By the beginning of the CIDR" },
  { word: "used>80", detail: "More than 80 % used" },
  { word: "status:full", detail: "By state" },
];

const shownWords = { status: subnetStateWords };

export default function SubnetListPage() {
  const list = useList("subnets");
  const { project } = list;
  const go = useGo();
  const refused = useNetworksRefused();
  const [deleting, setDeleting] = useState<SubnetRow | null>(null);
  const columns = useMemo(() => subnetColumns(project), [project]);
  const platform = project === undefined;
  return (
    <>
      <ListPage<SubnetRow>
        tableId={platform ? "platform-subnets" : "networks"}
        title={platform ? "Subnets" : "Networks"}
        failed="The list of subnets could not be loaded."
        placeholder="Search, e.g. vpc:ovn-cluster used>80"
        hints={hints}
        words={shownWords}
        columns={columns}
        list={list}
        keyOf={rowKey}
        nameOf={(subnet) => subnet.name}
        onOpen={(subnet) => go(paths.subnet(project, subnet.name))}
        action={
          platform ? (
            <ButtonLink
              to={paths.subnetCreate()}
              tone="primary"
              disabledReason={refused}
              icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
            >
              Create subnet
            </ButtonLink>
          ) : undefined
        }
        facets={(reply, q, setQ) => (
          <StateFacets
            reply={reply}
            words={subnetStateWords}
            tones={subnetStateTones}
            q={q}
            onChange={setQ}
          />
        )}
        empty={
          <EmptyState
            title={platform ? "There are no subnets" : "No network is open to this project"}
            icon={<Network size={28} strokeWidth={1.25} aria-hidden />}
          >
            {platform
              ? "Subnets give machines their addresses. They come with Kube-OVN."
              : "Ask an operator to open a subnet to this project."}
          </EmptyState>
        }
        renderNarrow={(subnet) => (
          <NarrowRow
            name={subnet.name}
            to={paths.subnet(project, subnet.name)}
            status={<StatusMark tone={subnet.state.tone}>{subnetStateWords[subnet.state.status]}</StatusMark>}
            facts={[subnet.cidrs.join(", "), `${formatPercent(subnet.usedPercent)} used`]}
          />
        )}
        {...(platform
          ? {
              renderActions: (subnet: SubnetRow) => (
                <RowMenu name={subnet.name}>
                  <DeleteItem
                    verb="Delete subnet"
                    decision={subnet.actions.delete}
                    onSelect={() => setDeleting(subnet)}
                  />
                </RowMenu>
              ),
            }
          : {})}
      />
      {deleting === null ? null : (
        <ObjectDelete
          noun="subnet"
          row={{ project: "", name: deleting.name, facts: deleting }}
          onClose={() => setDeleting(null)}
        />
      )}
    </>
  );
}
