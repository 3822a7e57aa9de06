/**
 * What kube-ovn-controller says of a security group once its rules are in OVN. One that it refuses it only logs, and says nothing
 * of it. Source: Kube-OVN pkg/controller/security_group.go (handleAddOrUpdateSg, validateSgRule).
 */
import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { networkKinds, type NetworkObject } from "./network-kinds.ts";
import type { TypedStore } from "./typed-store.ts";

interface Rule {
  ipVersion?: string;
  protocol?: string;
  priority?: number;
  remoteType?: string;
  remoteAddress?: string;
  remoteSecurityGroup?: string;
  portRangeMin?: number;
  portRangeMax?: number;
  policy?: string;
}

const lastTier = 1;
const inRange = (value: number | undefined, last: number) =>
  value !== undefined && value >= 1 && value <= last;

function isAddress(text: string): boolean {
  const [ip = "", bits] = text.split("/");
  const family = isIP(ip);
  if (family === 0) return false;
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128));
}

function isTaken(store: TypedStore, rule: Rule, tier: number): boolean {
  if (rule.ipVersion !== "ipv4" && rule.ipVersion !== "ipv6") return false;
  if (!inRange(rule.priority, 16_384)) return false;
  if (tier === lastTier && rule.policy === "pass") return false;
  if (rule.remoteType === "address" && !(rule.remoteAddress ?? "").split(",").every(isAddress)) return false;
  if (rule.remoteType === "securityGroup") {
    if (!store.get(networkKinds.securityGroup, undefined, rule.remoteSecurityGroup ?? "")) return false;
  } else if (rule.remoteType !== "address") return false;
  if (rule.protocol !== "tcp" && rule.protocol !== "udp") return true;
  const { portRangeMin: first, portRangeMax: last } = rule;
  return inRange(first, 65_535) && inRange(last, 65_535) && (first ?? 0) <= (last ?? 0);
}

const rulesOf = (group: NetworkObject, key: string): Rule[] => {
  const rules = group.spec?.[key];
  return Array.isArray(rules) ? (rules as Rule[]) : []; // as: the CRD's schema was checked
};
const md5 = (rules: Rule[]) => createHash("md5").update(JSON.stringify(rules)).digest("hex");

export function securityGroupStatus(store: TypedStore, group: NetworkObject): Record<string, unknown> {
  const tier = Number(group.spec?.["tier"] ?? 0);
  const [ingress, egress] = [rulesOf(group, "ingressRules"), rulesOf(group, "egressRules")];
  if (tier < 0 || tier > lastTier || ![...ingress, ...egress].every((rule) => isTaken(store, rule, tier)))
    return {};
  return {
    portGroup: `ovn.sg.${group.metadata.name}`.replaceAll("-", "."),
    allowSameGroupTraffic: group.spec?.["allowSameGroupTraffic"] === true,
    ingressMd5: md5(ingress),
    egressMd5: md5(egress),
    ingressLastSyncSuccess: true,
    egressLastSyncSuccess: true,
  };
}
