/** VPCs: Kube-OVN's routers with subnets of their own. Cluster-scoped; tenants get reduced rows of those their projects use. */
import { z } from "zod";
import { listOf } from "./list-query.ts";
import { actionDecision, reason, tone } from "./reason.ts";
import { labelName, resourceRef } from "./resource-ref.ts";
import { subnetRow } from "./subnets.ts";

export const vpcRow = z.object({
  ref: resourceRef,
  name: z.string(),
  state: z.object({ status: z.enum(["ready", "pending", "deleting"]), tone, reason: reason.optional() }),
  /** The platform's own VPC, in which pods and whatever chooses no other live. */
  isDefault: z.boolean(),
  /** Projects that are bound to it, as far as the caller may see them. */
  projects: z.array(z.string()),
  /** Its subnets, as far as the caller may see them. */
  subnets: z.array(z.string()),
  /** Over these subnets. Decimal strings: IPv6 counts exceed 2^53. */
  usedIps: z.string(),
  /** Facts a person should know first, e.g. that a custom VPC has no way out by default. */
  notes: z.array(reason),
  createdAt: z.string(),
  actions: z.object({ createSubnet: actionDecision, delete: actionDecision }),
});
export type VpcRow = z.infer<typeof vpcRow>;
export const vpcList = listOf(vpcRow);
export type VpcList = z.infer<typeof vpcList>;
export const vpcSortKeys = ["name", "status", "subnets", "created"] as const;

export const staticRoute = z.object({
  cidr: z.string().max(64),
  nextHop: z.string().max(64),
  /** By the destination of a packet, or by its source. */
  by: z.enum(["destination", "source"]).default("destination"),
});
export type StaticRoute = z.infer<typeof staticRoute>;

export const vpcDetail = z.object({
  row: vpcRow,
  subnets: z.array(subnetRow),
  /** What only those who may read the VPC itself see; null for tenants. */
  settings: z
    .object({
      defaultSubnet: z.string(),
      enableExternal: z.boolean(),
      staticRoutes: z.array(staticRoute),
      policyRoutes: z.array(
        z.object({ priority: z.number(), match: z.string(), action: z.string(), nextHop: z.string() }),
      ),
      peerings: z.array(z.object({ remoteVpc: z.string(), localConnectIp: z.string() })),
    })
    .nullable(),
});
export type VpcDetail = z.infer<typeof vpcDetail>;

export const vpcCreate = z.strictObject({
  name: labelName,
  /** Projects whose machines may use it. */
  projects: z.array(labelName).max(500).default([]),
  staticRoutes: z.array(staticRoute).max(100).default([]),
});
export type VpcCreate = z.infer<typeof vpcCreate>;
