/** What a subnet's page shows: how full it is, who holds which address, how it is set up. For tenants the part that concerns them. */
import type { AddressHolder, SubnetDetail } from "@kubev/api-types/subnets";
import { formatCount } from "../format/numbers.ts";
import { formatExact } from "../format/dates.ts";
import { paths } from "../paths.ts";
import { type Fact, Facts, Section } from "../ui/Facts.tsx";
import { AddressUse } from "./AddressUse.tsx";
import { Age } from "./Age.tsx";
import { AppLink } from "./AppLink.tsx";
import { Conditions } from "./Conditions.tsx";
import { SimpleTable } from "./SimpleTable.tsx";
import { openTo } from "./subnet-columns.tsx";

export function SubnetOverview({ detail, project }: { detail: SubnetDetail; project: string | undefined }) {
  const { row } = detail;
  return (
    <div className="grid gap-x-12 gap-y-7 lg:grid-cols-[minmax(0,2fr)_minmax(0,3fr)]">
      <div className="flex min-w-0 flex-col gap-7">
        <Section title="Subnet">
          <Facts facts={facts(detail, project)} />
        </Section>
        {detail.settings === null ? null : <Setup settings={detail.settings} />}
      </div>
      <Section
        title="Addresses"
        aside={
          <span className="w-60 max-w-full">
            <AddressUse subnet={row} />
          </span>
        }
      >
        <Addresses detail={detail} />
      </Section>
    </div>
  );
}

function facts({ row }: SubnetDetail, project: string | undefined): Fact[] {
  return [
    { name: "CIDR", value: <span className="tabular">{row.cidrs.join(", ")}</span> },
    { name: "Gateway", value: <span className="tabular">{row.gateways.join(", ") || "None"}</span> },
    {
      name: "VPC",
      value:
        project === undefined && row.vpc !== "" ? (
          <AppLink to={paths.vpc(row.vpc)}>{row.vpc}</AppLink>
        ) : (
          row.vpc
        ),
    },
    { name: "Open to", value: openTo(row) },
    { name: "Outgoing NAT", value: row.natOutgoing ? "Yes" : "No" },
    ...(row.provider === "ovn" ? [] : [{ name: "Provider", value: row.provider }]),
    {
      name: "Created",
      value: (
        <span>
          {formatExact(row.createdAt)} (<Age iso={row.createdAt} ago />)
        </span>
      ),
    },
  ];
}

function Setup({ settings }: { settings: NonNullable<SubnetDetail["settings"]> }) {
  const list = (values: readonly string[]) =>
    values.length === 0 ? "None" : <span className="tabular">{values.join(", ")}</span>;
  return (
    <>
      <Section title="Setup">
        <Facts
          facts={[
            { name: "Excluded", value: list(settings.excludeIps) },
            { name: "May reach it", value: list(settings.allowSubnets) },
            { name: "DHCP", value: settings.enableDhcp ? "Yes" : "No" },
            { name: "Gateway type", value: settings.gatewayType || "Not set" },
            { name: "ACL rules", value: formatCount(settings.aclCount) },
          ]}
        />
      </Section>
      <Conditions conditions={settings.conditions} none="Kube-OVN has reported nothing yet." />
    </>
  );
}

const kindWords: Record<AddressHolder["kind"], string> = {
  machine: "Machine",
  pod: "Pod",
  reserved: "Reserved",
};

function Addresses({ detail }: { detail: SubnetDetail }) {
  const { addresses, addressesTotal } = detail;
  const hidden = addressesTotal - addresses.length;
  return (
    <>
      {addresses.length === 0 ? (
        <p className="text-secondary">
          {addressesTotal === 0
            ? "Nobody holds an address here."
            : "Nothing of your projects holds an address here."}
        </p>
      ) : (
        <SimpleTable
          label="Addresses"
          columns={["Address", "Held by", "Project", "Kind", "MAC address"]}
          rows={addresses.map((address) => ({
            key: `${address.ips.join()}-${address.name}`,
            cells: [
              <span key="ip" className="tabular whitespace-nowrap">
                {address.ips.join(", ")}
              </span>,
              address.kind === "machine" ? (
                <AppLink key="name" to={paths.vm(address.project, address.name, "network")} look="plain">
                  {address.name}
                </AppLink>
              ) : (
                address.name
              ),
              address.project === "" ? "–" : address.project,
              kindWords[address.kind],
              <span key="mac" className="font-mono text-xs whitespace-nowrap">
                {address.mac}
              </span>,
            ],
          }))}
        />
      )}
      {hidden > 0 && addresses.length > 0 ? (
        <p className="text-xs text-tertiary">
          {formatCount(hidden)} more are held by what is not listed here.
        </p>
      ) : null}
    </>
  );
}
