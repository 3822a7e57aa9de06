/** NAT by a gateway pod (iptables): gateway, external addresses, and what leads through them. IPv4 only. crds/kube-ovn. */
import { z } from "zod";
import { labelName, resourceName } from "../resource-ref.ts";

const port = z.number().int().min(1).max(65_535);
const ip = z.string().min(1).max(64);

export const vpcNatGateway = {
  facts: z.object({
    vpc: z.string(),
    subnet: z.string(),
    lanIp: z.string(),
    externalSubnets: z.array(z.string()),
    /** External addresses that lie on it. */
    eips: z.number().int(),
  }),
  detail: z.object({ selector: z.array(z.string()) }),
  spec: z.strictObject({
    name: labelName,
    vpc: resourceName,
    /** Of the VPC: where the gateway's inner leg stands. */
    subnet: resourceName,
    lanIp: ip,
    externalSubnets: z.array(resourceName).max(20).default([]),
    /** Hosts that may run it, as `label: value`. */
    selector: z.array(z.string().min(1).max(300)).max(20).default([]),
  }),
};

export const iptablesEip = {
  facts: z.object({
    gateway: z.string(),
    externalSubnet: z.string(),
    ip: z.string(),
    /** What uses it: fip, snat, dnat. */
    uses: z.array(z.string()),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    gateway: resourceName,
    /** Empty: the gateway's first one. */
    externalSubnet: z.string().max(253).default(""),
    /** Empty: Kube-OVN chooses one. */
    v4: z.string().max(64).default(""),
  }),
};

const through = { eip: z.string(), eipAddress: z.string(), gateway: z.string() };

export const iptablesFip = {
  facts: z.object({ ...through, internalIp: z.string() }),
  detail: z.object({}),
  spec: z.strictObject({ name: labelName, eip: resourceName, internalIp: ip }),
};

export const iptablesSnat = {
  facts: z.object({ ...through, internalCidr: z.string() }),
  detail: z.object({}),
  spec: z.strictObject({ name: labelName, eip: resourceName, internalCidr: ip }),
};

export const iptablesDnat = {
  facts: z.object({
    ...through,
    protocol: z.string(),
    externalPort: z.string(),
    internalIp: z.string(),
    internalPort: z.string(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    eip: resourceName,
    protocol: z.enum(["tcp", "udp"]).default("tcp"),
    externalPort: port,
    internalIp: ip,
    internalPort: port,
  }),
};
