/** The physical network as Kube-OVN knows it: interfaces of hosts, VLANs, and attachment definitions for second interfaces. */
import { z } from "zod";
import { labelName, resourceName } from "../resource-ref.ts";

export const providerNetwork = {
  facts: z.object({
    interface: z.string(),
    readyHosts: z.array(z.string()),
    notReadyHosts: z.array(z.string()),
    vlans: z.array(z.string()),
  }),
  detail: z.object({
    excludedHosts: z.array(z.string()),
    problems: z.array(z.object({ host: z.string(), message: z.string() })),
  }),
  spec: z.strictObject({
    /** Names a bridge on every host, hence short. */
    name: labelName.max(12),
    interface: z
      .string()
      .min(1)
      .max(15)
      .regex(/^[a-zA-Z0-9_.-]+$/),
    excludedHosts: z.array(resourceName).max(500).default([]),
  }),
};

export const vlan = {
  facts: z.object({
    vlanId: z.number().int(),
    provider: z.string(),
    subnets: z.array(z.string()),
    conflict: z.boolean(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    /** 0 for untagged. */
    vlanId: z.number().int().min(0).max(4095),
    provider: resourceName,
  }),
};

export const networkAttachment = {
  facts: z.object({ type: z.string(), provider: z.string(), master: z.string() }),
  detail: z.object({ config: z.string() }),
  spec: z.strictObject({
    name: labelName,
    /** kube-ovn: an OVN subnet; macvlan: straight onto an interface of the host, addresses from Kube-OVN. */
    type: z.enum(["kube-ovn", "macvlan"]).default("kube-ovn"),
    /** The host's interface, for macvlan. */
    master: z.string().max(15).default(""),
  }),
};
