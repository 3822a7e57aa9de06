/**
 * What Kube-OVN would say of a new subnet or VPC, said before it is sent: its webhook is optional, and without it mistakes show only
 * in the controller's log. Rules and words: pkg/util/validator.go, pkg/webhook/subnet.go, pkg/controller/subnet.go of Kube-OVN
 * v1.16. Pure.
 */
import type { FieldError } from "@kubev/api-types/errors";
import type { Reason } from "@kubev/api-types/reason";
import type { SubnetCreate } from "@kubev/api-types/subnets";
import type { VpcCreate } from "@kubev/api-types/vpcs";
import type { Cidr } from "./ip-math.ts";
import { cidrsOverlap, cidrText, ipText, parseCidr, parseIp } from "./ip-math.ts";
import type { SubnetRecord, VpcRecord } from "./platform-records.ts";
import { reasonOf } from "./reasons.ts";
import { overlayProvider, vpcFacts } from "./subnet-choice.ts";

export interface NetworkFacts {
  subnets: readonly SubnetRecord[];
  vpcs: readonly VpcRecord[];
  hosts: readonly { name: string; ip: string }[];
  /** Null while projects cannot be listed: then they are not checked. */
  projects: ReadonlySet<string> | null;
}

type Family = "IPv4" | "IPv6";

/** Ranges that no subnet may touch (util.CIDRGlobalUnicast). */
const specialCidrs = [
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "224.0.0.0/3",
  "::/127",
  "fe80::/10",
  "ff00::/8",
].flatMap((text) => {
  const cidr = parseCidr(text);
  return cidr === null ? [] : [cidr];
});

/** What is wrong with a subnet's CIDR by itself, or null. */
export function cidrProblem(text: string, family: Family): Reason | null {
  const cidr = parseCidr(text);
  if (cidr === null) return reasonOf("cidr-syntax", { cidr: text });
  if ((cidr.bits === 32) !== (family === "IPv4")) return reasonOf("cidr-family", { cidr: text, family });
  if (/[A-F]/.test(text)) return reasonOf("cidr-upper-case", { cidr: text });
  if (specialCidrs.some((special) => cidrsOverlap(special, cidr)))
    return reasonOf("cidr-special", { cidr: text });
  if (cidr.address !== cidr.first) return reasonOf("cidr-host-bits", { cidr: text, network: cidrText(cidr) });
  if (cidr.bits - cidr.prefix < 2) return reasonOf("cidr-too-small", { cidr: text });
  return null;
}

/** The gateway that Kube-OVN takes when none is given: the first address. */
export function defaultGateway(cidr: Cidr): string {
  return ipText(cidr.first + 1n, cidr.bits);
}

function gatewayProblem(gateway: string, cidr: Cidr): Reason | null {
  const ip = parseIp(gateway);
  const params = { gateway, cidr: cidrText(cidr) };
  if (ip === null || ip.bits !== cidr.bits || ip.value < cidr.first || ip.value > cidr.last)
    return reasonOf("gateway-outside", params, `gateway ${gateway} is not in cidr ${params.cidr}`);
  return ip.value === cidr.first || (cidr.bits === 32 && ip.value === cidr.last)
    ? reasonOf("gateway-not-usable", params)
    : null;
}

function overlapProblem(
  name: string,
  cidr: Cidr,
  vpc: string,
  vlan: string,
  facts: NetworkFacts,
): Reason | null {
  const text = cidrText(cidr);
  for (const other of facts.subnets) {
    if (other.vpc !== vpc || other.vlan !== vlan || other.name === name) continue;
    for (const otherText of other.cidrs) {
      const parsed = parseCidr(otherText);
      if (parsed !== null && cidrsOverlap(cidr, parsed))
        return reasonOf(
          "cidr-overlaps-subnet",
          { cidr: text, subnet: other.name, other: otherText },
          `subnet ${name} cidr ${text} is conflict with subnet ${other.name} cidr ${otherText}`,
        );
    }
  }
  // an underlay's range is the hosts' own network more often than not
  if (vlan !== "" || facts.vpcs.find((one) => one.name === vpc)?.isDefault !== true) return null;
  for (const host of facts.hosts) {
    const ip = parseIp(host.ip);
    if (ip !== null && ip.bits === cidr.bits && cidr.first <= ip.value && ip.value <= cidr.last)
      return reasonOf(
        "cidr-holds-host",
        { cidr: text, host: host.name, ip: host.ip },
        `subnet ${name} cidr ${text} conflict with node ${host.name} address ${host.ip}`,
      );
  }
  return null;
}

