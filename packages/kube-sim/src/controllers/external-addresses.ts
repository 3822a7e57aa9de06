/** Free addresses for what holds one without an IP object: external addresses, virtual ones, gateway pods. */
import { ipToNumber, nextFree, numberToIp, usableRanges } from "./ipam.ts";
import { ipKind, subnetKind } from "./kinds.ts";
import type { NetworkObject } from "./network-kinds.ts";
import { networkKinds } from "./network-kinds.ts";
import type { TypedStore } from "./typed-store.ts";

const texts = (value: unknown): string[] =>
  typeof value === "string"
    ? [value]
    : Array.isArray(value)
      ? value.filter((one) => typeof one === "string")
      : [];

/** Every address that the statuses of these kinds tell of. */
function addressesIn(object: NetworkObject): string[] {
  const { status } = object;
  return ["ip", "v4ip", "v4Ip", "internalIPs", "externalIPs"].flatMap((key) => texts(status?.[key]));
}

/**
 * The wanted address, or else the lowest free one of the subnet; null when the subnet is missing or full, or somebody
 * else has the wanted one.
 */
export function takeAddress(
  store: TypedStore,
  subnetName: string,
  wanted: string,
  also: readonly string[] = [],
): string | null {
  const subnet = store.get(subnetKind, undefined, subnetName);
  const cidr = subnet?.spec.cidrBlock?.split(",").find((text) => !text.includes(":"));
  if (subnet === undefined || cidr === undefined) return null;
  const holders = [
    networkKinds.iptablesEip,
    networkKinds.ovnEip,
    networkKinds.vip,
    networkKinds.egressGateway,
  ].flatMap((kind) => store.list(kind));
  const taken = new Set([...holders.flatMap(addressesIn), ...also].map(ipToNumber));
  for (const ip of store.list(ipKind))
    if (ip.spec.subnet === subnetName && ip.spec.v4IpAddress !== "")
      taken.add(ipToNumber(ip.spec.v4IpAddress));
  if (wanted !== "") return taken.has(ipToNumber(wanted)) ? null : wanted;
  const gateway = subnet.spec.gateway?.split(",").find((text) => !text.includes(":"));
  const excluded = [...(gateway === undefined ? [] : [gateway]), ...(subnet.spec.excludeIps ?? [])];
  const free = nextFree(usableRanges(cidr, excluded), taken);
  return free === null ? null : numberToIp(free);
}

/** A MAC address that follows from the address, so that it stays the same. */
export function macOf(ip: string): string {
  const octets = ip.split(".").map((octet) => Number(octet).toString(16).padStart(2, "0"));
  return ["02", "fe", ...octets].join(":");
}
