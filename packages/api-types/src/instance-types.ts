/** Instance types and preferences that a create form offers. */
import { z } from "zod";
import { reason } from "./reason.ts";

export const instanceTypeChoice = z.object({
  name: z.string(),
  /** `cluster`, or the project that owns it. */
  scope: z.string(),
  displayName: z.string(),
  description: z.string(),
  /** The class it belongs to, e.g. `General Purpose`. */
  group: z.string(),
  cpuCores: z.number(),
  memoryBytes: z.number(),
  gpus: z.number().int(),
  dedicatedCpu: z.boolean(),
  hugepages: z.string(),
  /** Whether any host can take it now; `reason` says why not. */
  schedulable: z.enum(["yes", "no", "unknown"]),
  reason: reason.optional(),
});
export type InstanceTypeChoice = z.infer<typeof instanceTypeChoice>;

export const preferenceChoice = z.object({
  name: z.string(),
  scope: z.string(),
  displayName: z.string(),
  osType: z.string(),
  minCpuCores: z.number(),
  minMemoryBytes: z.number(),
});
export type PreferenceChoice = z.infer<typeof preferenceChoice>;
