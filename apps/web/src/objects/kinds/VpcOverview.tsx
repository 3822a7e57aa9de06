/** What only a VPC's page shows: its subnets, who may use it, its routes and peerings. */
import type { VpcDetail } from "@kubev/api-types/vpcs";
import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { AddressUse } from "../../components/AddressUse.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailLoader } from "../../components/DetailFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useGo } from "../../components/use-place.ts";
import { openTo, SubnetStatus } from "../../components/subnet-columns.tsx";
import { SpaceSection } from "../../forms/network/SpaceSection.tsx";
import { paths } from "../../paths.ts";
import { Facts, Section } from "../../ui/Facts.tsx";

export function VpcOverview({ name }: { name: string }) {
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
  return (
    <>
      <Section
        title="Subnets"
        aside={
          <ButtonLink
            to={paths.subnetCreate()}
            search={{ vpc: row.name }}
            size="sm"
            icon={<Plus size={16} strokeWidth={1.5} aria-hidden />}
            disabledReason={disabledReason(row.actions.createSubnet)}
          >
            Create subnet
          </ButtonLink>
        }
      >
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
      {row.actions.createSubnet.allowed ? (
        <Section title="Free space">
          <SpaceSection
            vpc={row.name}
            cidrV4=""
            cidrV6=""
            verb="Create a subnet with"
            onUse={(cidr) => go(paths.subnetCreate(), { vpc: row.name, cidr })}
          />
        </Section>
      ) : null}
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
            ]}
          />
        </Section>
        {settings === null ? null : <Ways settings={settings} />}
      </div>
    </>
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
