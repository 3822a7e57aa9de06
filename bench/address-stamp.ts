/** A moment as an IPv4 address of 10.0.0.0/8: what a row shows then says when it was asked for. Of today, to the millisecond modulo 4.6 h. */

const range = 2 ** 24;

export function addressAt(ms: number): string {
  const rest = ms % range;
  return `10.${(rest >> 16) & 255}.${(rest >> 8) & 255}.${rest & 255}`;
}

/** How long ago an address was asked for; null for what is none of ours. */
export function millisecondsSince(address: string, nowMs: number): number | null {
  const octets = /^10\.(\d+)\.(\d+)\.(\d+)$/.exec(address);
  if (octets === null) return null;
  const [, high = "0", middle = "0", low = "0"] = octets;
  const then = (Number(high) << 16) | (Number(middle) << 8) | Number(low);
  return ((nowMs % range) - then + range) % range;
}
