/** Instance types: sizes of machines, ready to choose; the whole cluster's and a project's own alike. */
import { z } from "zod";
import { resourceName } from "../resource-ref.ts";
import { namedBy } from "./named-by.ts";

const hugepages = z.enum(["", "2Mi", "1Gi"]);

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
  spec: z.strictObject({
    name: resourceName,
    displayName: z.string().trim().max(100).default(""),
    description: z.string().max(2000).default(""),
    cpuCores: z.number().int().min(1).max(512),
    memoryBytes: z
      .number()
      .int()
      .min(32 * 1024 ** 2)
      .max(16 * 1024 ** 4),
    dedicatedCpu: z.boolean().default(false),
    hugepages: hugepages.default(""),
    overcommitPercent: z.number().int().min(0).max(100).default(0),
  }),
};
