/** The networks a project may attach machines to: reduced records of cluster-scoped Kube-OVN objects. */
import { z } from "zod";
import { reason } from "./reason.ts";

export const subnetChoice = z.object({
  name: z.string(),
  vpc: z.string(),
  cidrs: z.array(z.string()),
  gateways: z.array(z.string()),
  /** Decimal strings: IPv6 counts exceed 2^53. */
  availableIps: z.string(),
  usedIps: z.string(),
  isProjectDefault: z.boolean(),
  ready: z.boolean(),
  /** Facts a person should know first, e.g. that a custom VPC has no way out by default. */
  notes: z.array(reason),
});
export type SubnetChoice = z.infer<typeof subnetChoice>;
