/** Address arithmetic of a subnet, for both families: ranges, exclusions, the next free address. Source: Kube-OVN pkg/ipam. */

export type Family = 4 | 6;
export const families: readonly Family[] = [4, 6];

export interface IpRange {
  first: bigint;
  last: bigint;
}

export const familyOf = (text: string): Family => (text.includes(":") ? 6 : 4);

/** The family's part of a text like `10.0.0.0/24,fd00::/64`. */
export const ofFamily = (text: string | undefined, family: Family): string | undefined =>
  text?.split(",").find((part) => part !== "" && familyOf(part) === family);

export function ipToNumber(ip: string): bigint {
  if (familyOf(ip) === 4) return ip.split(".").reduce((sum, octet) => sum * 256n + digits(octet), 0n);
  const [head = "", tail] = ip.split("::");
  const groups = (text: string) => (text === "" ? [] : text.split(":"));
  const [before, after] = [groups(head), groups(tail ?? "")];
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const all = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return all.reduce((sum, group) => sum * 65_536n + digits(`0x${group || "0"}`), 0n);
}

/** Zero for what is no number: callers check addresses where they are written by others. */
function digits(text: string): bigint {
  return /^(0x[0-9a-f]+|\d+)$/i.test(text) ? BigInt(text) : 0n;
}

export function numberToIp(value: bigint, family: Family): string {
  if (family === 4) return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join(".");
  const groups = Array.from({ length: 8 }, (_, index) =>
    ((value >> BigInt(16 * (7 - index))) & 65_535n).toString(16),
  );
  // the longest run of zeros, the first of equals, where it has two or more groups. Source: RFC 5952 4.2
  let best = { at: 0, length: 1 };
  for (let at = 0; at < 8; at++) {
    let length = 0;
    while (groups[at + length] === "0") length++;
    if (length > best.length) best = { at, length };
  }
  if (best.length < 2) return groups.join(":");
  return `${groups.slice(0, best.at).join(":")}::${groups.slice(best.at + best.length).join(":")}`;
}

/** The range of a CIDR, first and last address included. Null for what is no CIDR. */
export function cidrRange(cidr: string): IpRange | null {
  const match = /^([\d.]+|[\da-f:]+)\/(\d{1,3})$/i.exec(cidr.trim());
  const [, ip = "", bits = ""] = match ?? [];
  const width = familyOf(cidr) === 4 ? 32 : 128;
  if (match === null || Number(bits) > width) return null;
  const size = 1n << BigInt(width - Number(bits));
  const first = (ipToNumber(ip) / size) * size;
  return { first, last: first + size - 1n };
}

/** `a`, `a..b` or a CIDR. */
export function rangeOf(text: string): IpRange {
  const cidr = cidrRange(text);
  if (cidr) return cidr;
  const [from = "", to = from] = text.split("..");
  return { first: ipToNumber(from), last: ipToNumber(to) };
}

/** What is left of the ranges, which are in order. */
export function withoutRanges(ranges: readonly IpRange[], removed: readonly IpRange[]): IpRange[] {
  const holes = removed.toSorted((a, b) => (a.first < b.first ? -1 : 1));
  return ranges.flatMap(({ first, last }) => {
    const left: IpRange[] = [];
    let next = first;
    for (const hole of holes) {
      if (hole.last < next) continue;
      if (hole.first > last) break;
      if (hole.first > next) left.push({ first: next, last: hole.first - 1n });
      next = hole.last + 1n;
    }
    if (next <= last) left.push({ first: next, last });
    return left;
  });
}

/** Usable ranges of a subnet: without its first, its last and excluded addresses, in order. */
export function usableRanges(cidr: string, excludeIps: readonly string[]): IpRange[] {
  const whole = cidrRange(cidr);
  if (!whole || whole.last - whole.first < 2n) return [];
  const family = familyOf(cidr);
  const excluded = excludeIps.filter((text) => text !== "" && familyOf(text) === family).map(rangeOf);
  return withoutRanges([{ first: whole.first + 1n, last: whole.last - 1n }], excluded);
}

export const holds = (ranges: readonly IpRange[], address: bigint): boolean =>
  ranges.some(({ first, last }) => first <= address && address <= last);

export function countOf(ranges: readonly IpRange[]): bigint {
  return ranges.reduce((sum, range) => sum + range.last - range.first + 1n, 0n);
}

/** The lowest usable address from `from` on that nobody uses, or null when there is none. */
export function nextFree(
  ranges: readonly IpRange[],
  used: { has(address: bigint): boolean },
  from = 0n,
): bigint | null {
  for (const { first, last } of ranges) {
    for (let value = first > from ? first : from; value <= last; value++) if (!used.has(value)) return value;
  }
  return null;
}

/** Single addresses as ranges; neighbours become one. */
export function rangesOf(addresses: readonly bigint[]): IpRange[] {
  const ranges: IpRange[] = [];
  for (const address of addresses.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0))) {
    const last = ranges.at(-1);
    if (last && address === last.last + 1n) last.last = address;
    else if (!last || address > last.last) ranges.push({ first: address, last: address });
  }
  return ranges;
}

/** Ranges as Kube-OVN prints them: `a-b,c`. */
export function rangeText(ranges: readonly IpRange[], family: Family): string {
  return ranges
    .map(({ first, last }) =>
      first === last ? numberToIp(first, family) : `${numberToIp(first, family)}-${numberToIp(last, family)}`,
    )
    .join(",");
}
