/** Why a machine could not have the network that is wanted for it: one rule for its making and its settings. Pure. */
import type { Reason } from "@kubev/api-types/reason";
import type { NicPlace } from "@kubev/api-types/vm-create";
import { addressProblem } from "./address-problem.ts";
import type { IpRecord, SubnetRecord, VpcRecord } from "./platform-records.ts";
import { reasonOf } from "./reasons.ts";
import { subnetRefusal } from "./subnet-choice.ts";

export interface NicFacts {
  project: string;
  /** The machine's own name: what it holds is not in its way. */
  machine: string;
  /** Whether the caller may know the machines of this project by name. */
  seesMachines: boolean;
  subnetOf: (name: string) => SubnetRecord | undefined;
  vpcOf: (name: string) => VpcRecord | undefined;
  defaultSubnet: string;
  /** Whether Kube-OVN is there at all. */
  kubeOvn: boolean;
  ips: Iterable<IpRecord>;
  /** Names of the security groups; null where the caller may not know them. */
  securityGroups: ReadonlySet<string> | null;
}

export interface NicProblem {
  field: "subnet" | "ips" | "mac" | "securityGroups";
  reason: Reason;
}

/** The first that stands in the way, or null. */
export function nicProblem(nic: NicPlace, facts: NicFacts): NicProblem | null {
  return (
    placeProblem(nic, facts) ??
    (facts.kubeOvn || nic.securityGroups.length === 0 ? groupProblem(nic, facts) : noKubeOvn)
  );
}

const noKubeOvn: NicProblem = { field: "subnet", reason: reasonOf("ip-needs-subnet") };

function groupProblem({ securityGroups }: NicPlace, facts: NicFacts): NicProblem | null {
  const known = facts.securityGroups;
  const missing = known === null ? undefined : securityGroups.find((name) => !known.has(name));
  return missing === undefined
    ? null
    : { field: "securityGroups", reason: reasonOf("security-group-missing", { name: missing }) };
}

function placeProblem({ subnet: chosen, ips, mac }: NicPlace, facts: NicFacts): NicProblem | null {
  if (chosen === "" && ips.length === 0 && mac === "") return null;
  const name = chosen === "" ? facts.defaultSubnet : chosen;
  const ofSubnet = (reason: Reason): NicProblem => ({ field: "subnet", reason });
  if (!facts.kubeOvn || name === "") return noKubeOvn;
  const subnet = facts.subnetOf(name);
  if (subnet === undefined) return ofSubnet(reasonOf("subnet-missing", { name }));
  const refusal = subnetRefusal(subnet, facts.vpcOf(subnet.vpc), facts.project);
  if (refusal !== null) return ofSubnet(refusal);
  if (!subnet.ready) return ofSubnet(reasonOf("subnet-not-ready", { name }));
  if (ips.length === 0 && BigInt(subnet.availableIps) === 0n)
    return ofSubnet(reasonOf("subnet-full", { name }));
  const others = [...facts.ips].filter(
    (record) =>
      record.subnet === name && !(record.podNamespace === facts.project && record.podName === facts.machine),
  );
  // another project's machine is not named to this one, nor one that the caller may not see
  const holder = (record: IpRecord) =>
    facts.seesMachines && record.podNamespace === facts.project ? record.podName : "";
  const held = others.flatMap((record) => record.ips.map((ip) => ({ ip, by: holder(record) })));
  for (const ip of ips) {
    const reason = addressProblem(subnet, ip, null, held);
    if (reason !== null) return { field: "ips", reason };
  }
  const wanted = mac.toLowerCase();
  const rival = wanted === "" ? undefined : others.find((record) => record.mac.toLowerCase() === wanted);
  return rival === undefined
    ? null
    : { field: "mac", reason: reasonOf("mac-taken", { mac: wanted, by: holder(rival) }) };
}
