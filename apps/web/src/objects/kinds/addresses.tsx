/** Addresses, virtual addresses and pools: pages and forms. */
import { AppLink } from "../../components/AppLink.tsx";
import { formatAddressCount } from "../../components/network-words.ts";
import { paths } from "../../paths.ts";
import { Section } from "../../ui/Facts.tsx";
import { declaredPage, listed } from "../declared-page.tsx";

const holders = { machine: "Machine", pod: "Pod", reserved: "Reserved" } as const;

export const addressPage = declaredPage<"address">({
  noun: "address",
  placeholder: "Search by address, MAC or name, e.g. holder:reserved",
  hints: [
    { word: "subnet:ovn-default", detail: "By subnet" },
    { word: "holder:machine", detail: "Held by machines" },
    { word: "ip:10.20.", detail: "By a part of the address" },
  ],
  facts: [
    { id: "address", header: "Address", sortKey: "address", text: ({ ips }) => listed(ips) },
    {
      id: "kind",
      header: "Kind",
      track: "minmax(90px,0.7fr)",
      text: ({ holder }) => holders[holder],
    },
    { id: "holder", header: "Held by", sortKey: "holder", text: ({ holderName }) => holderName },
    { id: "project", header: "Project", text: ({ holderProject }) => holderProject },
    { id: "subnet", header: "Subnet", sortKey: "subnet", text: ({ subnet }) => subnet },
    { id: "mac", header: "MAC address", track: "minmax(140px,0.9fr)", text: ({ mac }) => mac },
    { id: "host", header: "Host", text: ({ host }) => host, pageOnly: true },
  ],
  empty: "Every interface of a machine or pod holds an address. One can also be held for a machine to come.",
  deletion: "The address is free again for whoever asks next.",
  More: ({ detail: { row } }) =>
    row.facts.holder === "machine" ? (
      <Section title="Machine">
        <AppLink to={paths.vm(row.facts.holderProject, row.facts.holderName, "network")}>
          {row.facts.holderName}
        </AppLink>
      </Section>
    ) : null,
  form: {
    lead: "Holds an address, so that nobody else gets it: for a machine that is still to come, or for something outside.",
    namePlaceholder: "web-9.web-shop",
    initial: (project, search) => ({
      name: "",
      subnet: search["subnet"] ?? "",
      v4: "",
      v6: "",
      mac: "",
      project: project ?? "",
      machine: "",
    }),
    sections: [
      {
        title: "Address",
        note: "For a machine the name must be MACHINE.PROJECT: by it Kube-OVN gives the address when the machine starts.",
        fields: [
          { field: "subnet", label: "Subnet", as: { kind: "noun", noun: "subnet" } },
          {
            field: "v4",
            label: "IPv4 address",
            optional: true,
            hint: "Left empty, a free one is chosen.",
            as: { kind: "text", placeholder: "10.20.0.9" },
          },
          { field: "v6", label: "IPv6 address", optional: true, as: { kind: "text" } },
          {
            field: "mac",
            label: "MAC address",
            optional: true,
            as: { kind: "text", placeholder: "02:00:00:12:34:56" },
          },
        ],
      },
      {
        title: "Held for",
        fields: [
          {
            field: "project",
            label: "Project",
            optional: true,
            as: { kind: "text", placeholder: "web-shop" },
          },
          { field: "machine", label: "Machine", optional: true, as: { kind: "text", placeholder: "web-9" } },
        ],
      },
    ],
  },
});

const vipTypes = [
  { value: "", label: "Shared by machines" },
  { value: "switch_lb_vip", label: "Of a load balancer of the subnet" },
  { value: "kube_host_vm_vip", label: "Of a host in a machine" },
] as const;

export const vipPage = declaredPage<"vip">({
  noun: "vip",
  placeholder: "Search by name or address",
  facts: [
    { id: "address", header: "Address", text: ({ ips }) => listed(ips) },
    { id: "subnet", header: "Subnet", sortKey: "subnet", text: ({ subnet }) => subnet, noun: "subnet" },
    { id: "project", header: "Project", text: ({ holderProject }) => holderProject },
    {
      id: "type",
      header: "Kind",
      text: ({ type }) => vipTypes.find(({ value }) => value === type)?.label ?? type,
    },
    { id: "mac", header: "MAC address", text: ({ mac }) => mac, pageOnly: true },
  ],
  empty:
    "A virtual address belongs to no one machine: several share it among themselves, e.g. by keepalived.",
  deletion: "The address is free again. Machines that still answer on it are not stopped from doing so.",
  form: {
    lead: "An address of a subnet that belongs to no one machine.",
    namePlaceholder: "web-vip",
    initial: (project, search) => ({
      name: "",
      subnet: search["subnet"] ?? "",
      project: project ?? "",
      type: "",
      v4: "",
    }),
    sections: [
      {
        title: "Virtual address",
        fields: [
          { field: "subnet", label: "Subnet", as: { kind: "noun", noun: "subnet" } },
          {
            field: "v4",
            label: "IPv4 address",
            optional: true,
            hint: "Left empty, a free one is chosen.",
            as: { kind: "text", placeholder: "10.20.0.100" },
          },
          { field: "type", label: "Kind", as: { kind: "choice", choices: vipTypes } },
          {
            field: "project",
            label: "Project",
            optional: true,
            as: { kind: "text", placeholder: "web-shop" },
          },
        ],
      },
    ],
  },
});

export const ipPoolPage = declaredPage<"ip-pool">({
  noun: "ip-pool",
  placeholder: "Search by name or range",
  states: { failed: { word: "Not applied", tone: "error" } },
  facts: [
    { id: "subnet", header: "Subnet", sortKey: "subnet", text: ({ subnet }) => subnet, noun: "subnet" },
    { id: "ranges", header: "Ranges", track: "minmax(160px,1.4fr)", text: ({ ranges }) => listed(ranges) },
    {
      id: "use",
      header: "In use",
      text: ({ used, available }) => `${formatAddressCount(used)}, ${formatAddressCount(available)} free`,
    },
    { id: "projects", header: "Projects", text: ({ projects }) => listed(projects) },
  ],
  empty: "A pool keeps a part of a subnet's addresses for some projects, or for machines that name it.",
  deletion: "Its addresses belong to the whole subnet again. What holds one keeps it.",
  form: {
    lead: "A part of a subnet's addresses, kept for some projects or for machines that name the pool.",
    namePlaceholder: "web-workers",
    initial: (_project, search) => ({
      name: "",
      subnet: search["subnet"] ?? "",
      ranges: [],
      projects: [],
    }),
    sections: [
      {
        title: "Pool",
        fields: [
          { field: "subnet", label: "Subnet", as: { kind: "noun", noun: "subnet" } },
          {
            field: "ranges",
            label: "Ranges",
            hint: "One address, range or CIDR on each line; pools of one subnet do not overlap.",
            as: { kind: "lines", placeholder: "10.20.0.100..10.20.0.199" },
          },
          {
            field: "projects",
            label: "Projects",
            hint: "Their machines and pods take from it by themselves.",
            as: { kind: "projects" },
          },
        ],
      },
    ],
  },
});
