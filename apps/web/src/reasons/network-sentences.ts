/** Subnets, addresses, hosts and where a machine fits. */
import type { Sentence } from "./params.ts";

export const networkSentences = {
  "subnet-missing": (p) => `There is no subnet ${p.text("name")}.`,
  "subnet-not-ready": (p) => `The subnet ${p.text("name")} is not ready.`,
  "subnet-full": (p) => `The subnet ${p.text("name")} has no free address.`,
  "subnet-not-for-project": (p) => `The subnet ${p.text("name")} is not open to this project.`,
  "subnet-of-nodes": (p) => `The subnet ${p.text("name")} joins hosts and pods; it is not for machines.`,
  "nic-needs-attachment": () => "A second interface needs a network attachment of its subnet.",
  "ip-outside-subnet": (p) =>
    `The address ${p.text("ip", "entered")} is not inside ${p.text("subnet", "the subnet")}.`,
  "ip-reserved": (p) => `The address ${p.text("ip", "entered")} is reserved.`,
  "ip-taken": (p) =>
    `The address ${p.text("ip", "entered")} is already used by ${p.text("by", "another machine")}.`,
  "ip-needs-subnet": () => "Choose a subnet to set a fixed address in.",
  "mac-taken": (p) =>
    `The MAC address ${p.text("mac", "entered")} is already used by ${p.text("by", "another machine")}.`,
  "vpc-no-way-out": (p) => `The VPC ${p.text("vpc")} has no way out: machines on it reach no other network.`,
  "vpc-no-cluster-dns": (p) => `Machines in the VPC ${p.text("vpc")} cannot reach the cluster's DNS.`,
  "subnet-is-private": () => "The subnet is private: other subnets cannot reach it.",
  "subnet-underlay": (p) => `The subnet lies on the physical network, VLAN ${p.text("vlan", "untagged")}.`,
  "host-not-ready": () => "The host is not ready.",
  "host-cordoned": () => "The host is cordoned: no new machines are placed on it.",
  "host-no-kvm": () => "The host has no KVM.",
  "host-not-for-machines": () => "The host is not set up to run machines.",
  "host-handler-silent": (p) => `KubeVirt's agent on the host has been silent since ${p.instant("since")}.`,
  "host-unknown": () => "The host does not answer.",
  "no-host-for-machines": () => "The cluster has no host that can run machines.",
  "no-host-fits": (p) =>
    `No host has ${p.number("cpuCores")} vCPU and ${p.bytes("memoryBytes")} of memory free now.`,
  "no-host-large-enough": (p) =>
    `No host is large enough for ${p.number("cpuCores")} vCPU and ${p.bytes("memoryBytes")} of memory.`,
  "no-host-with-feature": (p) => `No host offers ${p.text("feature", "what this type needs")}.`,
  "hosts-not-visible": () => "You may not see the hosts, so it is not known whether one fits.",
  "quota-exceeded": (p) =>
    `The project's quota for ${p.text("resource")} does not allow it: ${p.text("needed")} needed, ${p.text("available")} left.`,
  "quota-unknown": () => "The project's quota could not be read.",
  "instance-type-missing": (p) => `There is no instance type ${p.text("name")}.`,
  "instance-type-too-small": (p) =>
    `The preference ${p.text("preference")} needs at least ${p.number("minCpuCores")} vCPU and ${p.bytes("minMemoryBytes")}.`,
  "preference-missing": (p) => `There is no preference ${p.text("name")}.`,
  "memory-misaligned": (p) => `Memory must be a multiple of ${p.bytes("alignmentBytes")}.`,
} satisfies Record<string, Sentence>;
