/** The words of subnets and VPCs, said once. */
import type { SubnetRow } from "@kubev/api-types/subnets";
import type { VpcRow } from "@kubev/api-types/vpcs";
import { formatCount, locale } from "../format/numbers.ts";

export const subnetStateWords: Record<SubnetRow["state"]["status"], string> = {
  ready: "Ready",
  full: "Full",
  "not-ready": "Not ready",
  deleting: "Being deleted",
};

export const subnetStateTones: Record<SubnetRow["state"]["status"], SubnetRow["state"]["tone"]> = {
  ready: "ok",
  full: "attention",
  "not-ready": "attention",
  deleting: "working",
};

export const vpcStateWords: Record<VpcRow["state"]["status"], string> = {
  ready: "Ready",
  pending: "Being set up",
  deleting: "Being deleted",
};

const compact = new Intl.NumberFormat(locale, { notation: "scientific", maximumFractionDigits: 1 });

/** A count of addresses as the server writes it: `253`, `65,533`, beyond a million million in powers of ten. */
export function formatAddressCount(decimal: string): string {
  const count = Number(decimal);
  return count < 1e12 ? formatCount(count) : compact.format(count);
}
