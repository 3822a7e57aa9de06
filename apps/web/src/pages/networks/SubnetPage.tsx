/** One subnet: how full it is, who holds which address, how it is set up. For tenants the part that concerns them. */
import type { AddressHolder, SubnetDetail } from "@kubev/api-types/subnets";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { AddressUse } from "../../components/AddressUse.tsx";
import { Age } from "../../components/Age.tsx";
import { AppLink } from "../../components/AppLink.tsx";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailFrame, DetailHeader, DetailLoader } from "../../components/DetailFrame.tsx";
import { disabledReason } from "../../components/reason-of.ts";
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { useGo, useNamed, useProject } from "../../components/use-place.ts";
import { TabBody } from "../../components/TabBody.tsx";
import { useTitle } from "../../components/use-title.ts";
import { formatExact } from "../../format/dates.ts";
import { formatCount } from "../../format/numbers.ts";
import { paths } from "../../paths.ts";
import { reasonText, reasonWithCause } from "../../reasons/reason-text.ts";
import { Button } from "../../ui/Button.tsx";
import { type Fact, Facts, Section } from "../../ui/Facts.tsx";
import { Notice } from "../../ui/States.tsx";
import { StatusMark } from "../../ui/Status.tsx";
import { SubnetDelete } from "./NetworkDelete.tsx";
import { openTo, subnetBadges, SubnetStatus } from "./subnet-columns.tsx";

export default function SubnetPage() {
  const { name } = useNamed();
  const project = useProject();
  useTitle(name);
  useLiveFeed("networks");
  const query = useQuery(read("getSubnet", { params: { name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no subnet ${name}`}
      failed="The subnet could not be loaded."
      back={
        <ButtonLink to={paths.subnets(project)}>{project === undefined ? "Subnets" : "Networks"}</ButtonLink>
      }
    >
      {(detail) => <Body detail={detail} project={project} />}
    </DetailLoader>
  );
}

function Body({ detail, project }: { detail: SubnetDetail; project: string | undefined }) {
  const { row } = detail;
  const go = useGo();
  const [deleting, setDeleting] = useState(false);
  return (
    <DetailFrame
      header={
        <DetailHeader
          name={row.name}
          status={
            <>
              <SubnetStatus subnet={row} />
              {subnetBadges(row)}
            </>
          }
          line={row.state.reason === undefined ? undefined : reasonWithCause(row.state.reason)}
          actions={
            project === undefined ? (
              <Button disabledReason={disabledReason(row.actions.delete)} onClick={() => setDeleting(true)}>
                Delete
              </Button>
            ) : undefined
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
        {deleting ? (
          <SubnetDelete
            subnet={row}
            onClose={() => setDeleting(false)}
            onDeleted={() => go(paths.subnets(undefined))}
          />
        ) : null}
      </TabBody>
    </DetailFrame>
  );
}

function facts({ row }: SubnetDetail, project: string | undefined): Fact[] {
  return [
    { name: "CIDR", value: <span className="tabular">{row.cidrs.join(", ")}</span> },
    { name: "Gateway", value: <span className="tabular">{row.gateways.join(", ") || "None"}</span> },
    {
      name: "VPC",
      value: project === undefined ? <AppLink to={paths.vpc(row.vpc)}>{row.vpc}</AppLink> : row.vpc,
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
      <Section title="Conditions">
        {settings.conditions.length === 0 ? (
          <p className="text-secondary">Kube-OVN has reported nothing yet.</p>
        ) : (
          <ul className="flex flex-col gap-1.5">
            {settings.conditions.map((condition) => (
              <li key={condition.type}>
                <StatusMark
                  tone={conditionTone(condition)}
                  detail={condition.message === "" ? condition.reason : condition.message}
                >
                  {condition.type}
                </StatusMark>
              </li>
            ))}
          </ul>
        )}
      </Section>
    </>
  );
}

function conditionTone(condition: { type: string; status: string }) {
  if (condition.type === "Error") return condition.status === "True" ? "error" : "off";
  return condition.status === "True" ? "ok" : "attention";
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
