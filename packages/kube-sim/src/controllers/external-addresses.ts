/** Free addresses for what holds one without an IP object: external addresses, virtual ones, gateway pods. */
import { isIP } from "node:net";
import {
  type Family,
  families,
  familyOf,
  holds,
  ipToNumber,
  nextFree,
  numberToIp,
  ofFamily,
  rangeOf,
  usableRanges,
} from "./ipam.ts";
import { ipKind, subnetKind } from "./kinds.ts";
import { networkKinds } from "./network-kinds.ts";
import { heldBy } from "./subnet-addresses.ts";
import type { TypedStore } from "./typed-store.ts";

/** By family; a family that the subnet does not have is ''. */
export interface TakenAddresses {
  v4: string;
  v6: string;
}

/**
 * The wanted addresses, or else the lowest free ones of the subnet, one of each family that it has; null when the subnet is missing
 * or full, or somebody else has the wanted one.
 */
export function takeAddresses(
  store: TypedStore,
  subnetName: string,
  wanted: TakenAddresses,
  also: readonly string[] = [],
): TakenAddresses | null {
  const subnet = store.get(subnetKind, undefined, subnetName);
  if (subnet === undefined) return null;
  const taken: Record<Family, Set<bigint>> = { 4: new Set(), 6: new Set() };
  const take = (address: string | undefined) => {
    if (address) taken[familyOf(address)].add(ipToNumber(address));
  };
  const holders = [
    networkKinds.iptablesEip,
    networkKinds.ovnEip,
    networkKinds.vip,
    networkKinds.egressGateway,
  ].flatMap((kind) => store.list(kind));
  for (const { address } of holders.flatMap(heldBy)) take(address);
  for (const address of also) take(address);
  for (const { spec } of store.list(ipKind))
    if (spec.subnet === subnetName) for (const ip of [spec.v4IpAddress, spec.v6IpAddress]) take(ip);
  const found: Record<Family, string> = { 4: "", 6: "" };
  for (const family of families) {
    const cidr = ofFamily(subnet.spec.cidrBlock, family);
    if (cidr === undefined) continue;
    const asked = family === 4 ? wanted.v4 : wanted.v6;
    if (asked !== "") {
      const inside = isIP(asked) === family && holds([rangeOf(cidr)], ipToNumber(asked));
      if (!inside || taken[family].has(ipToNumber(asked))) return null;
      found[family] = asked;
      continue;
    }
    const gateway = ofFamily(subnet.spec.gateway, family);
    const excluded = [...(gateway === undefined ? [] : [gateway]), ...(subnet.spec.excludeIps ?? [])];
    const free = nextFree(usableRanges(cidr, excluded), taken[family]);
    if (free === null) return null;
    found[family] = numberToIp(free, family);
  }
  return found[4] === "" && found[6] === "" ? null : { v4: found[4], v6: found[6] };
}

/** A MAC address that follows from the address, so that it stays the same. */
export function macOf(ip: string): string {
  const low = ipToNumber(ip) & 0xff_ff_ff_ffn;
  const octets = [24n, 16n, 8n, 0n].map((shift) => ((low >> shift) & 255n).toString(16).padStart(2, "0"));
  return ["02", "fe", ...octets].join(":");
}
