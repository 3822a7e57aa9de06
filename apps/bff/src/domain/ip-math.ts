/** Addresses and CIDRs as numbers, both families. */

const ipv4Pattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;

/** Null when it is no address. */
export function parseIp(text: string): { value: bigint; bits: 32 | 128 } | null {
  const v4 = ipv4Pattern.exec(text);
  if (v4 !== null) {
    let value = 0n;
    for (const part of v4.slice(1)) {
      const octet = Number(part);
      if (octet > 255) return null;
      value = value * 256n + BigInt(octet);
    }
    return { value, bits: 32 };
  }
  if (!/^[0-9a-f:]+$/i.test(text) || !text.includes(":")) return null;
  const halves = text.split("::");
  if (halves.length > 2) return null;
  const groups = (half: string | undefined) => (half === undefined || half === "" ? [] : half.split(":"));
  const left = groups(halves[0]);
  const right = groups(halves[1]);
  const missing = 8 - left.length - right.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return null;
  const all = [...left, ...Array.from({ length: halves.length === 2 ? missing : 0 }, () => "0"), ...right];
  let value = 0n;
  for (const group of all) {
    if (!/^[0-9a-f]{1,4}$/i.test(group)) return null;
    value = (value << 16n) + BigInt(Number.parseInt(group, 16));
  }
  return { value, bits: 128 };
}

export function cidrContains(cidr: string, ip: string): boolean {
  const [base = "", lengthText = ""] = cidr.split("/");
  const network = parseIp(base);
  const address = parseIp(ip);
  const length = Number(lengthText);
  if (network === null || address === null || network.bits !== address.bits) return false;
  if (!Number.isInteger(length) || length < 0 || length > network.bits) return false;
  const shift = BigInt(network.bits - length);
  return network.value >> shift === address.value >> shift;
}

export interface Cidr {
  bits: 32 | 128;
  prefix: number;
  /** The address that was written, host bits included. */
  address: bigint;
  first: bigint;
  last: bigint;
}

/** Null when it is no CIDR. */
export function parseCidr(text: string): Cidr | null {
  const match = /^([^/]+)\/(\d{1,3})$/.exec(text);
  const ip = parseIp(match?.[1] ?? "");
  const prefix = Number(match?.[2]);
  if (ip === null || prefix > ip.bits) return null;
  const size = 1n << BigInt(ip.bits - prefix);
  const first = (ip.value / size) * size;
  return { bits: ip.bits, prefix, address: ip.value, first, last: first + size - 1n };
}

function ipv6Text(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16),
  );
  const zeros = [...groups.join(":").matchAll(/(?<![0-9a-f])0(?::0)+(?![0-9a-f])/g)].toSorted(
    (a, b) => b[0].length - a[0].length || a.index - b.index,
  )[0];
  const text = groups.join(":");
  if (zeros === undefined) return text;
  const before = text.slice(0, zeros.index).replace(/:$/, "");
  const after = text.slice(zeros.index + zeros[0].length).replace(/^:/, "");
  return `${before}::${after}`;
}

/** The usual text of an address; IPv6 as RFC 5952 wants it. */
export function ipText(value: bigint, bits: 32 | 128): string {
  return bits === 128
    ? ipv6Text(value)
    : [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join(".");
}

export function cidrText(cidr: Pick<Cidr, "bits" | "first" | "prefix">): string {
  return `${ipText(cidr.first, cidr.bits)}/${cidr.prefix}`;
}

export function cidrsOverlap(a: Cidr, b: Cidr): boolean {
  return a.bits === b.bits && a.first <= b.last && b.first <= a.last;
}
