/** Instance types and preferences that a create form offers. */
import { z } from "zod";
import { reason } from "./reason.ts";

export const instanceTypeChoice = z.object({
  name: z.string(),
  /** What forms send: the name of a cluster's, `PROJECT/NAME` of a project's own. */
  id: z.string(),
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
  /** Whether a host can take it: now, `later` when one has room again, or none of them; `reason` says why not now. */
  schedulable: z.enum(["yes", "later", "no", "unknown"]),
  reason: reason.optional(),
});
export type InstanceTypeChoice = z.infer<typeof instanceTypeChoice>;

export const preferenceChoice = z.object({
  name: z.string(),
  /** As of an instance type. */
  id: z.string(),
  scope: z.string(),
  displayName: z.string(),
  osType: z.string(),
  minCpuCores: z.number(),
  minMemoryBytes: z.number(),
});
export type PreferenceChoice = z.infer<typeof preferenceChoice>;
