/** Service of Kubernetes, by which a machine or a workload is published. */
import { z } from "zod";
import { labelName } from "../resource-ref.ts";

const servicePort = z.strictObject({
  name: z.string().max(63).default(""),
  protocol: z.enum(["TCP", "UDP", "SCTP"]).default("TCP"),
  port: z.number().int().min(1).max(65_535),
  targetPort: z.number().int().min(1).max(65_535),
  /** Only for NodePort and LoadBalancer; the cluster chooses one when absent. */
  nodePort: z.number().int().min(1).max(65_535).optional(),
});

export const service = {
  facts: z.object({
    type: z.string(),
    clusterIps: z.array(z.string()),
    externalIps: z.array(z.string()),
    ports: z.array(z.string()),
  }),
  detail: z.object({
    selector: z.record(z.string(), z.string()),
    ports: z.array(servicePort.extend({ targetPort: z.union([z.number(), z.string()]) })),
  }),
  spec: z.strictObject({
    name: labelName,
    type: z.enum(["ClusterIP", "NodePort", "LoadBalancer"]).default("ClusterIP"),
    /** The machine that answers; its pods carry this name as a label (kubevirt.io/domain, vm.kubevirt.io/name). */
    machine: labelName,
    ports: z.array(servicePort).min(1).max(50),
  }),
};
