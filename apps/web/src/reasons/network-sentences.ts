/** Subnets, addresses, hosts and where a machine fits. */
import { quotaWord } from "../format/quota.ts";
import type { Sentence } from "./params.ts";

export const networkSentences = {
  "subnet-missing": (p) => `There is no subnet ${p.text("name")}.`,
  "subnet-not-ready": (p) => `The subnet ${p.text("name")} is not ready.`,
  "subnet-full": (p) => `The subnet ${p.text("name")} has no free address.`,
  "subnet-not-for-project": (p) => `The subnet ${p.text("name")} is not open to this project.`,
  "subnet-of-nodes": (p) => `The subnet ${p.text("name")} joins hosts and pods; it is not for machines.`,
  "ip-family-twice": (p) =>
    `There is an ${p.text("family", "IP")} address already. One of each family is taken.`,
  "security-group-needs-kube-ovn": () => "Security groups are Kube-OVN's, which this cluster does not run.",
  "ip-outside-subnet": (p) =>
    `The address ${p.text("ip", "entered")} is not inside ${p.text("subnet", "the subnet")}.`,
  "ip-family": (p) => `"${p.text("ip", "This")}" is not an ${p.text("family", "IP")} address.`,
  "ip-not-usable": (p) =>
    `The address ${p.text("ip", "entered")} is the first or the last of ${p.text("cidr", "the range")}, which Kube-OVN gives to nobody.`,
  "ip-reserved": (p) => `The address ${p.text("ip", "entered")} is reserved.`,
  "ip-taken": (p) =>
    `The address ${p.text("ip", "entered")} is already used by ${p.text("by", "another machine")}.`,
  "ip-needs-subnet": () => "Choose a subnet to set a fixed address in.",
  "mac-taken": (p) =>
    `The MAC address ${p.text("mac", "entered")} is already used by ${p.text("by", "another machine")}.`,
  "object-is-deleting": () => "It is being deleted.",
  "security-group-missing": (p) => `There is no security group ${p.text("name", "of this name")}.`,
  "security-group-pass-last-tier": () =>
    "Tier 1 is the last one: there is no next tier to pass to. Allow or drop here, or put the group in tier 0.",
  "security-group-drops-rest": () =>
    "An interface that carries it drops whatever no rule allows. The rules must leave its gateway reachable, or the machine does not start.",
  "security-group-sends-nothing": () =>
    "It has no outgoing rule: what an interface that carries it sends is dropped, even to its gateway, and the machine does not start.",
  "security-group-rule-twice": (p) =>
    `It is the same as rule ${p.number("rule")}. Change or remove one of them.`,
  "security-group-order-open": (p) =>
    `Rules of priority ${p.number("priority")} say different things of the same traffic, and which of them wins is left open. Give them different priorities.`,
  "service-no-machine": (p) =>
    `There is no machine ${p.text("name", "of this name")} in ${p.text("project", "this project")}. Until there is, nothing answers.`,
  "load-balancer-waiting": () =>
    "Its address comes from a load balancer of the cluster; where none is installed, it waits for ever. Its cluster address does not depend on it.",
  "security-group-not-applied": () => "Kube-OVN could not apply its rules. Its controller's log says why.",
  "vpc-no-way-out": (p) => `The VPC ${p.text("vpc")} has no way out: machines on it reach no other network.`,
  "vpc-no-cluster-dns": (p) => `Machines in the VPC ${p.text("vpc")} cannot reach the cluster's DNS.`,
  "subnet-is-private": () => "The subnet is private: other subnets cannot reach it.",
  "subnet-underlay": (p) => `The subnet lies on the physical network, VLAN ${p.text("vlan", "untagged")}.`,
  "subnet-no-nat": () =>
    "Without outgoing NAT, machines of this subnet reach only what routes back to their own addresses.",
  "subnet-built-in": (p) =>
    `The subnet ${p.text("name")} belongs to the platform: hosts and pods depend on it.`,
  "subnet-in-use": (p) =>
    `Addresses of the subnet ${p.text("name")} are still in use: ${p.number("count")}. Delete or move what holds them first.`,
  "subnet-is-deleting": () => "The subnet is being deleted.",
  "subnet-validation-failed": () => "Kube-OVN did not accept this subnet.",
  "subnet-settling": () => "Kube-OVN has not set it up yet.",
  "vpc-built-in": (p) => `The VPC ${p.text("name")} belongs to the platform.`,
  "vpc-has-subnets": (p) =>
    `The VPC ${p.text("name")} still has subnets: ${p.number("count")}. Delete them first.`,
  "vpc-is-deleting": () => "The VPC is being deleted.",
  "vpc-settling": () => "Kube-OVN has not set it up yet.",
  "vpc-missing": (p) => `There is no VPC ${p.text("name", "of this name")}.`,
  "cidr-syntax": (p) => `"${p.text("cidr", "This")}" is not a CIDR. Write it like 10.20.0.0/24.`,
  "cidr-family": (p) => `"${p.text("cidr", "This")}" is not an ${p.text("family", "address")} network.`,
  "cidr-host-bits": (p) =>
    `"${p.text("cidr", "This")}" is an address inside a network. The network is ${p.text("network", "another")}.`,
  "cidr-too-small": (p) => `The range ${p.text("cidr", "entered")} has no room for a gateway and a machine.`,
  "cidr-special": (p) => `The range ${p.text("cidr", "entered")} lies in one that is kept for other uses.`,
  "cidr-upper-case": () => "Write IPv6 addresses in lower case.",
  "cidr-overlaps-subnet": (p) =>
    `The range ${p.text("cidr", "entered")} overlaps the subnet ${p.text("subnet")}, which has ${p.text("other")}.`,
  "cidr-holds-host": (p) =>
    `The range ${p.text("cidr", "entered")} holds ${p.text("ip")}, the address of the host ${p.text("host")}.`,
  "gateway-outside": (p) =>
    `The gateway ${p.text("gateway", "entered")} is not an address of ${p.text("cidr", "the subnet")}.`,
  "gateway-not-usable": (p) =>
    `The address ${p.text("gateway", "entered")} is the network's or the broadcast address; it cannot be a gateway.`,
  "exclude-syntax": (p) =>
    `"${p.text("value", "This")}" is no address and no range. Write 10.20.0.5 or 10.20.0.5..10.20.0.9.`,
  "exclude-outside": (p) => `The address or range ${p.text("value", "entered")} is not inside the subnet.`,
  "allow-syntax": (p) => `"${p.text("value", "This")}" is no address and no CIDR.`,
  "subnet-named-as-vpc": (p) =>
    `A subnet and a VPC cannot both be named ${p.text("name", "the same")}. Choose another name.`,
  "project-missing": (p) => `There is no project ${p.text("name", "of this name")}.`,
  "project-outside-vpc": (p) => `The project ${p.text("project")} is not bound to the VPC ${p.text("vpc")}.`,
  "project-of-other-vpc": (p) => `The project ${p.text("project")} is bound to the VPC ${p.text("vpc")}.`,
  "nat-only-default-vpc": (p) =>
    `Outgoing NAT has no effect in the VPC ${p.text("vpc")}: it works in the default VPC only.`,
  "route-next-hop-syntax": (p) => `"${p.text("value", "This")}" is not an address.`,
  "peering-one-sided": (p) =>
    `The VPC ${p.text("remote")} has no peering back to ${p.text("vpc", "this one")}: nothing passes until both name each other.`,
  "peering-no-route": (p) =>
    `The VPC ${p.text("vpc")} has no route to ${p.text("cidr")} of ${p.text("remote")}. Add one with next hop ${p.text("nextHop")}.`,
  "peering-link-apart": (p) =>
    `The two ends of the link to ${p.text("remote")} are in different networks: ${p.text("own")} here, ${p.text("other")} there.`,
  "peering-with-itself": () => "A VPC cannot peer with itself.",
  "peering-with-default": (p) => `The VPC ${p.text("vpc")} is the platform's own; only custom VPCs peer.`,
  "peering-twice": (p) => `The VPC ${p.text("vpc")} is named twice.`,
  "peering-address": (p) =>
    `"${p.text("value", "This")}" is not an address with its prefix. Write it like 169.254.0.1/30.`,
  "peering-overlap": (p) =>
    `Peers must not overlap: ${p.text("cidr")} here and ${p.text("other")} of ${p.text("vpc")} do.`,
  "named-object-missing": (p) => `There is no ${p.text("kind", "object")} ${p.text("name", "of this name")}.`,
  "object-immutable": () => "It cannot be changed once it is set up. Delete it and make another.",
  "ip-syntax": (p) => `"${p.text("value", "This")}" is not an address.`,
  "address-of-pod": () => "A pod holds it. It is released when the pod goes.",
  "address-of-machine": (p) =>
    `The machine ${p.text("name")} holds it and keeps it while it exists. It is released when the machine is deleted.`,
  "address-name": (p) =>
    `An address that is held for a machine must be named ${p.text("name", "MACHINE.PROJECT")}.`,
  "ip-pool-not-applied": () => "Kube-OVN could not set up this pool.",
  "ip-pool-overlap": (p) =>
    `The range ${p.text("value", "entered")} overlaps the pool ${p.text("pool")} of the same subnet.`,
  "nat-gateway-needs-external": (p) =>
    `There is no external subnet ${p.text("subnet")}: without it the gateway leads nowhere. Make its network attachment in kube-system and a subnet with that provider.`,
  "nat-gateway-needs-route": (p) =>
    `The VPC ${p.text("vpc")} sends nothing here yet: it has no static route 0.0.0.0/0 to ${p.text("lanIp")}.`,
  "nat-gateway-in-use": (p) =>
    `External addresses of ${p.text("name", "the gateway")} are still used by NAT rules.`,
  "eip-in-use": (p) => `Rules still use ${p.text("name", "it")}: ${p.text("uses")}. Delete them first.`,
  "eip-taken": (p) =>
    `The external address ${p.text("name", "named")} cannot be shared: ${p.text("by")} uses it.`,
  "dnat-port-taken": (p) => `Port ${p.text("port")} of this external address is taken by ${p.text("by")}.`,
  "ovn-eip-needs-vlan": (p) =>
    `The subnet ${p.text("subnet")} lies on no VLAN: OVN's own NAT leaves by a subnet of a VLAN only.`,
  "vpc-not-external": (p) =>
    `The VPC ${p.text("vpc")} is not connected to the external network: turn it on there first.`,
  "provider-network-hosts": (p) => `It is not set up on these hosts: ${p.text("hosts")}.`,
  "provider-network-in-use": (p) => `VLANs lie on it: ${p.text("vlans")}. Delete them first.`,
  "vlan-conflict": (p) => `Another VLAN of the same provider network has the number ${p.text("id")} too.`,
  "vlan-taken": (p) => `The number ${p.text("id")} is taken on this provider network by ${p.text("by")}.`,
  "vlan-in-use": (p) => `Subnets lie on it: ${p.text("subnets")}. Delete them first.`,
  "attachment-needs-subnet": (p) =>
    `No subnet has the provider ${p.text("provider")} yet: interfaces on this network get no address until one has.`,
  "subnet-not-of-vpc": (p) => `The VPC ${p.text("vpc")} has no subnet ${p.text("name", "of this name")}.`,
  "subnet-vpc-fixed": () => "A subnet stays in its VPC.",
  "subnet-gateway-in-use": (p) =>
    `The gateway cannot be changed while addresses are in use: ${p.number("count")}.`,
  "subnet-cidr-in-use": (p) =>
    `The range cannot be changed while addresses of it are in use: ${p.number("count")}.`,
  "no-host-for-machines": () => "The cluster has no host that can run machines.",
  "no-host-fits": (p) =>
    `No host has ${p.number("cpuCores")} vCPU and ${p.bytes("memoryBytes")} of memory free now.`,
  "no-host-large-enough": (p) =>
    `No host is large enough for ${p.number("cpuCores")} vCPU and ${p.bytes("memoryBytes")} of memory.`,
  "no-host-so-many-cpus": (p) =>
    `No host has ${p.number("cpuCores")} CPU cores. The machine may be scheduled all the same, and then fail to start or run slowly.`,
  "no-host-with-feature": (p) => `No host offers ${p.text("feature", "what this type needs")}.`,
  "hosts-not-visible": () => "You may not see the hosts, so it is not known whether one fits.",
  "quota-exceeded": (p) =>
    `The project's quota for ${quotaWord(p.text("resource"))} does not allow it: ${p.quota("needed")} needed, ${p.quota("available")} left.`,
  "quota-unknown": () => "The project's quota could not be read.",
  "instance-type-missing": (p) => `There is no instance type ${p.text("name")}.`,
  "instance-type-too-small": (p) =>
    `The preference ${p.text("preference")} needs at least ${p.number("minCpuCores")} vCPU and ${p.bytes("minMemoryBytes")}.`,
  "preference-missing": (p) => `There is no preference ${p.text("name")}.`,
  "memory-misaligned": (p) => `Memory must be a multiple of ${p.bytes("alignmentBytes")}.`,
} satisfies Record<string, Sentence>;
