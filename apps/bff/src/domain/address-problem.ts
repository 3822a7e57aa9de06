/** Whether a wanted address can be had in a subnet: one rule for machines, reservations, virtual addresses and gateways. Pure. */
import type { Reason } from "@kubev/api-types/reason";
import { cidrContains, cidrText, parseCidr, parseIp } from "./ip-math.ts";
import type { SubnetRecord } from "./platform-records.ts";
import { reasonOf } from "./reasons.ts";

/** An address that somebody has; `by` is '' where the asker may not know who. */
export interface HeldAddress {
  ip: string;
  by: string;
}

type Range = Pick<SubnetRecord, "name" | "cidrs" | "gateways">;

/**
 * Compares values, never texts: `fd00::1` and `fd00:0::1` are one address.
 * Kube-OVN hands out neither the first nor the last address of a range, in both families (pkg/util/net.go FirstIP, LastIP).
 * @param family the only family that is taken; null for both
 */
export function addressProblem(
  subnet: Range,
  ip: string,
  family: "IPv4" | "IPv6" | null,
  held: Iterable<HeldAddress>,
): Reason | null {
  const wanted = parseIp(ip);
  if (wanted === null) return reasonOf("ip-syntax", { value: ip });
  if (family !== null && (wanted.bits === 32) !== (family === "IPv4"))
    return reasonOf("ip-family", { ip, family });
  const isWanted = (text: string) => {
    const other = parseIp(text);
    return other !== null && other.bits === wanted.bits && other.value === wanted.value;
  };
  const range = subnet.cidrs.find((cidr) => cidrContains(cidr, ip));
  // a subnet without a range takes its addresses from elsewhere
  if (subnet.cidrs.length > 0 && range === undefined)
    return reasonOf("ip-outside-subnet", { ip, subnet: subnet.name });
  const within = parseCidr(range ?? "");
  if (within !== null && (wanted.value === within.first || wanted.value === within.last))
    return reasonOf("ip-not-usable", { ip, cidr: cidrText(within) });
  // excluded ranges are there to be asked for by address: only random choice avoids them (pkg/ipam/subnet.go GetStaticAddress)
  if (subnet.gateways.some(isWanted)) return reasonOf("ip-reserved", { ip });
  for (const other of held) if (isWanted(other.ip)) return reasonOf("ip-taken", { ip, by: other.by });
  return null;
}
