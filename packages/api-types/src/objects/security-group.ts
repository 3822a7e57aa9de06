/** SecurityGroup of Kube-OVN (crds/kube-ovn, kubeovn.io_security-groups.yaml). */
import { z } from "zod";
import { labelName } from "../resource-ref.ts";
import { namedBy } from "./named-by.ts";

export const securityGroupRule = z.strictObject({
  direction: z.enum(["in", "out"]),
  ipVersion: z.enum(["ipv4", "ipv6"]).default("ipv4"),
  protocol: z.enum(["all", "icmp", "tcp", "udp"]),
  /** 1 to 16384; the lowest number wins. */
  priority: z.number().int().min(1).max(16_384),
  remoteType: z.enum(["address", "securityGroup"]),
  /** A CIDR or address, or the name of a security group. */
  remote: z.string().min(1).max(253),
  /** Both absent unless the protocol is tcp or udp. */
  portMin: z.number().int().min(1).max(65_535).optional(),
  portMax: z.number().int().min(1).max(65_535).optional(),
  policy: z.enum(["allow", "pass", "drop"]),
});
export type SecurityGroupRule = z.infer<typeof securityGroupRule>;

export const securityGroup = {
  facts: z.object({
    rulesIn: z.number().int(),
    rulesOut: z.number().int(),
    tier: z.number().int(),
    allowSameGroupTraffic: z.boolean(),
  }),
  detail: z.object({ rules: z.array(securityGroupRule), usedBy: namedBy }),
  spec: z.strictObject({
    name: labelName,
    tier: z.union([z.literal(0), z.literal(1)]).default(0),
    allowSameGroupTraffic: z.boolean().default(true),
    rules: z.array(securityGroupRule).max(200).default([]),
  }),
};
