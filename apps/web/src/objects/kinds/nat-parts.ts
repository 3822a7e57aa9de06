/** What pages and forms of NAT by a gateway and by OVN itself have in common. */
import { listed } from "../declared-page.tsx";

export const usesFact = {
  id: "uses",
  header: "Used by",
  text: ({ uses }: { uses: string[] }) => listed(uses.map((use) => use.toUpperCase())),
} as const;

/** Through which external address a rule leads. */
export const eipFacts = <N extends "iptables-eip" | "ovn-eip">(noun: N) =>
  [
    {
      id: "eip",
      header: "External address",
      sortKey: "eip",
      text: ({ eip }: { eip: string }) => eip,
      noun,
    },
    { id: "address", header: "Address", text: ({ eipAddress }: { eipAddress: string }) => eipAddress },
  ] as const;

/** The wanted address of an external one. */
export const chosenAddress = (placeholder: string) =>
  ({
    field: "v4",
    label: "IPv4 address",
    optional: true,
    hint: "Left empty, a free one is chosen.",
    as: { kind: "text", placeholder },
  }) as const;

export const initialPorts = { protocol: "tcp", externalPort: 443, internalPort: 443 } as const;

export const outerPortFields = [
  {
    field: "protocol",
    label: "Protocol",
    as: {
      kind: "choice",
      choices: [
        { value: "tcp", label: "TCP" },
        { value: "udp", label: "UDP" },
      ],
    },
  },
  { field: "externalPort", label: "External port", as: { kind: "number", min: 1, max: 65_535 } },
] as const;

export const innerPortField = {
  field: "internalPort",
  label: "Port of the machine",
  as: { kind: "number", min: 1, max: 65_535 },
} as const;

export const fipWords = {
  empty: "A floating IP gives one machine an external address of its own, for all ports, both ways.",
  deletion: "The machine is no longer reached from outside, and leaves with another address or not at all.",
} as const;

export const dnatWords = {
  empty: "Destination NAT leads one port of an external address to a machine.",
  deletion: "The machine is no longer reached through this port.",
} as const;
