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

/** Kube-OVN writes excluded addresses as `ip` or `first..last`. */
export function rangeContains(range: string, ip: string): boolean {
  const [first = "", last = first] = range.split("..");
  const low = parseIp(first);
  const high = parseIp(last);
  const address = parseIp(ip);
  return (
    low !== null &&
    high !== null &&
    address !== null &&
    low.bits === address.bits &&
    low.value <= address.value &&
    address.value <= high.value
  );
}
