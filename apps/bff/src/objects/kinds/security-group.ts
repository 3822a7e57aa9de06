/** Security groups of Kube-OVN. Its controller only logs what it refuses, so the rules are checked here (pkg/controller/security_group.go). */
import type { FieldError } from "@kubev/api-types/errors";
import type { SecurityGroupRule } from "@kubev/api-types/objects/security-group";
import { parseCidr, parseIp } from "../../domain/ip-math.ts";
import { reasonOf } from "../../domain/reasons.ts";
import { openPriorities, portsOf, repeatedRules } from "../../domain/security-group-rules.ts";
import type { RawObject } from "../../inventory/raw.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";
import { machinesNaming } from "./machines-naming.ts";

interface RawRule {
  ipVersion?: string;
  protocol?: string;
  priority?: number;
  remoteType?: string;
  remoteAddress?: string;
  remoteSecurityGroup?: string;
  portRangeMin?: number;
  portRangeMax?: number;
  localAddress?: string;
  sourcePortRangeMin?: number;
  policy?: string;
}

type RawSecurityGroup = RawObject<
  { ingressRules: RawRule[]; egressRules: RawRule[]; allowSameGroupTraffic: boolean; tier: number },
  { ingressLastSyncSuccess: boolean; egressLastSyncSuccess: boolean; portGroup: string }
>;

/** A rule there cannot pass on (util.SecurityGroupAPITierMaximum). */
const lastTier = 1;

const protocols = ["all", "icmp", "tcp", "udp"] as const;

function ruleOf(raw: RawRule, direction: "in" | "out"): SecurityGroupRule {
  return {
    direction,
    ipVersion: raw.ipVersion === "ipv6" ? "ipv6" : "ipv4",
    protocol: protocols.find((one) => one === raw.protocol) ?? "all",
    priority: raw.priority ?? 1,
    remoteType: raw.remoteType === "securityGroup" ? "securityGroup" : "address",
    remote: (raw.remoteType === "securityGroup" ? raw.remoteSecurityGroup : raw.remoteAddress) ?? "",
    ...(raw.portRangeMin ? { portMin: raw.portRangeMin } : {}),
    ...(raw.portRangeMax ? { portMax: raw.portRangeMax } : {}),
    policy: raw.policy === "allow" || raw.policy === "pass" ? raw.policy : "drop",
  };
}

function manifestRule(rule: SecurityGroupRule): RawRule {
  const ports = portsOf(rule);
  return {
    ipVersion: rule.ipVersion,
    protocol: rule.protocol,
    priority: rule.priority,
    remoteType: rule.remoteType,
    ...(rule.remoteType === "securityGroup"
      ? { remoteSecurityGroup: rule.remote }
      : { remoteAddress: rule.remote }),
    ...(ports === null ? {} : { portRangeMin: ports.first, portRangeMax: ports.last }),
    policy: rule.policy,
  };
}

function rulesOf({ spec }: RawSecurityGroup): SecurityGroupRule[] {
  return [
    ...(spec?.ingressRules ?? []).map((rule) => ruleOf(rule, "in")),
    ...(spec?.egressRules ?? []).map((rule) => ruleOf(rule, "out")),
  ];
}

function remoteProblem(rule: SecurityGroupRule, groups: ReadonlySet<string>): FieldError["reason"] | null {
  if (rule.remoteType === "securityGroup")
    return groups.has(rule.remote) ? null : reasonOf("security-group-missing", { name: rule.remote });
  const bits = rule.ipVersion === "ipv6" ? 128 : 32;
  const family = parseCidr(rule.remote)?.bits ?? parseIp(rule.remote)?.bits;
  if (family === undefined) return reasonOf("cidr-syntax", { cidr: rule.remote });
  return family === bits ? null : reasonOf("cidr-family", { cidr: rule.remote, family: rule.ipVersion });
}

