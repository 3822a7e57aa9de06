/** Subnets: their page and form. Their list is pages/networks/SubnetListPage.tsx, for tenants see reduced rows in it. */
import { useQuery } from "@tanstack/react-query";
import { useLiveFeed } from "../../api/live/use-live.ts";
import { read } from "../../api/queries.ts";
import { ButtonLink } from "../../components/ButtonLink.tsx";
import { DetailLoader } from "../../components/DetailFrame.tsx";
import { ProjectsField } from "../../components/ProjectsField.tsx";
import { SubnetOverview } from "../../components/SubnetOverview.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { LinesField } from "../../forms/LinesField.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { SpaceSection } from "../../forms/network/SpaceSection.tsx";
import { paths } from "../../paths.ts";
import { CheckField } from "../../ui/Checkbox.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { NounField } from "../NounField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";

const gatewayTypes = [
  { value: "distributed", label: "On every host (distributed)" },
  { value: "centralized", label: "On chosen hosts (centralized)" },
] as const;
const directions = [
  { value: "to-lport", label: "To machines" },
  { value: "from-lport", label: "From machines" },
] as const;
const actions = [
  { value: "allow-related", label: "Allow, with answers" },
  { value: "allow-stateless", label: "Allow, without state" },
  { value: "allow", label: "Allow" },
  { value: "drop", label: "Drop" },
  { value: "reject", label: "Reject" },
] as const;

function Overview({ name }: { name: string }) {
  useLiveFeed("networks");
  const query = useQuery(read("getSubnet", { params: { name } }));
  return (
    <DetailLoader
      query={query}
      missing={`There is no subnet ${name}`}
      failed="The subnet could not be loaded."
      back={<ButtonLink to={paths.subnets(undefined)}>Subnets</ButtonLink>}
    >
      {(detail) => <SubnetOverview detail={detail} project={undefined} />}
    </DetailLoader>
  );
}