function excludeProblem(value: string, cidrs: readonly Cidr[]): Reason | null {
  const [firstText = "", lastText = firstText, more] = value.split("..");
  const first = parseIp(firstText);
  const last = parseIp(lastText);
  if (
    more !== undefined ||
    first === null ||
    last === null ||
    first.bits !== last.bits ||
    first.value > last.value
  )
    return reasonOf(
      "exclude-syntax",
      { value },
      `${value} in excludeIps is not a valid ${value.includes("..") ? "ip range" : "address"}`,
    );
  const inside = cidrs.some(
    (cidr) => cidr.bits === first.bits && cidr.first <= first.value && last.value <= cidr.last,
  );
  return inside || cidrs.length === 0 ? null : reasonOf("exclude-outside", { value });
}

function projectProblem(project: string, vpc: VpcRecord | undefined, facts: NetworkFacts): Reason | null {
  if (facts.projects !== null && !facts.projects.has(project))
    return reasonOf("project-missing", { name: project });
  if (vpc === undefined) return null;
  if (!vpc.isDefault)
    return vpc.namespaces.includes(project)
      ? null
      : reasonOf(
          "project-outside-vpc",
          { project, vpc: vpc.name },
          `namespace '${project}' is out of range to custom vpc '${vpc.name}'`,
        );
  const other = facts.vpcs.find((one) => !one.isDefault && one.namespaces.includes(project));
  return other === undefined
    ? null
    : reasonOf(
        "project-of-other-vpc",
        { project, vpc: other.name },
        `namespaces [${project}] are overlap with vpc ${other.name}`,
      );
}

/** The CIDRs of a form that are right by themselves. */
export function validCidrs(subnet: Pick<SubnetCreate, "cidrV4" | "cidrV6">): {
  v4: Cidr | null;
  v6: Cidr | null;
} {
  const valid = (text: string, family: Family) =>
    text !== "" && cidrProblem(text, family) === null ? parseCidr(text) : null;
  return { v4: valid(subnet.cidrV4, "IPv4"), v6: valid(subnet.cidrV6, "IPv6") };
}

/** What the rules look at: the form of a subnet; without provider and VLAN it is one of the overlay. */
type RuledSubnet = SubnetCreate & { provider?: string; vlan?: string };

