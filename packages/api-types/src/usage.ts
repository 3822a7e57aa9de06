/** How much of what they were given machines and hosts use, over time; from Prometheus or from metrics.k8s.io, told alike. */
import { z } from "zod";
import { reason } from "./reason.ts";

export const usageMeasure = z.enum([
  "cpuCores",
  "memoryBytes",
  "receiveBytesPerSecond",
  "transmitBytesPerSecond",
  "readBytesPerSecond",
  "writeBytesPerSecond",
]);
export type UsageMeasure = z.infer<typeof usageMeasure>;

export const usageRange = z.enum(["15m", "1h", "6h", "24h", "7d"]);
export type UsageRange = z.infer<typeof usageRange>;
export const usageQuery = z.object({ range: usageRange.default("1h") });

/** `none`: nothing on this cluster measures. */
export const usageSource = z.enum(["prometheus", "metrics-server", "none"]);

export const usageReply = z.object({
  source: usageSource,
  /** What keeps this from being the whole truth. */
  notes: z.array(reason),
  /** Epoch seconds, rising. */
  times: z.array(z.number()),
  /** One value per time; null where nothing was measured. */
  series: z.array(z.object({ measure: usageMeasure, values: z.array(z.number().nullable()) })),
  /** What it may use at most; null where that is not known. */
  limits: z.object({ cpuCores: z.number().nullable(), memoryBytes: z.number().nullable() }),
});
export type UsageReply = z.infer<typeof usageReply>;

export const topMachinesQuery = z.object({ project: z.string().max(63).optional() });

const consumer = z.object({ project: z.string(), name: z.string(), amount: z.number() });

/** Who takes most now, of what the person may see, most first. */
export const topMachines = z.object({
  source: usageSource,
  notes: z.array(reason),
  /** Cores. */
  byCpu: z.array(consumer),
  /** Bytes. */
  byMemory: z.array(consumer),
  /** What the machines of a project take together. */
  projects: z.array(z.object({ project: z.string(), cpuCores: z.number(), memoryBytes: z.number() })),
});
export type TopMachines = z.infer<typeof topMachines>;
