/** NAT by OVN itself: external addresses of a VLAN's subnet, and what leads through them. crds/kube-ovn. */
import { z } from "zod";
import { labelName, resourceName } from "../resource-ref.ts";

const port = z.number().int().min(1).max(65_535);
const optionalName = z.string().max(253).default("");
const optionalIp = z.string().max(64).default("");

export const ovnEip = {
  facts: z.object({
    externalSubnet: z.string(),
    ips: z.array(z.string()),
    type: z.string(),
    uses: z.array(z.string()),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    externalSubnet: resourceName,
    /** For NAT, for a router's leg, or for a host's. */
    type: z.enum(["nat", "lrp", "lsp"]).default("nat"),
    v4: optionalIp,
  }),
};

const through = { eip: z.string(), eipAddress: z.string(), target: z.string(), vpc: z.string() };

export const ovnFip = {
  facts: z.object({ ...through, type: z.string() }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    eip: resourceName,
    /** Name of an address object, e.g. MACHINE.PROJECT; or else `vpc` and `v4`. */
    ipName: optionalName,
    vpc: optionalName,
    v4: optionalIp,
    type: z.enum(["distributed", "centralized"]).default("centralized"),
  }),
};

export const ovnSnat = {
  facts: z.object(through),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    eip: resourceName,
    /** One of three: a whole subnet, one address object, or `vpc` and `cidr`. */
    subnet: optionalName,
    ipName: optionalName,
    vpc: optionalName,
    cidr: optionalIp,
  }),
};

export const ovnDnat = {
  facts: z.object({
    ...through,
    protocol: z.string(),
    externalPort: z.string(),
    internalPort: z.string(),
  }),
  detail: z.object({}),
  spec: z.strictObject({
    name: labelName,
    eip: resourceName,
    ipName: optionalName,
    vpc: optionalName,
    v4: optionalIp,
    protocol: z.enum(["tcp", "udp"]).default("tcp"),
    externalPort: port,
    internalPort: port,
  }),
};

const egressPolicy = z.strictObject({
  /** Leaves with the gateway's external address; without, only routed. */
  snat: z.boolean().default(true),
  subnets: z.array(resourceName).max(100).default([]),
  ipBlocks: z.array(z.string().min(1).max(64)).max(100).default([]),
});

export const vpcEgressGateway = {
  facts: z.object({
    vpc: z.string(),
    replicas: z.number().int(),
    externalSubnet: z.string(),
    internalIps: z.array(z.string()),
    externalIps: z.array(z.string()),
    hosts: z.array(z.string()),
  }),
  detail: z.object({
    policies: z.array(egressPolicy),
    internalSubnet: z.string(),
    trafficPolicy: z.string(),
  }),
  spec: z.strictObject({
    name: labelName,
    vpc: resourceName,
    replicas: z.number().int().min(1).max(20).default(1),
    internalSubnet: optionalName,
    externalSubnet: resourceName,
    policies: z.array(egressPolicy).min(1).max(50),
    trafficPolicy: z.enum(["Cluster", "Local"]).default("Cluster"),
  }),
};
