/** What the parts of the topology are called, and where they lead. */
import { paths } from "../../paths.ts";
import type { Subnet, WayOut } from "./topology-layout.ts";

export const wayOutWords: Record<WayOut["kind"], string> = {
  "nat-gateway": "NAT gateway",
  "egress-gateway": "Egress gateway",
  eip: "Gateway EIP",
  "ovn-eip": "OVN EIP",
  peering: "Peering",
};

const nouns = {
  "nat-gateway": "vpc-nat-gateway",
  "egress-gateway": "vpc-egress-gateway",
  eip: "iptables-eip",
  "ovn-eip": "ovn-eip",
  peering: "vpc",
} as const;

export const wayOutPath = (way: WayOut) =>
  paths.object({
    ref: { noun: nouns[way.kind] },
    project: way.project === "" ? undefined : way.project,
    name: way.name,
  });
export const vpcPath = (vpc: { name: string }) => paths.vpc(vpc.name);
export const subnetPath = (subnet: Subnet, project: string | undefined) => paths.subnet(project, subnet.name);
export const machinePath = (machine: Subnet["machines"][number]) => paths.vm(machine.project, machine.name);
