/** Subnet of Kube-OVN (crds/kube-ovn, kubeovn.io_subnets.yaml): what its form sends. Its list and reduced rows are in subnets.ts. */
import { z } from "zod";
import { resourceName } from "../resource-ref.ts";
import { subnetCreate } from "../subnets.ts";

const subnetAcl = z.strictObject({
  direction: z.enum(["to-lport", "from-lport"]),
  /** 0 to 32767; the highest number wins. */
  priority: z.number().int().min(0).max(32_767),
  /** OVN's own words, e.g. `ip4.dst == 10.20.0.2 && tcp`. */
  match: z.string().min(1).max(1000),
  action: z.enum(["allow-related", "allow-stateless", "allow", "drop", "reject"]),
});
export type SubnetAcl = z.infer<typeof subnetAcl>;

export const subnet = {
  facts: z.object({ vpc: z.string(), cidrs: z.array(z.string()), provider: z.string(), vlan: z.string() }),
  detail: z.object({}),
  spec: z.strictObject({
    ...subnetCreate.shape,
    /** Empty only for the network of an attachment definition, which is in no VPC. */
    vpc: z.union([resourceName, z.literal("")]),
    gatewayType: z.enum(["distributed", "centralized"]).default("distributed"),
    /** Hosts through which a centralized gateway leads. */
    gatewayHosts: z.array(z.string().min(1).max(253)).max(50).default([]),
    acls: z.array(subnetAcl).max(200).default([]),
    /** The VLAN of an underlay subnet; empty for an overlay. */
    vlan: z.string().max(253).default(""),
    /** `ovn`, or `NAD.PROJECT(.ovn)` for the network of an attachment definition. */
    provider: z.string().max(253).default("ovn"),
  }),
};
export type SubnetSpec = z.output<typeof subnet.spec>;