export const subnetPage: ObjectPage<"subnet"> = {
  noun: "subnet",
  placeholder: "Search by name",
  hints: [],
  states: {
    ready: readyState,
    pending: { word: "Being set up", tone: "working" },
    failed: { word: "Not accepted", tone: "error" },
    deleting: deletingState,
  },
  columns: [],
  empty: "A subnet is a range of addresses in a VPC, for the machines of some projects.",
  narrow: ({ vpc, cidrs }) => [vpc, cidrs.join(", ")],
  Overview: ({ detail: { row } }) => <Overview name={row.name} />,
  deletion: ({ facts }) =>
    `The subnet with ${facts.cidrs.join(" and ")} ${facts.vpc === "" ? "is deleted" : `leaves the VPC ${facts.vpc}`} for good. No machine uses it now; one that is set to use it will not start any more.`,
  form: {
    lead: "A subnet is a range of addresses in a VPC, for the machines of some projects.",
    initial: (_project, search) => {
      const vpc = search["vpc"] ?? "ovn-cluster";
      return { name: "", vpc, cidrV4: search["cidr"] ?? "", natOutgoing: vpc === "ovn-cluster" };
    },
    labels: {
      name: "Name",
      vpc: "VPC",
      cidrV4: "IPv4 CIDR",
      cidrV6: "IPv6 CIDR",
      gatewayV4: "IPv4 gateway",
      gatewayV6: "IPv6 gateway",
      excludeIps: "Excluded addresses",
      projects: "Projects",
      allowSubnets: "Who may reach it",
      gatewayHosts: "Gateway hosts",
      vlan: "VLAN",
      provider: "Provider",
      "acls.*.match": "Match",
      "acls.*.priority": "Priority",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="Subnet">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="web-front"
          />
          {existing ? null : (
            <NounField
              noun="vpc"
              field="vpc"
              label="VPC"
              value={spec.vpc}
              onChange={(vpc) => change({ vpc, projects: [], natOutgoing: vpc === "ovn-cluster" })}
              error={errorAt("vpc")}
            />
          )}
        </FormSection>
        <FormSection title="Addresses">
          <div className="grid gap-4 sm:grid-cols-2">
            {(
              [
                ["cidrV4", "IPv4 CIDR", "10.20.0.0/24", false],
                ["gatewayV4", "IPv4 gateway", "The first address", true],
                ["cidrV6", "IPv6 CIDR", "fd00:20::/64", true],
                ["gatewayV6", "IPv6 gateway", "The first address", true],
              ] as const
            ).map(([field, label, placeholder, optional]) => (
              <div key={field} data-field={field}>
                <TextField
                  label={label}
                  optional={optional}
                  mono
                  value={spec[field] ?? ""}
                  onChange={(value) => change({ [field]: value.trim() })}
                  placeholder={placeholder}
                  error={errorAt(field)}
                />
              </div>
            ))}
          </div>
          {existing ? null : (
            <SpaceSection
              vpc={spec.vpc}
              cidrV4={spec.cidrV4 ?? ""}
              cidrV6={spec.cidrV6 ?? ""}
              verb="Use"
              onUse={(cidrV4) => change({ cidrV4 })}
            />
          )}
          <LinesField
            field="excludeIps"
            label="Excluded addresses"
            optional
            value={spec.excludeIps ?? []}
            onChange={(excludeIps) => change({ excludeIps })}
            placeholder="10.20.0.2..10.20.0.9"
            hint="One address or range on each line; machines never get them by themselves."
            error={errorAt("excludeIps")}
          />
          <CheckField
            label="Answer DHCP"
            hint="Needed by machines that take their address themselves."
            checked={spec.enableDhcp === true}
            onChange={(enableDhcp) => change({ enableDhcp })}
          />
        </FormSection>
        <FormSection title="Who may use and reach it">
          <ProjectsField
            label="Projects"
            hint="Without any, every project of its VPC may use it."
            error={errorAt("projects")}
            value={spec.projects ?? []}
            onChange={(projects) => change({ projects })}
          />
          <CheckField
            label="Private"
            hint="Other subnets cannot reach it, but those listed."
            checked={spec.isPrivate === true}
            onChange={(isPrivate) => change({ isPrivate })}
          />
          {spec.isPrivate === true ? (
            <LinesField
              field="allowSubnets"
              label="Who may reach it"
              optional
              value={spec.allowSubnets ?? []}
              onChange={(allowSubnets) => change({ allowSubnets })}
              placeholder="10.30.0.0/24"
              hint="One CIDR on each line."
              error={errorAt("allowSubnets")}
            />
          ) : null}
        </FormSection>
        <FormSection title="The way out">
          <CheckField
            label="Outgoing NAT"
            hint="Machines reach other networks with their host's address. Works in the default VPC only."
            checked={spec.natOutgoing === true}
            onChange={(natOutgoing) => change({ natOutgoing })}
          />
          <Select
            label="Gateway"
            value={spec.gatewayType ?? "distributed"}
            onChange={(gatewayType) => change({ gatewayType })}
            choices={gatewayTypes}
            hint="Works in the default VPC only."
          />
          {spec.gatewayType === "centralized" ? (
            <LinesField
              field="gatewayHosts"
              label="Gateway hosts"
              value={spec.gatewayHosts ?? []}
              onChange={(gatewayHosts) => change({ gatewayHosts })}
              placeholder="host-1"
              hint="One host on each line; the first that lives is used."
              error={errorAt("gatewayHosts")}
            />
          ) : null}
          <div className="grid gap-4 sm:grid-cols-2">
            <NounField
              noun="vlan"
              field="vlan"
              label="VLAN"
              optional
              value={spec.vlan ?? ""}
              onChange={(vlan) => change({ vlan })}
              hint="Puts the subnet on the physical network."
              error={errorAt("vlan")}
            />
            <div data-field="provider">
              <TextField
                label="Provider"
                mono
                value={spec.provider ?? "ovn"}
                onChange={(provider) => change({ provider: provider.trim() })}
                hint="ovn, or NAD.PROJECT for addresses of a network attachment."
                error={errorAt("provider")}
              />
            </div>
          </div>
        </FormSection>
        <FormSection title="ACL rules">
          <ListOf
            lines={spec.acls ?? []}
            onChange={(acls) => change({ acls })}
            blank={() => ({
              direction: "to-lport" as const,
              priority: 1000,
              match: "",
              action: "allow-related" as const,
            })}
            add="Add a rule"
            nameOf={(rule, index) => `rule ${rule.match || index + 1}`}
            max={200}
          >
            {(rule, index, changeRule) => (
              <div className="grid gap-3 sm:grid-cols-3">
                <Select
                  label="Direction"
                  value={rule.direction}
                  onChange={(direction) => changeRule({ direction })}
                  choices={directions}
                />
                <Select
                  label="Action"
                  value={rule.action}
                  onChange={(action) => changeRule({ action })}
                  choices={actions}
                />
                <div data-field={`acls.${index}.priority`}>
                  <NumberField
                    label="Priority"
                    unit=""
                    min={0}
                    max={32_767}
                    value={rule.priority}
                    onChange={(priority) => changeRule({ priority: priority ?? 0 })}
                    error={errorAt(`acls.${index}.priority`)}
                  />
                </div>
                <div data-field={`acls.${index}.match`} className="sm:col-span-3">
                  <TextField
                    label="Match"
                    mono
                    value={rule.match}
                    onChange={(match) => changeRule({ match })}
                    placeholder="ip4.src == 10.30.0.0/24 && tcp"
                    error={errorAt(`acls.${index}.match`)}
                  />
                </div>
              </div>
            )}
          </ListOf>
        </FormSection>
      </>
    ),
  },
};
