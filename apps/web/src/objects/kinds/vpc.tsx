/** VPCs: their page and form. Their list is pages/networks/VpcListPage.tsx, for it joins subnets. */
import { ProjectsField } from "../../components/ProjectsField.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { NumberField } from "../../ui/NumberField.tsx";
import { Select } from "../../ui/Select.tsx";
import { TextField } from "../../ui/TextField.tsx";
import { NameField } from "../NameField.tsx";
import { deletingState, type ObjectPage, readyState } from "../object-page.ts";
import { NounField } from "../NounField.tsx";
import { VpcOverview } from "./VpcOverview.tsx";

const bys = [
  { value: "destination", label: "Destination" },
  { value: "source", label: "Source" },
] as const;
const actions = [
  { value: "allow", label: "Allow" },
  { value: "drop", label: "Drop" },
  { value: "reroute", label: "Send to" },
] as const;

export const vpcPage: ObjectPage<"vpc"> = {
  noun: "vpc",
  placeholder: "Search by name",
  hints: [],
  states: {
    ready: readyState,
    pending: { word: "Being set up", tone: "working" },
    deleting: deletingState,
  },
  columns: [],
  empty:
    "A VPC is a router of its own, with subnets that only its projects use: for networks that must not see each other, or that share address ranges.",
  narrow: ({ projects }) => [projects.join(", ")],
  Overview: ({ detail: { row } }) => <VpcOverview name={row.name} />,
  deletion: () =>
    "The VPC and its routes are deleted for good. It has no subnets. What peers with it loses the way to it.",
  form: {
    lead: "A router of its own, with subnets for some projects. Address ranges may repeat in other VPCs.",
    initial: () => ({
      name: "",
      projects: [],
      staticRoutes: [],
      policyRoutes: [],
      peerings: [],
      enableExternal: false,
      defaultSubnet: "",
    }),
    labels: {
      name: "Name",
      projects: "Projects",
      defaultSubnet: "Default subnet",
      "staticRoutes.*.cidr": "Route",
      "staticRoutes.*.nextHop": "Next hop",
      "policyRoutes.*.match": "Match",
      "policyRoutes.*.nextHop": "Next hop",
      "peerings.*.remoteVpc": "Peer",
      "peerings.*.localConnectIp": "Own address on the link",
    },
    Fields: ({ spec, change, errorAt, existing }) => (
      <>
        <FormSection title="VPC">
          <NameField
            name={spec.name}
            change={change}
            error={errorAt("name")}
            existing={existing}
            placeholder="shop-vpc"
          />
          <ProjectsField
            label="Projects"
            hint="Their machines may use its subnets."
            error={errorAt("projects")}
            value={spec.projects ?? []}
            onChange={(projects) => change({ projects })}
          />
          {existing ? (
            <NounField
              noun="subnet"
              field="defaultSubnet"
              label="Default subnet"
              optional
              hint="For machines of its projects that name none."
              value={spec.defaultSubnet ?? ""}
              onChange={(defaultSubnet) => change({ defaultSubnet })}
              error={errorAt("defaultSubnet")}
              where={`vpc:${spec.name}`}
            />
          ) : null}
          <CheckField
            label="Connect to the external network"
            hint="Gives OVN's own NAT a way out. Hosts that carry it need the label ovn.kubernetes.io/external-gw=true, and the VPC a default route."
            checked={spec.enableExternal === true}
            onChange={(enableExternal) => change({ enableExternal })}
          />
        </FormSection>
        <FormSection title="Static routes">
          <ListOf
            lines={spec.staticRoutes ?? []}
            onChange={(staticRoutes) => change({ staticRoutes })}
            blank={() => ({ cidr: "", nextHop: "", by: "destination" as const })}
            add="Add a route"
            nameOf={(route, index) => `route ${route.cidr || index + 1}`}
            inLines
            max={100}
          >
            {(route, index, changeRoute) => (
              <div className="grid gap-3 sm:grid-cols-3">
                <div data-field={`staticRoutes.${index}.cidr`}>
                  <TextField
                    label="Packets to or from"
                    mono
                    value={route.cidr}
                    onChange={(cidr) => changeRoute({ cidr: cidr.trim() })}
                    placeholder="0.0.0.0/0"
                    error={errorAt(`staticRoutes.${index}.cidr`)}
                  />
                </div>
                <div data-field={`staticRoutes.${index}.nextHop`}>
                  <TextField
                    label="Next hop"
                    mono
                    value={route.nextHop}
                    onChange={(nextHop) => changeRoute({ nextHop: nextHop.trim() })}
                    placeholder="10.20.0.254"
                    error={errorAt(`staticRoutes.${index}.nextHop`)}
                  />
                </div>
                <Select
                  label="By"
                  value={route.by ?? "destination"}
                  onChange={(by) => changeRoute({ by })}
                  choices={bys}
                />
              </div>
            )}
          </ListOf>
        </FormSection>
        <FormSection title="Policy routes">
          <ListOf
            lines={spec.policyRoutes ?? []}
            onChange={(policyRoutes) => change({ policyRoutes })}
            blank={() => ({ priority: 100, match: "", action: "allow" as const, nextHop: "" })}
            add="Add a policy route"
            nameOf={(route, index) => `policy route ${route.match || index + 1}`}
            max={200}
          >
            {(route, index, changeRoute) => (
              <div className="grid gap-3 sm:grid-cols-2">
                <div data-field={`policyRoutes.${index}.priority`}>
                  <NumberField
                    label="Priority"
                    unit=""
                    min={0}
                    max={32_767}
                    value={route.priority}
                    onChange={(priority) => changeRoute({ priority: priority ?? 0 })}
                    error={errorAt(`policyRoutes.${index}.priority`)}
                  />
                </div>
                <Select
                  label="Action"
                  value={route.action}
                  onChange={(action) => changeRoute({ action })}
                  choices={actions}
                />
                <div data-field={`policyRoutes.${index}.match`}>
                  <TextField
                    label="Match"
                    mono
                    value={route.match}
                    onChange={(match) => changeRoute({ match })}
                    placeholder="ip4.src == 10.20.0.0/24"
                    error={errorAt(`policyRoutes.${index}.match`)}
                  />
                </div>
                {route.action === "reroute" ? (
                  <div data-field={`policyRoutes.${index}.nextHop`}>
                    <TextField
                      label="Next hop"
                      mono
                      value={route.nextHop ?? ""}
                      onChange={(nextHop) => changeRoute({ nextHop: nextHop.trim() })}
                      placeholder="10.20.0.254"
                      error={errorAt(`policyRoutes.${index}.nextHop`)}
                    />
                  </div>
                ) : null}
              </div>
            )}
          </ListOf>
        </FormSection>
        <FormSection title="Peerings">
          <p className="text-secondary">
            Both VPCs name each other, and each has routes to the other&apos;s subnets by way of the
            other&apos;s address on the link.
          </p>
          <ListOf
            lines={spec.peerings ?? []}
            onChange={(peerings) => change({ peerings })}
            blank={() => ({ remoteVpc: "", localConnectIp: "" })}
            add="Add a peering"
            nameOf={(peering, index) => `peering ${peering.remoteVpc || index + 1}`}
            inLines
            max={50}
          >
            {(peering, index, changePeering) => (
              <div className="grid gap-3 sm:grid-cols-2">
                <NounField
                  noun="vpc"
                  field={`peerings.${index}.remoteVpc`}
                  label="Peer"
                  value={peering.remoteVpc}
                  onChange={(remoteVpc) => changePeering({ remoteVpc })}
                  error={errorAt(`peerings.${index}.remoteVpc`)}
                  where="default:no"
                />
                <div data-field={`peerings.${index}.localConnectIp`}>
                  <TextField
                    label="Own address on the link"
                    mono
                    value={peering.localConnectIp}
                    onChange={(localConnectIp) => changePeering({ localConnectIp: localConnectIp.trim() })}
                    placeholder="169.254.0.1/30"
                    error={errorAt(`peerings.${index}.localConnectIp`)}
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
