/**
 * How the rules of one security group stand to each other. They become ACLs of OVN, and where several of one priority match, OVN
 * leaves open which of them decides (ovn-nb(5), ACL, priority).
 */
import type { SecurityGroupRule } from "@kubev/api-types/objects/security-group";
import { cidrsOverlap, parseCidr, parseIp } from "./ip-math.ts";

const hasPorts = ({ protocol }: SecurityGroupRule) => protocol === "tcp" || protocol === "udp";

/** What is left out is written as it is stored, so that both count as the same. */
export function portsOf(rule: SecurityGroupRule): { first: number; last: number } | null {
  if (!hasPorts(rule)) return null;
  const first = rule.portMin ?? 1;
  return { first, last: rule.portMax ?? rule.portMin ?? 65_535 };
}

const traffic = (rule: SecurityGroupRule) => {
  const { direction, ipVersion, protocol, priority, remoteType, remote } = rule;
  return JSON.stringify([direction, ipVersion, protocol, priority, remoteType, remote, portsOf(rule)]);
};

/** Indexes of rules that say what an earlier one says, each with the index of that one. */
export function repeatedRules(rules: readonly SecurityGroupRule[]): { at: number; of: number }[] {
  const seen = new Map<string, number>();
  return rules.flatMap((rule, at) => {
    const key = `${traffic(rule)} ${rule.policy}`;
    const of = seen.get(key);
    if (of === undefined) seen.set(key, at);
    return of === undefined ? [] : [{ at, of }];
  });
}

function cidrOf(text: string) {
  const ip = parseIp(text);
  return parseCidr(ip === null ? text : `${text}/${ip.bits}`);
}

/** Whether some packet is meant by both; members of groups are not known, so they may be anywhere. */
function meet(a: SecurityGroupRule, b: SecurityGroupRule): boolean {
  if (a.direction !== b.direction || a.ipVersion !== b.ipVersion) return false;
  if (a.protocol !== b.protocol && a.protocol !== "all" && b.protocol !== "all") return false;
  const [portsA, portsB] = [portsOf(a), portsOf(b)];
  if (portsA !== null && portsB !== null && (portsA.first > portsB.last || portsB.first > portsA.last))
    return false;
  if (a.remoteType === "securityGroup" || b.remoteType === "securityGroup") return true;
  const [cidrA, cidrB] = [cidrOf(a.remote), cidrOf(b.remote)];
  return cidrA !== null && cidrB !== null && cidrsOverlap(cidrA, cidrB);
}

/** Priorities at which two rules with different policies mean the same traffic, ascending. */
export function openPriorities(rules: readonly SecurityGroupRule[]): number[] {
  const open = new Set<number>();
  rules.forEach((rule, at) => {
    for (const other of rules.slice(at + 1))
      if (other.priority === rule.priority && other.policy !== rule.policy && meet(rule, other))
        open.add(rule.priority);
  });
  return [...open].toSorted((a, b) => a - b);
}
