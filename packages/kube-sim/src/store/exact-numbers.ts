/**
 * Numbers that JSON can write and a double cannot hold: Kube-OVN counts the addresses of an IPv6 subnet exactly. They are BigInts
 * in memory, and JSON.stringify writes their digits. What is read again is a double; whoever counts, counts again.
 */

const json = JSON as JSON & { rawJSON?: (text: string) => unknown }; // newer than the declared library

// oxlint-disable-next-line no-extend-native -- JSON.stringify asks nobody else how a BigInt is written
Object.defineProperty(BigInt.prototype, "toJSON", {
  configurable: true,
  value(this: bigint) {
    return json.rawJSON?.(String(this)) ?? Number(this);
  },
});

/** A number where that is exact. */
export function exactNumber(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