/** Everything that is wrong with a new subnet, by field of the form. */
export function subnetProblems(subnet: RuledSubnet, facts: NetworkFacts): FieldError[] {
  const fields: FieldError[] = [];
  const put = (path: string, reason: Reason | null) => {
    if (reason !== null) fields.push({ path, reason });
  };
  const vpc = facts.vpcs.find((one) => one.name === subnet.vpc);
  if (facts.subnets.some((one) => one.name === subnet.name)) put("name", reasonOf("name-taken"));
  else if (facts.vpcs.some((one) => one.name === subnet.name))
    put(
      "name",
      reasonOf(
        "subnet-named-as-vpc",
        { name: subnet.name },
        `subnet ${subnet.name} and vpc ${subnet.name} cannot have the same name`,
      ),
    );
  const ofOverlay = (subnet.provider ?? overlayProvider) === overlayProvider;
  if (subnet.vpc === "") {
    if (ofOverlay) put("vpc", reasonOf("field-required"));
  } else if (vpc === undefined) put("vpc", reasonOf("vpc-missing", { name: subnet.vpc }));
  else if (vpc.deletion !== null) put("vpc", reasonOf("vpc-is-deleting"));
  if (subnet.cidrV4 === "" && subnet.cidrV6 === "") put("cidrV4", reasonOf("field-required"));
  const valid = validCidrs(subnet);
  for (const [family, path, text, cidr] of [
    ["IPv4", "cidrV4", subnet.cidrV4, valid.v4],
    ["IPv6", "cidrV6", subnet.cidrV6, valid.v6],
  ] as const) {
    if (text === "") continue;
    if (cidr === null) put(path, cidrProblem(text, family));
    else put(path, overlapProblem(subnet.name, cidr, subnet.vpc, subnet.vlan ?? "", facts));
  }
  for (const [path, gateway, cidr] of [
    ["gatewayV4", subnet.gatewayV4, valid.v4],
    ["gatewayV6", subnet.gatewayV6, valid.v6],
  ] as const)
    if (gateway !== "" && cidr !== null) put(path, gatewayProblem(gateway, cidr));
  const cidrs = [valid.v4, valid.v6].filter((cidr) => cidr !== null);
  for (const value of subnet.excludeIps) put("excludeIps", excludeProblem(value, cidrs));
  for (const value of subnet.allowSubnets)
    if (parseCidr(value) === null && parseIp(value) === null)
      put(
        "allowSubnets",
        reasonOf("allow-syntax", { value }, `${value} in allowSubnets is not a valid address`),
      );
  for (const project of subnet.projects) put("projects", projectProblem(project, vpc, facts));
  return fields;
}

/** What to know of a new subnet first. */
export function subnetNotes(subnet: SubnetCreate, vpc: VpcRecord | undefined): Reason[] {
  if (vpc === undefined) return [];
  const notes: Reason[] = [];
  if (!vpc.isDefault) {
    if (subnet.natOutgoing) notes.push(reasonOf("nat-only-default-vpc", { vpc: vpc.name }));
    notes.push(...vpcFacts(vpc));
  } else if (!subnet.natOutgoing) notes.push(reasonOf("subnet-no-nat"));
  if (subnet.isPrivate) notes.push(reasonOf("subnet-is-private"));
  return notes;
}

/** Everything that is wrong with a new VPC, by field of the form. */
export function vpcProblems(vpc: VpcCreate, facts: NetworkFacts): FieldError[] {
  const fields: FieldError[] = [];
  if (facts.vpcs.some((one) => one.name === vpc.name))
    fields.push({ path: "name", reason: reasonOf("name-taken") });
  else if (facts.subnets.some((one) => one.name === vpc.name))
    fields.push({
      path: "name",
      reason: reasonOf(
        "subnet-named-as-vpc",
        { name: vpc.name },
        `subnet ${vpc.name} and vpc ${vpc.name} cannot have the same name`,
      ),
    });
  for (const project of vpc.projects)
    if (facts.projects !== null && !facts.projects.has(project))
      fields.push({ path: "projects", reason: reasonOf("project-missing", { name: project }) });
  vpc.staticRoutes.forEach((route, i) => {
    if (route.cidr === "" || route.nextHop === "") {
      for (const part of ["cidr", "nextHop"] as const)
        if (route[part] === "")
          fields.push({ path: `staticRoutes.${i}.${part}`, reason: reasonOf("field-required") });
      return;
    }
    if (parseCidr(route.cidr) === null && parseIp(route.cidr) === null)
      fields.push({
        path: `staticRoutes.${i}.cidr`,
        reason: reasonOf("cidr-syntax", { cidr: route.cidr }, `invalid cidr ${route.cidr}`),
      });
    if (parseIp(route.nextHop) === null)
      fields.push({
        path: `staticRoutes.${i}.nextHop`,
        reason: reasonOf(
          "route-next-hop-syntax",
          { value: route.nextHop },
          `invalid next hop ${route.nextHop}`,
        ),
      });
  });
  return fields;
}
