/** NAT by a gateway pod: pages and forms of the gateway, its external addresses and their rules. */
import { formatCount } from "../../format/numbers.ts";
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

export const vpcNatGatewayPage = declaredPage<"vpc-nat-gateway">({
  noun: "vpc-nat-gateway",
  placeholder: "Search by name or address, e.g. vpc:shop-vpc",
  facts: [
    { id: "vpc", header: "VPC", sortKey: "vpc", text: ({ vpc }) => vpc, noun: "vpc" },
    { id: "subnet", header: "Subnet", text: ({ subnet }) => subnet, noun: "subnet" },
    { id: "lan", header: "Inner address", text: ({ lanIp }) => lanIp },
    { id: "external", header: "External subnets", text: ({ externalSubnets }) => listed(externalSubnets) },
    { id: "eips", header: "External addresses", text: ({ eips }) => formatCount(eips) },
  ],
  empty:
    "A NAT gateway is a pod that stands between a VPC and an external subnet. It works with IPv4 only, and needs Multus and an external subnet.",
  deletion: "The VPC loses this way out. Its external addresses and their rules no longer work.",
  form: {
    lead: "A pod between a VPC and an external subnet. Changing it later makes the pod anew: connections break.",
    namePlaceholder: "shop-gateway",
    initial: (_project, search) => ({
      name: "",
      vpc: search["vpc"] ?? "",
      subnet: "",
      lanIp: "",
      externalSubnets: ["ovn-vpc-external-network"],
      selector: [],
    }),
    sections: [
      {
        title: "Gateway",
        fields: [
          {
            field: "vpc",
            label: "VPC",
            as: { kind: "noun", noun: "vpc", where: "default:no" },
          },
          { field: "subnet", label: "Subnet", hint: "Of this VPC.", as: { kind: "noun", noun: "subnet" } },
          {
            field: "lanIp",
            label: "Inner address",
            hint: "Of the subnet. The VPC's default route leads to it.",
            as: { kind: "text", placeholder: "10.20.0.254" },
          },
          {
            field: "externalSubnets",
            label: "External subnets",
            optional: true,
            as: { kind: "lines", placeholder: "ovn-vpc-external-network" },
          },
          {
            field: "selector",
            label: "Hosts that may run it",
            optional: true,
            hint: "Labels of hosts, one on each line.",
            as: { kind: "lines", placeholder: "kubernetes.io/os: linux" },
          },
        ],
      },
    ],
  },
});

export const iptablesEipPage = declaredPage<"iptables-eip">({
  noun: "iptables-eip",
  placeholder: "Search by name or address, e.g. gateway:shop-gateway",
  facts: [
    { id: "ip", header: "Address", sortKey: "address", text: ({ ip }) => ip },
    {
      id: "gateway",
      header: "Gateway",
      sortKey: "gateway",
      text: ({ gateway }) => gateway,
      noun: "vpc-nat-gateway",
    },
    usesFact,
  ],
  empty:
    "An external address on a NAT gateway. Floating IPs, ports and source NAT need one each to lead in or out.",
  deletion: "The address goes back to the external subnet.",
  form: {
    lead: "An external address on a NAT gateway. It cannot be changed once it is set up.",
    namePlaceholder: "shop-eip",
    initial: (_project, search) => ({
      name: "",
      gateway: search["gateway"] ?? "",
      externalSubnet: "",
      v4: "",
    }),
    sections: [
      {
        title: "External address",
        fields: [
          { field: "gateway", label: "Gateway", as: { kind: "noun", noun: "vpc-nat-gateway" } },
          {
            field: "externalSubnet",
            label: "External subnet",
            optional: true,
            hint: "Left empty, the gateway's first one.",
            as: { kind: "noun", noun: "subnet", where: "-provider:ovn" },
          },
          chosenAddress("198.51.100.10"),
        ],
      },
    ],
  },
});

const throughFacts = eipFacts("iptables-eip");

const eipField = {
  field: "eip",
  label: "External address",
  as: { kind: "noun", noun: "iptables-eip" },
} as const;

export const iptablesFipPage = declaredPage<"iptables-fip">({
  noun: "iptables-fip",
  placeholder: "Search by name or address",
  facts: [
    ...throughFacts,
    { id: "internal", header: "Leads to", text: ({ internalIp }) => internalIp },
    { id: "gateway", header: "Gateway", text: ({ gateway }) => gateway, noun: "vpc-nat-gateway" },
  ],
  ...fipWords,
  form: {
    lead: "One external address for one machine, for all ports, both ways. No other rule may use the address.",
    namePlaceholder: "shop-db-fip",
    initial: (_project, search) => ({ name: "", eip: search["eip"] ?? "", internalIp: "" }),
    sections: [
      {
        title: "Floating IP",
        fields: [
          eipField,
          {
            field: "internalIp",
            label: "Address of the machine",
            as: { kind: "text", placeholder: "10.20.0.9" },
          },
        ],
      },
    ],
  },
});

export const iptablesSnatPage = declaredPage<"iptables-snat">({
  noun: "iptables-snat",
  placeholder: "Search by name or address",
  facts: [
    ...throughFacts,
    { id: "internal", header: "From", text: ({ internalCidr }) => internalCidr },
    { id: "gateway", header: "Gateway", text: ({ gateway }) => gateway, noun: "vpc-nat-gateway" },
  ],
  empty: "Source NAT lets machines of a range reach the outside with one external address.",
  deletion: "Machines of the range lose this way out.",
  form: {
    lead: "Lets machines of a range reach the outside with one external address.",
    namePlaceholder: "shop-out",
    initial: (_project, search) => ({ name: "", eip: search["eip"] ?? "", internalCidr: "" }),
    sections: [
      {
        title: "Source NAT",
        fields: [
          eipField,
          {
            field: "internalCidr",
            label: "Range of the machines",
            as: { kind: "text", placeholder: "10.20.0.0/24" },
          },
        ],
      },
    ],
  },
});

export const iptablesDnatPage = declaredPage<"iptables-dnat">({
  noun: "iptables-dnat",
  placeholder: "Search by name or address",
  facts: [
    ...throughFacts,
    {
      id: "from",
      header: "External port",
      text: ({ externalPort, protocol }) => `${externalPort}/${protocol.toUpperCase()}`,
    },
    {
      id: "to",
      header: "Leads to",
      text: ({ internalIp, internalPort }) => `${internalIp}:${internalPort}`,
    },
    { id: "gateway", header: "Gateway", text: ({ gateway }) => gateway, noun: "vpc-nat-gateway" },
  ],
  ...dnatWords,
  form: {
    lead: "Leads one port of an external address to a machine.",
    namePlaceholder: "shop-https",
    initial: (_project, search) => ({
      name: "",
      eip: search["eip"] ?? "",
      ...initialPorts,
      internalIp: "",
    }),
    sections: [
      {
        title: "Destination NAT",
        fields: [
          eipField,
          ...outerPortFields,
          {
            field: "internalIp",
            label: "Address of the machine",
            as: { kind: "text", placeholder: "10.20.0.9" },
          },
          innerPortField,
        ],
      },
    ],
  },
});
