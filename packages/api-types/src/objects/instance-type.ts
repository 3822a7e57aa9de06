/** Cluster-wide instance types: sizes of machines, ready to choose. */
import { z } from "zod";

/** Machines that name it, of those the caller may see; at most a hundred. */
export const namedBy = z.object({
  total: z.number().int(),
  machines: z.array(z.object({ project: z.string(), name: z.string() })),
});

export const instanceType = {
  facts: z.object({
    displayName: z.string(),
    group: z.string(),
    cpuCores: z.number(),
    memoryBytes: z.number(),
    gpus: z.number().int(),
    dedicatedCpu: z.boolean(),
    hugepages: z.string(),
  }),
  detail: z.object({
    description: z.string(),
    /** How much less memory is requested than the guest sees, in percent. */
    overcommitPercent: z.number(),
    nodeSelector: z.record(z.string(), z.string()),
    usedBy: namedBy,
  }),
  spec: null,
};
