/** How networks hang together, reduced to what a picture and a table can show: VPCs, their subnets, who is on them, and the ways out. */
import { z } from "zod";
import { tone } from "./reason.ts";
import { labelName, resourceName } from "./resource-ref.ts";

/** Beyond this many, the machines of a subnet are counted and not drawn one by one. */
export const maxDrawnMachines = 200;

const wayOut = z.object({
  kind: z.enum(["nat-gateway", "egress-gateway", "eip", "ovn-eip", "peering"]),
  /** Of the object; of a peering the other VPC. */
  name: z.string(),
  /** Where an egress gateway lies; '' for the others. */
  project: z.string(),
  addresses: z.array(z.string()),
});

export const topologyVpc = z.object({
  name: z.string(),
  tone,
  subnets: z.array(
    z.object({
      name: z.string(),
      tone,
      cidrs: z.array(z.string()),
      /** Decimal string. */
      usedIps: z.string(),
      /** All machines on it that the caller may see, also when they are not listed. */
      machineCount: z.number().int(),
      /** Empty beyond `maxDrawnMachines`. */
      machines: z.array(z.object({ project: z.string(), name: z.string(), ips: z.array(z.string()) })),
    }),
  ),
  /** Only for those who may see gateways; peerings as far as the other VPC is seen. */
  waysOut: z.array(wayOut),
});
export type TopologyVpc = z.infer<typeof topologyVpc>;

export const topologyQuery = z.object({
  /** One VPC; all that the caller sees without it. */
  vpc: resourceName.optional(),
  /** Only what this project's machines use. */
  project: labelName.optional(),
});
export const topologyReply = z.object({
  vpcs: z.array(topologyVpc),
  /** Whether the caller may list every kind of way out: without it a VPC may have others. Says nothing of whether there are any. */
  allWaysOut: z.boolean(),
});
