/** IPv4 address arithmetic of a subnet: ranges, exclusions, the next free address. Source: Kube-OVN pkg/ipam. */

export function ipToNumber(ip: string): number {
  return ip.split(".").reduce((sum, octet) => sum * 256 + Number(octet), 0);
}

export function numberToIp(value: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export interface Ipv4Range {
  first: number;
  last: number;
}

/** The range of a CIDR, network and broadcast address included. Null for what is no IPv4 CIDR. */
export function cidrRange(cidr: string): Ipv4Range | null {
  const match = /^(\d+\.\d+\.\d+\.\d+)\/(\d+)$/.exec(cidr);
  if (!match) return null;
  const size = 2 ** (32 - Number(match[2]));
  const first = Math.floor(ipToNumber(match[1] ?? "") / size) * size;
  return { first, last: first + size - 1 };
}

/** `a` or `a..b`. */
function excludedRange(text: string): Ipv4Range {
  const [from = "", to = from] = text.split("..");
  return { first: ipToNumber(from), last: ipToNumber(to) };
}

/** Usable ranges of a subnet: without network, broadcast and excluded addresses, in order. */
export function usableRanges(cidr: string, excludeIps: string[]): Ipv4Range[] {
  const whole = cidrRange(cidr);
  if (!whole) return [];
  const excluded = excludeIps
    .filter((text) => !text.includes(":"))
    .map(excludedRange)
    .sort((a, b) => a.first - b.first);
  const ranges: Ipv4Range[] = [];
  let next = whole.first + 1;
  const end = whole.last - 1;
  for (const { first, last } of excluded) {
    if (first > next) ranges.push({ first: next, last: Math.min(first - 1, end) });
    next = Math.max(next, last + 1);
  }
  if (next <= end) ranges.push({ first: next, last: end });
  return ranges.filter((range) => range.first <= range.last);
}

export function countOf(ranges: Ipv4Range[]): number {
  return ranges.reduce((sum, range) => sum + range.last - range.first + 1, 0);
}

/** The lowest usable address from `from` on that nobody uses, or null when there is none. */
export function nextFree(
  ranges: Ipv4Range[],
  used: { has(address: number): boolean },
  from = 0,
): number | null {
  for (const { first, last } of ranges) {
    for (let value = Math.max(first, from); value <= last; value++) if (!used.has(value)) return value;
  }
  return null;
}

/** Single addresses as ranges; neighbours become one. */
export function rangesOf(addresses: number[]): Ipv4Range[] {
  const ranges: Ipv4Range[] = [];
  for (const address of addresses.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last && address === last.last + 1) last.last = address;
    else if (!last || address > last.last) ranges.push({ first: address, last: address });
  }
  return ranges;
}

/** Ranges as Kube-OVN prints them: `a-b,c`. */
export function rangeText(ranges: Ipv4Range[]): string {
  return ranges
    .map(({ first, last }) =>
      first === last ? numberToIp(first) : `${numberToIp(first)}-${numberToIp(last)}`,
    )
    .join(",");
}
