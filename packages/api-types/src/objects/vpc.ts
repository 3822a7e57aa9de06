/** Vpc of Kube-OVN (crds/kube-ovn, kubeovn.io_vpcs.yaml): what its form sends. Its list and reduced rows are in vpcs.ts. */
import { z } from "zod";
import { labelName } from "../resource-ref.ts";
import { staticRoute, vpcCreate } from "../vpcs.ts";

const policyRoute = z.strictObject({
  /** 0 to 32767; the highest number is looked at first. */
  priority: z.number().int().min(0).max(32_767),
  /** OVN's own words, e.g. `ip4.src == 10.20.0.0/24`. */
  match: z.string().min(1).max(1000),
  action: z.enum(["allow", "drop", "reroute"]),
  /** Only for reroute. */
  nextHop: z.string().max(200).default(""),
});
export type PolicyRoute = z.infer<typeof policyRoute>;

const peering = z.strictObject({
  remoteVpc: labelName,
  /** This side's address on the link, with its prefix, e.g. 169.254.0.1/30. */
  localConnectIp: z.string().min(1).max(64),
});
export type Peering = z.infer<typeof peering>;

export const vpc = {
  facts: z.object({
    isDefault: z.boolean(),
    projects: z.array(z.string()),
    staticRoutes: z.array(staticRoute),
    peerings: z.array(z.object({ remoteVpc: z.string(), localConnectIp: z.string() })),
    enableExternal: z.boolean(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    ...vpcCreate.shape,
    defaultSubnet: z.string().max(253).default(""),
    /** Connects the router to the external network, for OVN's own NAT. */
    enableExternal: z.boolean().default(false),
    policyRoutes: z.array(policyRoute).max(200).default([]),
    peerings: z.array(peering).max(50).default([]),
  }),
};
