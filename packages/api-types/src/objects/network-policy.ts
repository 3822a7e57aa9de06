/** NetworkPolicy of Kubernetes, which Kube-OVN enforces on machines as on pods. */
import { z } from "zod";
import { labelName } from "../resource-ref.ts";

const policyRule = z.strictObject({
  direction: z.enum(["in", "out"]),
  peer: z.enum(["anywhere", "project", "machine", "cidr"]),
  /** A project, a machine of this project, or a CIDR. */
  value: z.string().max(253).default(""),
  protocol: z.enum(["any", "TCP", "UDP"]).default("any"),
  /** Absent for all ports. */
  port: z.number().int().min(1).max(65_535).optional(),
});
export type PolicyRule = z.infer<typeof policyRule>;

export const networkPolicy = {
  facts: z.object({
    appliesTo: z.string(),
    restrictsIn: z.boolean(),
    restrictsOut: z.boolean(),
    rulesIn: z.number().int(),
    rulesOut: z.number().int(),
  }),
  /** Null where the policy says more than these rules can. */
  detail: z.object({ rules: z.array(policyRule).nullable() }),
  spec: z.strictObject({
    name: labelName,
    /** Empty: every machine and pod of the project. */
    machine: z.string().max(63).default(""),
    restrictsIn: z.boolean().default(true),
    restrictsOut: z.boolean().default(false),
    rules: z.array(policyRule).max(200).default([]),
  }),
};
