/** NAT by OVN itself, and egress gateways: pages and forms. */
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { FormSection } from "../../forms/form-parts.tsx";
import { LinesField } from "../../forms/LinesField.tsx";
import { ListOf } from "../../forms/ListOf.tsx";
import { CheckField } from "../../ui/Checkbox.tsx";
import { Section } from "../../ui/Facts.tsx";
import {
  chosenAddress,
  dnatWords,
  eipFacts,
  fipWords,
  initialPorts,
  innerPortField,
  outerPortFields,
  usesFact,
} from "./nat-parts.ts";
import { declaredPage, listed } from "../declared-page.tsx";

const types = [
  { value: "nat", label: "For NAT rules" },
  { value: "lrp", label: "A router's leg" },
  { value: "lsp", label: "A host's leg" },
] as const;
const places = [
  { value: "centralized", label: "At the gateway host (centralized)" },
  { value: "distributed", label: "At the machine's host (distributed)" },
] as const;

export const ovnEipPage = declaredPage<"ovn-eip">({
  noun: "ovn-eip",
  placeholder: "Search by name or address, e.g. type:nat",
  facts: [
    { id: "address", header: "Address", text: ({ ips }) => listed(ips) },
    {
      id: "subnet",
      header: "External subnet",
      sortKey: "subnet",
      text: ({ externalSubnet }) => externalSubnet,
      noun: "subnet",
    },
    {
      id: "type",
      header: "Kind",
      sortKey: "type",
      text: ({ type }) => types.find(({ value }) => value === type)?.label ?? type,
    },
    usesFact,
  ],
  empty:
    "An address of an external subnet on a VLAN, for OVN's own NAT. Floating IPs, ports and source NAT need one each.",
  deletion: "The address goes back to the external subnet.",
  form: {
    lead: "An address of an external subnet on a VLAN. It cannot be changed once it is set up.",
    namePlaceholder: "office-out",
    initial: () => ({ name: "", externalSubnet: "", type: "nat", v4: "" }),
    sections: [
      {
        title: "External address",
        fields: [
          {
            field: "externalSubnet",
            label: "External subnet",
            as: { kind: "noun", noun: "subnet", where: "-vlan:" },
          },
          { field: "type", label: "Kind", as: { kind: "choice", choices: types } },
          chosenAddress("203.0.113.10"),
        ],
      },
    ],
  },
});

const throughFacts = [
  ...eipFacts("ovn-eip"),
  { id: "target", header: "Inside", text: ({ target }: { target: string }) => target },
  { id: "vpc", header: "VPC", sortKey: "vpc", text: ({ vpc }: { vpc: string }) => vpc, noun: "vpc" },
] as const;

const eipField = {
  field: "eip",
  label: "External address",
  as: { kind: "noun", noun: "ovn-eip", where: "type:nat" },
} as const;

const targetFields = [
  {
    field: "ipName",
    label: "Address of a machine",
    optional: true,
    hint: "The name of an address, which for a machine is MACHINE.PROJECT.",
    as: { kind: "noun", noun: "address" },
  },
  {
    field: "vpc",
    label: "or VPC",
    optional: true,
    as: { kind: "noun", noun: "vpc" },
  },
  {
    field: "v4",
    label: "and address in it",
    optional: true,
    as: { kind: "text", placeholder: "10.50.0.20" },
  },
] as const;

export const ovnFipPage = declaredPage<"ovn-fip">({
  noun: "ovn-fip",
  placeholder: "Search by name or address, e.g. vpc:ovn-cluster",
  facts: [
    ...throughFacts,
    {
      id: "type",
      header: "Translated",
      text: ({ type }) => places.find(({ value }) => value === type)?.label ?? type,
    },
  ],
  ...fipWords,
  form: {
    lead: "One external address for one machine, for all ports, both ways. It cannot be changed later.",
    namePlaceholder: "office-mail",
    initial: (_project, search) => ({
      name: "",
      eip: search["eip"] ?? "",
      ipName: search["address"] ?? "",
      vpc: "",
      v4: "",
      type: "centralized",
    }),
    sections: [
      {
        title: "Floating IP",
        fields: [eipField, { field: "type", label: "Translated", as: { kind: "choice", choices: places } }],
      },
      { title: "The machine", fields: targetFields },
    ],
  },
});

export const ovnSnatPage = declaredPage<"ovn-snat">({
  noun: "ovn-snat",
  placeholder: "Search by name or address, e.g. vpc:ovn-cluster",
  facts: throughFacts,
  empty: "Source NAT lets machines of a subnet reach the outside with one external address.",
  deletion: "What it translated loses this way out.",
  form: {
    lead: "Lets machines reach the outside with one external address. It cannot be changed later.",
    namePlaceholder: "office-out",
    initial: (_project, search) => ({
      name: "",
      eip: search["eip"] ?? "",
      subnet: "",
      ipName: "",
      vpc: "",
      cidr: "",
    }),
    sections: [
      { title: "Source NAT", fields: [eipField] },
      {
        title: "For whom",
        note: "A whole subnet, one machine, or a range of a VPC.",
        fields: [
          { field: "subnet", label: "Subnet", optional: true, as: { kind: "noun", noun: "subnet" } },
          {
            field: "ipName",
            label: "or address of a machine",
            optional: true,
            as: { kind: "noun", noun: "address" },
          },
          { field: "vpc", label: "or VPC", optional: true, as: { kind: "noun", noun: "vpc" } },
          {
            field: "cidr",
            label: "and range in it",
            optional: true,
            as: { kind: "text", placeholder: "10.50.0.0/24" },
          },
        ],
      },
    ],
  },
});