export const securityGroupKind: ObjectKind<"security-group", RawSecurityGroup> = {
  noun: "security-group",
  read: ({ spec, status }) => ({
    state:
      status?.ingressLastSyncSuccess === false || status?.egressLastSyncSuccess === false
        ? { status: "failed", tone: "error", reason: reasonOf("security-group-not-applied") }
        : status?.portGroup
          ? present
          : { status: "pending", tone: "working" },
    facts: {
      rulesIn: spec?.ingressRules?.length ?? 0,
      rulesOut: spec?.egressRules?.length ?? 0,
      tier: spec?.tier ?? 0,
      allowSameGroupTraffic: spec?.allowSameGroupTraffic === true,
    },
  }),
  sort: { rules: (facts) => facts.rulesIn + facts.rulesOut, tier: (facts) => facts.tier },
  detail: async (raw, related, rights) => ({
    rules: rulesOf(raw),
    usedBy: await machinesNaming(related, rights, (vm) =>
      vm.securityGroups.includes(raw.metadata?.name ?? ""),
    ),
  }),
  // Kube-OVN puts every port with a group under its deny-all group; without the gateway its readiness ping never comes back
  notes: (raw) => {
    const rules = rulesOf(raw);
    const onlyIn = rules.length > 0 && rules.every((rule) => rule.direction === "in");
    return [
      reasonOf(onlyIn ? "security-group-sends-nothing" : "security-group-drops-rest"),
      ...openPriorities(rules).map((priority) => reasonOf("security-group-order-open", { priority })),
    ];
  },
  form: {
    manifest: (spec, _project, current) => ({
      ...current,
      apiVersion: "kubeovn.io/v1",
      kind: "SecurityGroup",
      metadata: { ...current?.metadata, name: spec.name },
      spec: {
        ...current?.spec,
        tier: spec.tier,
        allowSameGroupTraffic: spec.allowSameGroupTraffic,
        ingressRules: spec.rules.filter((rule) => rule.direction === "in").map(manifestRule),
        egressRules: spec.rules.filter((rule) => rule.direction === "out").map(manifestRule),
      },
    }),
    spec: (raw) => {
      const rules = [...(raw.spec?.ingressRules ?? []), ...(raw.spec?.egressRules ?? [])];
      if (rules.some((rule) => rule.localAddress || rule.sourcePortRangeMin)) return null;
      return {
        name: raw.metadata?.name ?? "",
        tier: raw.spec?.tier === 1 ? 1 : 0,
        allowSameGroupTraffic: raw.spec?.allowSameGroupTraffic === true,
        rules: rulesOf(raw),
      };
    },
    problems: (spec, related) => {
      const groups = new Set([...related.objects("security-group")].map((group) => group.name));
      const repeated = new Map(repeatedRules(spec.rules).map(({ at, of }) => [at, of]));
      return spec.rules.flatMap((rule, at): FieldError[] => {
        const reason = remoteProblem(rule, groups.add(spec.name));
        const found: FieldError[] = reason === null ? [] : [{ path: `rules.${at}.remote`, reason }];
        const twin = repeated.get(at);
        if (twin !== undefined)
          found.push({
            path: `rules.${at}.priority`,
            reason: reasonOf("security-group-rule-twice", { rule: twin + 1 }),
          });
        // left out it would be every port, which nobody means who has not filled it in yet
        if (portsOf(rule) !== null && rule.portMin === undefined)
          found.push({ path: `rules.${at}.portMin`, reason: reasonOf("field-required") });
        if (rule.portMin !== undefined && rule.portMax !== undefined && rule.portMin > rule.portMax)
          found.push({
            path: `rules.${at}.portMax`,
            reason: reasonOf("field-too-small", { min: rule.portMin }),
          });
        if (rule.policy === "pass" && spec.tier === lastTier)
          found.push({
            path: `rules.${at}.policy`,
            reason: reasonOf(
              "security-group-pass-last-tier",
              undefined,
              `policy pass not valid when the security group tier is maximum [${lastTier}]`,
            ),
          });
        return found;
      });
    },
    fieldOf: (field) => (/^metadata\.name|^name/.test(field) ? "name" : /tier/.test(field) ? "tier" : null),
  },
};
