/** One host: the header that stays, the tabs, and the tab that is open. */
import type { HostDetail } from "@kubev/api-types/hosts";
import { Outlet } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/client.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DeleteDialog } from "../../components/DeleteDialog.tsx";
import { DetailFrame, DetailHeader, DetailLoader, DetailTabs } from "../../components/DetailFrame.tsx";
import { hostStateWords, hostTone } from "../../components/host-words.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { useGo } from "../../components/use-place.ts";
import { useFramingTitle } from "../../components/use-title.ts";
import { paths } from "../../paths.ts";
import { reasonWithCause } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { useCordon } from "./use-cordon.ts";
import { useHostQuery } from "./use-host.ts";

const tabs = [
  { tab: undefined, label: "Overview" },
  { tab: "machines", label: "Machines and pods" },
  { tab: "usage", label: "Usage" },
  { tab: "drain", label: "Drain" },
  { tab: "events", label: "Events" },
  { tab: "yaml", label: "YAML" },
  { tab: "activity", label: "Activity" },
] as const;

export default function HostLayout() {
  const { name, query } = useHostQuery();
  useFramingTitle(name);
  return (
    <DetailLoader
      query={query}
      missing={`There is no host ${name}`}
      failed="The host could not be loaded."
      back={<ButtonLink to={paths.hosts()}>Hosts</ButtonLink>}
    >
      {(detail) => (
        <DetailFrame
          header={<Header detail={detail} />}
          tabs={
            <DetailTabs
              label="Parts of this host"
              tabs={tabs.map(({ tab, label }) => ({ label, to: paths.host(name, tab) }))}
            />
          }
        >
          <Outlet />
        </DetailFrame>
      )}
    </DetailLoader>
  );
}

function Header({ detail }: { detail: HostDetail }) {
  const { row } = detail;
  const cordon = useCordon();
  const go = useGo();
  const [removing, setRemoving] = useState(false);
  const closed = row.state.status === "cordoned" || row.actions.uncordon.allowed;
  const decision = closed ? row.actions.uncordon : row.actions.cordon;
  const { reason } = row.machines;
  return (
    <DetailHeader
      name={row.name}
      status={<StatusMark tone={hostTone(row)}>{hostStateWords[row.state.status]}</StatusMark>}
      line={reason === undefined ? undefined : `This host runs no new machines. ${reasonWithCause(reason)}`}
      actions={
        <>
          <Button
            busy={cordon.isPending}
            disabledReason={disabledReason(decision)}
            onClick={() => cordon.mutate({ name: row.name, cordoned: !closed })}
          >
            {closed ? "Uncordon" : "Cordon"}
          </Button>
          <ButtonLink to={paths.host(row.name, "drain")}>Drain</ButtonLink>
          <Button disabledReason={disabledReason(row.actions.delete)} onClick={() => setRemoving(true)}>
            Remove
          </Button>
          {removing ? (
            <DeleteDialog
              name={row.name}
              verb="Remove host"
              run={() => call("deleteHost", { params: { name: row.name } })}
              shownBy={["listHosts"]}
              onClose={() => setRemoving(false)}
              onDeleted={() => go(paths.hosts())}
              consequence="The cluster forgets the host, its labels and its taints, and what it still counted there. Should its kubelet start again, it comes back as a new host."
            />
          ) : null}
        </>
      }
    />
  );
}
