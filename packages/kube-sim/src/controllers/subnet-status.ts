/**
 * What kube-ovn-controller fills into a subnet's spec and status: gateway, exclusions, protocol, counts and ranges of both
 * families, and why it is not taken. Source: Kube-OVN v1.16 pkg/controller/subnet.go, subnet_status.go, pkg/util/validator.go.
 */
import { isIP } from "node:net";
import { exactNumber } from "../store/exact-numbers.ts";
import {
  cidrRange,
  countOf,
  families,
  type Family,
  familyOf,
  holds,
  ipToNumber,
  numberToIp,
  ofFamily,
  rangeOf,
  rangesOf,
  rangeText,
  usableRanges,
  withoutRanges,
} from "./ipam.ts";
import type { Subnet } from "./kube-ovn-shapes.ts";
import type { SubnetAddresses } from "./subnet-addresses.ts";

/** The spec with what is left out filled in: the first address of each family is its gateway, and gateways are excluded. */
export function completedSpec(spec: Subnet["spec"], defaultVpc: string): Subnet["spec"] {
  const cidrs = (spec.cidrBlock ?? "").split(",");
  const gateways = cidrs.map((cidr) => {
    const range = cidrRange(cidr);
    const family = familyOf(cidr);
    return ofFamily(spec.gateway, family) ?? (range ? numberToIp(range.first + 1n, family) : "");
  });
  const missing = gateways.filter((gateway) => spec.excludeIps?.includes(gateway) !== true);
  return {
    ...spec,
    vpc: spec.vpc ?? defaultVpc,
    protocol: spec.protocol || (cidrs.length > 1 ? "Dual" : familyOf(cidrs[0] ?? "") === 6 ? "IPv6" : "IPv4"),
    provider: spec.provider ?? "ovn",
    gateway: gateways.join(","),
    excludeIps: missing.length === 0 ? (spec.excludeIps ?? []) : [...missing, ...(spec.excludeIps ?? [])],
    gatewayType: spec.gatewayType ?? "distributed",
  };
}

/** Why the controller does not take it, in its words; undefined where it does. */
export function subnetRefusal({ metadata, spec }: Subnet, others: readonly Subnet[]): string | undefined {
  const cidrs = (spec.cidrBlock ?? "").split(",");
  const bad = cidrs.find((cidr) => cidrRange(cidr) === null || isIP(cidr.split("/")[0] ?? "") === 0);
  if (bad !== undefined) return `CIDRInvalid: subnet ${metadata.name} cidr ${spec.cidrBlock} is invalid`;
  for (const gateway of spec.gateway?.split(",") ?? []) {
    const cidr = isIP(gateway) === 0 ? undefined : ofFamily(spec.cidrBlock, familyOf(gateway));
    if (cidr === undefined || !holds([rangeOf(cidr)], ipToNumber(gateway)))
      return `gateway ${gateway} is not in cidr ${spec.cidrBlock}`;
  }
  for (const text of spec.excludeIps ?? []) {
    const ends = text.split("..");
    if (ends.some((end) => isIP(end) === 0))
      return `${ends.find((end) => isIP(end) === 0)} in excludeIps is not a valid address`;
    const [first = "", last = first] = ends;
    if (ends.length > 2 || ipToNumber(first) > ipToNumber(last))
      return `${text} in excludeIps is not a valid ip range`;
  }
  const rival = others.find(
    (other) =>
      other.metadata.uid !== metadata.uid &&
      (other.spec.vpc ?? "") === (spec.vpc ?? "") &&
      (other.spec.vlan ?? "") === (spec.vlan ?? "") &&
      overlap(spec.cidrBlock, other.spec.cidrBlock),
  );
  return (
    rival &&
    `subnet ${metadata.name} cidr ${spec.cidrBlock} is conflict with subnet ${rival.metadata.name} cidr ${rival.spec.cidrBlock}`
  );
}

function overlap(one: string | undefined, other: string | undefined): boolean {
  return families.some((family) => {
    const [a, b] = [ofFamily(one, family), ofFamily(other, family)];
    if (a === undefined || b === undefined) return false;
    const [left, right] = [cidrRange(a), cidrRange(b)];
    return left !== null && right !== null && left.first <= right.last && right.first <= left.last;
  });
}

/** Counts and ranges; what is excluded counts neither as used nor as free. */
export function addressStatus(
  name: string,
  spec: Subnet["spec"],
  addresses: SubnetAddresses,
): Partial<NonNullable<Subnet["status"]>> {
  const of = (family: Family) => {
    const cidr = ofFamily(spec.cidrBlock, family);
    if (cidr === undefined) return { available: 0, using: 0, availableRange: "", usingRange: "" };
    const usable = usableRanges(cidr, spec.excludeIps ?? []);
    const used = rangesOf(addresses.used(name, family).filter((address) => holds(usable, address)));
    return {
      available: exactNumber(countOf(usable) - countOf(used)),
      using: Number(countOf(used)),
      availableRange: rangeText(withoutRanges(usable, used), family),
      usingRange: rangeText(used, family),
    };
  };
  const [v4, v6] = [of(4), of(6)];
  return {
    v4availableIPs: v4.available,
    v4usingIPs: v4.using,
    v4availableIPrange: v4.availableRange,
    v4usingIPrange: v4.usingRange,
    v6availableIPs: v6.available,
    v6usingIPs: v6.using,
    v6availableIPrange: v6.availableRange,
    v6usingIPrange: v6.usingRange,
  };
}