export const ovnDnatPage = declaredPage<"ovn-dnat">({
  noun: "ovn-dnat",
  placeholder: "Search by name or address, e.g. vpc:ovn-cluster",
  facts: [
    ...throughFacts,
    {
      id: "ports",
      header: "Ports",
      text: ({ externalPort, internalPort, protocol }) =>
        `${externalPort} to ${internalPort}${protocol === "" ? "" : `, ${protocol.toUpperCase()}`}`,
    },
  ],
  ...dnatWords,
  form: {
    lead: "Leads one port of an external address to a machine. It cannot be changed later.",
    namePlaceholder: "office-vpn",
    initial: (_project, search) => ({
      name: "",
      eip: search["eip"] ?? "",
      ipName: search["address"] ?? "",
      vpc: "",
      v4: "",
      ...initialPorts,
    }),
    sections: [
      {
        title: "Destination NAT",
        fields: [eipField, ...outerPortFields, innerPortField],
      },
      { title: "The machine", fields: targetFields },
    ],
  },
});

const policies = [
  { value: "Cluster", label: "By any of its pods" },
  { value: "Local", label: "By the pod on the machine's host first" },
] as const;

export const vpcEgressGatewayPage = declaredPage<"vpc-egress-gateway">({
  noun: "vpc-egress-gateway",
  placeholder: "Search by name or address, e.g. vpc:data-vpc",
  facts: [
    { id: "vpc", header: "VPC", sortKey: "vpc", text: ({ vpc }) => vpc, noun: "vpc" },
    { id: "replicas", header: "Pods", track: "70px", text: ({ replicas }) => String(replicas) },
    { id: "external", header: "External addresses", text: ({ externalIps }) => listed(externalIps) },
    { id: "subnet", header: "External subnet", text: ({ externalSubnet }) => externalSubnet, noun: "subnet" },
    {
      id: "internal",
      header: "Inner addresses",
      text: ({ internalIps }) => listed(internalIps),
      pageOnly: true,
    },
    { id: "hosts", header: "On hosts", text: ({ hosts }) => listed(hosts), pageOnly: true },
  ],
  empty:
    "An egress gateway is a set of pods through which chosen subnets of a VPC leave with external addresses.",
  deletion: "The subnets that leave through it lose this way out.",
  More: ({ detail: { detail } }) => (
    <Section title="What leaves through it">
      <SimpleTable
        label="What leaves through it"
        columns={["Subnets", "Ranges", "Source NAT"]}
        rows={detail.policies.map((policy, at) => ({
          key: String(at),
          cells: [listed(policy.subnets) || "–", listed(policy.ipBlocks) || "–", policy.snat ? "Yes" : "No"],
        }))}
      />
    </Section>
  ),
  form: {
    lead: "Pods of this project through which chosen subnets of a VPC leave.",
    namePlaceholder: "data-egress",
    initial: (_project, search) => ({
      name: "",
      vpc: search["vpc"] ?? "",
      replicas: 1,
      internalSubnet: "",
      externalSubnet: "",
      policies: [{ snat: true, subnets: [], ipBlocks: [] }],
      trafficPolicy: "Cluster",
    }),
    sections: [
      {
        title: "Gateway",
        fields: [
          { field: "vpc", label: "VPC", as: { kind: "noun", noun: "vpc" } },
          { field: "replicas", label: "Pods", as: { kind: "number", min: 1, max: 20 } },
          {
            field: "internalSubnet",
            label: "Inner subnet",
            optional: true,
            hint: "Left empty, the VPC's default one.",
            as: { kind: "noun", noun: "subnet" },
          },
          {
            field: "externalSubnet",
            label: "External subnet",
            as: { kind: "noun", noun: "subnet", where: "-vlan:" },
          },
          { field: "trafficPolicy", label: "Packets go", as: { kind: "choice", choices: policies } },
        ],
      },
    ],
    labels: { "policies.*.subnets": "Subnets", "policies.*.ipBlocks": "Ranges" },
    More: ({ spec, change, errorAt }) => (
      <FormSection title="What leaves through it">
        <ListOf
          lines={spec.policies}
          onChange={(next) => change({ policies: next })}
          blank={() => ({ snat: true, subnets: [], ipBlocks: [] })}
          add="Add a rule"
          nameOf={(policy, index) => `rule ${listed(policy.subnets ?? []) || index + 1}`}
          max={50}
        >
          {(policy, index, changePolicy) => (
            <div className="grid gap-3 sm:grid-cols-2">
              <LinesField
                field={`policies.${index}.subnets`}
                label="Subnets"
                optional
                value={policy.subnets ?? []}
                onChange={(subnets) => changePolicy({ subnets })}
                placeholder="data-main"
                error={errorAt(`policies.${index}.subnets`)}
              />
              <LinesField
                field={`policies.${index}.ipBlocks`}
                label="Ranges"
                optional
                value={policy.ipBlocks ?? []}
                onChange={(ipBlocks) => changePolicy({ ipBlocks })}
                placeholder="10.30.4.0/24"
                error={errorAt(`policies.${index}.ipBlocks`)}
              />
              <CheckField
                label="Source NAT"
                hint="With the gateway's external address."
                checked={policy.snat !== false}
                onChange={(snat) => changePolicy({ snat })}
              />
            </div>
          )}
        </ListOf>
      </FormSection>
    ),
  },
});
