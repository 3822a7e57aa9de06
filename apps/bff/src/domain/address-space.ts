/** A VPC's IPv4 space: the block its subnets lie in, what of it is taken, and the next free block of a size. Pure. */
import type { SpaceSegment, VpcSpace } from "@kubev/api-types/subnets";
import type { Cidr } from "./ip-math.ts";
import { cidrsOverlap, cidrText, ipText, parseCidr } from "./ip-math.ts";
import type { SubnetRecord } from "./platform-records.ts";

interface TakenCidr {
  name: string;
  cidr: Cidr;
}

/** Where private networks live (RFC 1918, RFC 6598). A VPC has no range of its own. */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"].flatMap((text) => {
  const cidr = parseCidr(text);
  return cidr === null ? [] : [cidr];
});
/** The least that is shown, so that there is space to see. */
const shownPrefix = 16;

const within = (outer: Cidr, inner: Cidr) => outer.first <= inner.first && inner.last <= outer.last;

function blockOf(first: bigint, prefix: number): Cidr {
  const size = 1n << BigInt(32 - prefix);
  const start = (first / size) * size;
  return { bits: 32, prefix, address: start, first: start, last: start + size - 1n };
}

/** The lowest aligned block of `prefix` inside `block` that meets nothing of `taken`, or null. */
export function nextFreeBlock(block: Cidr, taken: readonly Cidr[], prefix: number): Cidr | null {
  if (prefix < block.prefix || prefix > 32) return null;
  const size = 1n << BigInt(32 - prefix);
  const sorted = taken
    .filter((one) => cidrsOverlap(block, one))
    .toSorted((a, b) => (a.first < b.first ? -1 : 1));
  let start = block.first;
  for (const one of sorted) {
    if (start + size <= one.first) break;
    if (one.last >= start) start = ((one.last + size) / size) * size; // aligned, behind it
  }
  return start + size - 1n <= block.last ? blockOf(start, prefix) : null;
}

function rangeOf(taken: readonly TakenCidr[], chosen: Cidr | null): Cidr {
  const fallback = privateRanges[0] ?? blockOf(10n << 24n, 8);
  if (chosen !== null)
    return (
      privateRanges.find((range) => within(range, chosen)) ??
      blockOf(chosen.first, Math.min(8, chosen.prefix))
    );
  const count = (range: Cidr) => taken.filter((one) => within(range, one.cidr)).length;
  return privateRanges.toSorted((a, b) => count(b) - count(a))[0] ?? fallback;
}

/**
 * The block to show: the smallest that holds the VPC's subnets of one private range and the chosen one, widened until a block
 * of `prefix` is free in it or the range ends.
 */
export function spaceBlock(
  taken: readonly TakenCidr[],
  reserved: readonly Cidr[],
  chosen: Cidr | null,
  prefix: number,
): { block: Cidr; nextFree: Cidr | null } {
  const range = rangeOf(taken, chosen);
  const members = [
    ...taken.map((one) => one.cidr).filter((one) => within(range, one)),
    ...(chosen === null ? [] : [chosen]),
  ];
  const all = [...taken.map((one) => one.cidr), ...reserved];
  let block = blockOf(members[0]?.first ?? range.first, Math.max(range.prefix, shownPrefix));
  for (;;) {
    const nextFree = nextFreeBlock(block, all, prefix);
    const whole = members.every((one) => within(block, one));
    if ((whole && nextFree !== null) || block.prefix <= range.prefix) return { block, nextFree };
    block = blockOf(block.first, block.prefix - 1);
  }
}

/** The block cut into stretches, in order and without gaps; their shares add up to 1. */
export function spaceSegments(block: Cidr, taken: readonly TakenCidr[], chosen: Cidr | null): SpaceSegment[] {
  const size = Number(block.last - block.first + 1n);
  const segments: SpaceSegment[] = [];
  let cursor = block.first;
  const put = (kind: SpaceSegment["kind"], name: string, last: bigint, text: string) => {
    segments.push({ kind, name, cidr: text, share: Number(last - cursor + 1n) / size });
    cursor = last + 1n;
  };
  const items = [
    ...taken.map((one) => ({ kind: "subnet" as const, ...one })),
    ...(chosen === null ? [] : [{ kind: "chosen" as const, name: "", cidr: chosen }]),
  ]
    .filter((item) => cidrsOverlap(block, item.cidr))
    .toSorted((a, b) => (a.cidr.first < b.cidr.first ? -1 : 1));
  const free = (last: bigint) => put("free", "", last, `${ipText(cursor, 32)}..${ipText(last, 32)}`);
  for (const item of items) {
    if (item.cidr.last < cursor) continue; // inside one that was put already
    if (item.cidr.first > cursor) free(item.cidr.first - 1n);
    put(item.kind, item.name, item.cidr.last < block.last ? item.cidr.last : block.last, cidrText(item.cidr));
  }
  if (cursor <= block.last) free(block.last);
  return segments;
}

/** What is an IPv4 CIDR, alone. */
function v4Of(text: string): Cidr[] {
  const cidr = parseCidr(text);
  return cidr === null || cidr.bits !== 32 ? [] : [cidr];
}

/**
 * The space of one VPC and its subnets. Those on a VLAN lie in the network outside and take nothing of it.
 * @param hostIps addresses that no block may hold, where the VPC is the one that hosts are reached from
 * @param chosen what is being typed, where it is valid
 */
export function vpcSpace(
  subnets: readonly Pick<SubnetRecord, "name" | "cidrs" | "vlan">[],
  hostIps: readonly string[],
  chosen: { v4: Cidr | null; v6: Cidr | null },
  prefix: number,
): VpcSpace {
  const taken = subnets
    .filter(({ vlan }) => vlan === "")
    .flatMap(({ name, cidrs }) => cidrs.flatMap(v4Of).map((cidr) => ({ name, cidr })));
  const reserved = hostIps.flatMap((ip) => v4Of(`${ip}/32`));
  const { block, nextFree } = spaceBlock(taken, reserved, chosen.v4, prefix);
  const counted = chosen.v4 ?? chosen.v6;
  return {
    block: cidrText(block),
    segments: spaceSegments(block, taken, chosen.v4),
    outside: taken
      .filter(({ cidr }) => !cidrsOverlap(block, cidr))
      .map(({ name, cidr }) => ({ name, cidr: cidrText(cidr) })),
    nextFree: nextFree === null ? null : cidrText(nextFree),
    addressCount: counted === null ? "" : String(counted.last - counted.first + 1n),
  };
}
