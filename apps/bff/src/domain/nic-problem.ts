/** Why a machine could not have the network that is wanted for it: one rule for its making and its settings. Pure. */
import type { Reason } from "@kubev/api-types/reason";
import type { NicPlace } from "@kubev/api-types/vm-create";
import { addressProblem } from "./address-problem.ts";
import type { IpRecord, SubnetRecord, VpcRecord } from "./platform-records.ts";
import { parseIp } from "./ip-math.ts";
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
  /** `subnet`, `mac`, or a line of `ips` or `securityGroups`, e.g. `ips.0`. */
  path: string;
  reason: Reason;
}

/** The first that stands in the way, or null. */
export function nicProblem(nic: NicPlace, facts: NicFacts): NicProblem | null {
  return placeProblem(nic, facts) ?? groupProblem(nic.securityGroups, facts);
}

function groupProblem(names: readonly string[], facts: NicFacts): NicProblem | null {
  for (const [at, name] of names.entries()) {
    const path = `securityGroups.${at}`;
    if (!facts.kubeOvn) return { path, reason: reasonOf("security-group-needs-kube-ovn") };
    if (name === "") return { path, reason: reasonOf("field-required") };
    if (names.indexOf(name) < at) return { path, reason: reasonOf("named-twice", { name }) };
    if (facts.securityGroups?.has(name) === false)
      return { path, reason: reasonOf("security-group-missing", { name }) };
  }
  return null;
}

/** Kube-OVN takes one address of each family; one that is no address is told by the subnet's own rule. */
function familyProblem(ips: readonly string[]): NicProblem | null {
  const families = ips.map((ip) => parseIp(ip)?.bits);
  const at = families.findIndex((bits, index) => bits !== undefined && families.indexOf(bits) < index);
  return at < 0
    ? null
    : {
        path: `ips.${at}`,
        reason: reasonOf("ip-family-twice", { family: families[at] === 32 ? "IPv4" : "IPv6" }),
      };
}

function placeProblem({ subnet: chosen, ips, mac }: NicPlace, facts: NicFacts): NicProblem | null {
  if (chosen === "" && ips.length === 0 && mac === "") return null;
  const name = chosen === "" ? facts.defaultSubnet : chosen;
  const ofSubnet = (reason: Reason): NicProblem => ({ path: "subnet", reason });
  if (!facts.kubeOvn || name === "") return ofSubnet(reasonOf("ip-needs-subnet"));
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
  const taken = others.flatMap((record) => record.ips.map((ip) => ({ ip, by: holder(record) })));
  for (const [at, ip] of ips.entries()) {
    const reason = addressProblem(subnet, ip, null, taken);
    if (reason !== null) return { path: `ips.${at}`, reason };
  }
  const twice = familyProblem(ips);
  if (twice !== null) return twice;
  const wanted = mac.toLowerCase();
  const rival = wanted === "" ? undefined : others.find((record) => record.mac.toLowerCase() === wanted);
  return rival === undefined
    ? null
    : { path: "mac", reason: reasonOf("mac-taken", { mac: wanted, by: holder(rival) }) };
}
