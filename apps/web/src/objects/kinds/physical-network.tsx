/** Provider networks, VLANs and network attachments: pages and forms. */
import { SimpleTable } from "../../components/SimpleTable.tsx";
import { formatCount } from "../../format/numbers.ts";
import { Section } from "../../ui/Facts.tsx";
import { declaredPage, listed } from "../declared-page.tsx";

export const providerNetworkPage = declaredPage<"provider-network">({
  noun: "provider-network",
  placeholder: "Search by name",
  states: { partly: { word: "Not on every host", tone: "attention" } },
  facts: [
    { id: "interface", header: "Interface", sortKey: "interface", text: (facts) => facts.interface },
    { id: "hosts", header: "Hosts", text: ({ readyHosts }) => formatCount(readyHosts.length) },
    { id: "vlans", header: "VLANs", text: ({ vlans }) => listed(vlans) },
    { id: "ready", header: "Set up on", text: ({ readyHosts }) => listed(readyHosts), pageOnly: true },
    {
      id: "not",
      header: "Not set up on",
      text: ({ notReadyHosts }) => listed(notReadyHosts),
      pageOnly: true,
    },
  ],
  empty:
    "A provider network says by which interface of the hosts VLANs are reached. Subnets of the physical network need one.",
  deletion: "The bridge of this name is taken off every host, and the interface given back.",
  More: ({ detail: { detail } }) =>
    detail.problems.length === 0 ? null : (
      <Section title="Problems">
        <SimpleTable
          label="Problems"
          columns={["Host", "What Kube-OVN says"]}
          rows={detail.problems.map(({ host, message }) => ({ key: host, cells: [host, message] }))}
        />
      </Section>
    ),
  form: {
    lead: "Says by which interface of the hosts VLANs are reached. Kube-OVN takes the interface into a bridge of its own.",
    namePlaceholder: "physnet",
    initial: () => ({ name: "", interface: "", excludedHosts: [] }),
    sections: [
      {
        title: "Provider network",
        note: "It names a bridge on every host, so it has at most 12 characters.",
        fields: [
          {
            field: "interface",
            label: "Interface of the hosts",
            hint: "A host whose only interface this is loses its network.",
            as: { kind: "text", placeholder: "bond0" },
          },
          {
            field: "excludedHosts",
            label: "Hosts without it",
            optional: true,
            hint: "One on each line.",
            as: { kind: "lines", placeholder: "host-7" },
          },
        ],
      },
    ],
  },
});

export const vlanPage = declaredPage<"vlan">({
  noun: "vlan",
  placeholder: "Search by name or number, e.g. provider:physnet",
  states: { conflict: { word: "Number taken", tone: "error" } },
  facts: [
    {
      id: "id",
      header: "Number",
      sortKey: "id",
      track: "90px",
      text: ({ vlanId }) => (vlanId === 0 ? "Untagged" : String(vlanId)),
    },
    {
      id: "provider",
      header: "Provider network",
      sortKey: "provider",
      text: ({ provider }) => provider,
      noun: "provider-network",
    },
    { id: "subnets", header: "Subnets", text: ({ subnets }) => listed(subnets) },
  ],
  empty:
    "A VLAN of a provider network. Machines on its subnets stand in the physical network, beside other computers.",
  deletion: "No subnet lies on it. The physical switches are not changed.",
  form: {
    lead: "A VLAN of a provider network. The physical switches must carry it already.",
    namePlaceholder: "vlan-200",
    initial: (_project, search) => ({ name: "", vlanId: 0, provider: search["provider"] ?? "" }),
    sections: [
      {
        title: "VLAN",
        fields: [
          { field: "provider", label: "Provider network", as: { kind: "noun", noun: "provider-network" } },
          {
            field: "vlanId",
            label: "Number",
            hint: "0 for untagged packets.",
            as: { kind: "number", min: 0, max: 4095 },
          },
        ],
      },
    ],
  },
});

const types = [
  { value: "kube-ovn", label: "A subnet of OVN" },
  { value: "macvlan", label: "An interface of the host (macvlan)" },
] as const;

export const networkAttachmentPage = declaredPage<"network-attachment">({
  noun: "network-attachment",
  placeholder: "Search by name or provider, e.g. type:macvlan",
  facts: [
    {
      id: "type",
      header: "Leads to",
      sortKey: "type",
      text: ({ type }) => types.find(({ value }) => value === type)?.label ?? type,
    },
    { id: "provider", header: "Provider", text: ({ provider }) => provider },
    { id: "master", header: "Interface", text: ({ master }) => master },
  ],
  empty:
    "A network attachment is a network for the second and further interfaces of machines, such as one for storage.",
  deletion: "Machines that name it do not start any more until it is there again.",
  More: ({ detail: { detail } }) => (
    <Section title="Configuration">
      <pre className="overflow-x-auto rounded-md border border-stroke bg-surface p-3 font-mono text-xs whitespace-pre-wrap break-words">
        {detail.config}
      </pre>
    </Section>
  ),
  form: {
    lead: "A network for the second and further interfaces of this project's machines. Give a subnet its provider, so that they get addresses.",
    namePlaceholder: "backup",
    initial: () => ({ name: "", type: "kube-ovn", master: "" }),
    sections: [
      {
        title: "Network attachment",
        fields: [
          { field: "type", label: "Leads to", as: { kind: "choice", choices: types } },
          {
            field: "master",
            label: "Interface of the hosts",
            optional: true,
            hint: "For macvlan.",
            as: { kind: "text", placeholder: "eth1" },
          },
        ],
      },
    ],
  },
});
