/** Subnets: ranges of addresses in a VPC. Cluster-scoped; tenants get reduced rows of those their projects may use. */
import { z } from "zod";
import { condition } from "./conditions.ts";
import { listOf } from "./list-query.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { labelName, resourceName, resourceRef } from "./resource-ref.ts";

export const subnetRow = z.object({
  ref: resourceRef,
  name: z.string(),
  state: z.object({
    status: z.enum(["ready", "full", "not-ready", "deleting"]),
    tone,
    reason: reason.optional(),
  }),
  vpc: z.string(),
  /** One of each family at most. */
  cidrs: z.array(z.string()),
  gateways: z.array(z.string()),
  /** Decimal strings: IPv6 counts exceed 2^53. Counted in the first family. */
  usedIps: z.string(),
  availableIps: z.string(),
  /** 0–100. */
  usedPercent: z.number(),
  /** Projects that are bound to it, as far as the caller may see them. */
  projects: z.array(z.string()),
  /** True when a project needs no binding to use it. */
  openToAll: z.boolean(),
  isDefault: z.boolean(),
  isPrivate: z.boolean(),
  natOutgoing: z.boolean(),
  vlan: z.string(),
  provider: z.string(),
  /** Facts a person should know first. */
  notes: z.array(reason),
  createdAt: z.string(),
  actions: z.object({ delete: actionDecision }),
});
export type SubnetRow = z.infer<typeof subnetRow>;
export const subnetList = listOf(subnetRow);
export type SubnetList = z.infer<typeof subnetList>;
export const subnetSortKeys = ["name", "vpc", "cidr", "status", "used", "free", "created"] as const;

export const maxAddressRows = 500;

/** Who holds an address: an IP object of Kube-OVN. */
export const addressHolder = z.object({
  ips: z.array(z.string()),
  mac: z.string(),
  name: z.string(),
  project: z.string(),
  kind: z.enum(["machine", "pod", "reserved"]),
});
export type AddressHolder = z.infer<typeof addressHolder>;

export const subnetDetail = z.object({
  row: subnetRow,
  /** In the order of the addresses; at most `maxAddressRows`, only of projects the caller may see. */
  addresses: z.array(addressHolder),
  /** Addresses that are held, over all projects. */
  addressesTotal: z.number().int(),
  /** What only those who may read the subnet itself see; null for tenants. */
  settings: z
    .object({
      excludeIps: z.array(z.string()),
      allowSubnets: z.array(z.string()),
      enableDhcp: z.boolean(),
      gatewayType: z.string(),
      aclCount: z.number().int(),
      conditions: z.array(condition),
    })
    .nullable(),
});
export type SubnetDetail = z.infer<typeof subnetDetail>;

const cidrText = z.string().max(64).default("");
const addressText = z.string().max(64).default("");

export const subnetCreate = z.strictObject({
  name: labelName,
  vpc: resourceName,
  /** At least one of the two; both make it dual stack. */
  cidrV4: cidrText,
  cidrV6: cidrText,
  /** Empty: the first address of the CIDR. */
  gatewayV4: addressText,
  gatewayV6: addressText,
  /** `address` or `first..last`. */
  excludeIps: z.array(z.string().max(100)).max(200).default([]),
  projects: z.array(labelName).max(500).default([]),
  natOutgoing: z.boolean().default(false),
  isPrivate: z.boolean().default(false),
  /** CIDRs that may reach a private subnet. */
  allowSubnets: z.array(z.string().max(64)).max(200).default([]),
  enableDhcp: z.boolean().default(false),
});
export type SubnetCreate = z.infer<typeof subnetCreate>;

/** A stretch of a VPC's address space, in the order of addresses. */
export const spaceSegment = z.object({
  kind: z.enum(["subnet", "chosen", "free"]),
  cidr: z.string(),
  /** The subnet's, empty for free space. */
  name: z.string(),
  /** 0–1 of the whole picture. */
  share: z.number(),
});
export type SpaceSegment = z.infer<typeof spaceSegment>;

/** The range that is being chosen, marked in the picture; what is no CIDR is not. */
export const vpcSpaceQuery = z.strictObject({
  cidrV4: cidrText,
  cidrV6: cidrText,
  /** Size of the block that `nextFree` proposes. */
  prefix: z.coerce.number().int().min(8).max(30).default(24),
});

/** The IPv4 block in which a VPC's subnets lie, and how it is used. */
export const vpcSpace = z.object({
  block: z.string(),
  segments: z.array(spaceSegment),
  /** Subnets of the VPC that lie outside of the block, e.g. the one that joins hosts and pods. */
  outside: z.array(z.object({ name: z.string(), cidr: z.string() })),
  /** The first free block of `prefix` in it; null when there is none. */
  nextFree: z.string().nullable(),
  /** What the chosen CIDR holds, as decimal text; empty while it is not valid. */
  addressCount: z.string(),
});
export type VpcSpace = z.infer<typeof vpcSpace>;
