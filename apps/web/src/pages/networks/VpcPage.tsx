/** One VPC: its subnets, who may use it, its routes and peerings. */
import type { VpcDetail } from "@kubev/api-types/vpcs";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { AddressUse } from "../../components/AddressUse.tsx";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader } from "../../components/DetailFrame.tsx";
import { vpcStateWords } from "../../components/network-words.ts";
import { disabledReason } from "../../components/reason-of.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { TabBody } from "../../components/TabBody.tsx";
import { useGo, useNamed } from "../../components/use-place.ts";
import { useTitle } from "../../components/use-title.ts";
import { formatExact } from "../../format/dates.ts";
import { paths } from "../../paths.ts";
import { reasonText } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { Facts, Section } from "../../ui/Facts.tsx";
import { Notice } from "../../ui/States.tsx";
import { Badge, StatusMark } from "../../ui/Status.tsx";
import { VpcDelete } from "./NetworkDelete.tsx";
import { openTo, SubnetStatus } from "./subnet-columns.tsx";

export default function VpcPage() {
  const { name } = useNamed();
  useTitle(name);
  useLiveFeed("networks");
  const query = useQuery(read("getVpc", { params: { name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no VPC ${name}`}
      failed="The VPC could not be loaded."
      back={<ButtonLink to={paths.vpcs()}>VPCs</ButtonLink>}
    >
      {(detail) => <Body detail={detail} />}
    </DetailLoader>
  );
}

function Body({ detail }: { detail: VpcDetail }) {
  const { row, settings } = detail;
  const go = useGo();
  const [deleting, setDeleting] = useState(false);
  return (
    <DetailFrame
      header={
        <DetailHeader
          name={row.name}
          status={
            <>
              <StatusMark tone={row.state.tone}>{vpcStateWords[row.state.status]}</StatusMark>
              {row.isDefault ? <Badge>Default</Badge> : null}
            </>
          }
          actions={
            <>
              <ButtonLink
                to={paths.subnetCreate()}
                search={{ vpc: row.name }}
                tone="primary"
                icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
                disabledReason={disabledReason(row.actions.createSubnet)}
              >
                Create subnet
              </ButtonLink>
              <Button disabledReason={disabledReason(row.actions.delete)} onClick={() => setDeleting(true)}>
                Delete
              </Button>
            </>
          }
        />
      }
    >
      <TabBody>
        {row.notes.length === 0 ? null : (
          <Notice tone="attention">
            {row.notes.map((note) => (
              <p key={note.code}>{reasonText(note)}</p>
            ))}
          </Notice>
        )}
        <Section title="Subnets">
          {detail.subnets.length === 0 ? (
            <p className="text-secondary">It has no subnet yet, so no machine can use it.</p>
          ) : (
            <SimpleTable
              label="Subnets"
              columns={["Name", "Status", "CIDR", "Gateway", "Addresses", "Open to"]}
              rows={detail.subnets.map((subnet) => ({
                key: subnet.name,
                cells: [
                  <AppLink
                    key="name"
                    to={paths.subnet(undefined, subnet.name)}
                    look="plain"
                    className="font-medium"
                  >
                    {subnet.name}
                  </AppLink>,
                  <SubnetStatus key="status" subnet={subnet} />,
                  <span key="cidr" className="tabular whitespace-nowrap">
                    {subnet.cidrs.join(", ")}
                  </span>,
                  <span key="gateway" className="tabular whitespace-nowrap">
                    {subnet.gateways.join(", ")}
                  </span>,
                  <span key="use" className="flex min-w-56">
                    <AddressUse subnet={subnet} />
                  </span>,
                  openTo(subnet),
                ],
              }))}
            />
          )}
        </Section>
        <div className="grid gap-x-12 gap-y-7 lg:grid-cols-2">
          <Section title="VPC">
            <Facts
              facts={[
                {
                  name: "Open to",
                  value:
                    row.projects.length > 0
                      ? row.projects.join(", ")
                      : row.isDefault
                        ? "All projects"
                        : "No project yet: bind one before a subnet can be opened to it.",
                },
                ...(settings === null
                  ? []
                  : [
                      { name: "Default subnet", value: settings.defaultSubnet || "None" },
                      {
                        name: "External network",
                        value: settings.enableExternal ? "Connected" : "Not connected",
                      },
                    ]),
                {
                  name: "Created",
                  value: (
                    <span>
                      {formatExact(row.createdAt)} (<Age iso={row.createdAt} ago />)
                    </span>
                  ),
                },
              ]}
            />
          </Section>
          {settings === null ? null : <Ways settings={settings} />}
        </div>
        {deleting ? (
          <VpcDelete vpc={row} onClose={() => setDeleting(false)} onDeleted={() => go(paths.vpcs())} />
        ) : null}
      </TabBody>
    </DetailFrame>
  );
}

function Ways({ settings }: { settings: NonNullable<VpcDetail["settings"]> }) {
  const { staticRoutes, policyRoutes, peerings } = settings;
  return (
    <div className="flex min-w-0 flex-col gap-7">
      <Section title="Static routes">
        {staticRoutes.length === 0 ? (
          <p className="text-secondary">None.</p>
        ) : (
          <SimpleTable
            label="Static routes"
            columns={["CIDR", "Next hop", "By"]}
            rows={staticRoutes.map((route) => ({
              key: `${route.cidr}-${route.nextHop}-${route.by}`,
              cells: [route.cidr, route.nextHop, route.by === "source" ? "Source" : "Destination"],
            }))}
          />
        )}
      </Section>
      {policyRoutes.length === 0 ? null : (
        <Section title="Policy routes">
          <SimpleTable
            label="Policy routes"
            columns={["Priority", "Match", "Action", "Next hop"]}
            rows={policyRoutes.map((route) => ({
              key: `${route.priority}-${route.match}`,
              cells: [route.priority, route.match, route.action, route.nextHop || "–"],
            }))}
          />
        </Section>
      )}
      {peerings.length === 0 ? null : (
        <Section title="Peerings">
          <SimpleTable
            label="Peerings"
            columns={["VPC", "Own address"]}
            rows={peerings.map((peering) => ({
              key: peering.remoteVpc,
              cells: [
                <AppLink key="vpc" to={paths.vpc(peering.remoteVpc)} look="plain">
                  {peering.remoteVpc}
                </AppLink>,
                peering.localConnectIp,
              ],
            }))}
          />
        </Section>
      )}
    </div>
  );
}
