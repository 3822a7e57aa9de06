/** What is done with pods and workloads beside what all catalogued nouns have. */
import { z } from "zod";
import { labelName, resourceName } from "./resource-ref.ts";

export const podLogQuery = z.object({
  container: z.string().min(1).max(63),
  /** Of the container's run before this one. */
  previous: z.enum(["true", "false"]).default("false"),
  tailLines: z.coerce.number().int().min(1).max(10_000).default(1000),
});

export const podLog = z.object({
  text: z.string(),
  /** True when there was more, which is older. */
  cut: z.boolean(),
});

export const workloadParams = z.object({
  project: labelName,
  noun: z.enum(["deployment", "stateful-set", "daemon-set", "job", "cron-job"]),
  name: resourceName,
});

export const workloadAction = z.discriminatedUnion("deed", [
  z.strictObject({ deed: z.literal("scale"), replicas: z.number().int().min(0).max(10_000) }),
  z.strictObject({ deed: z.enum(["restart", "suspend", "resume", "run"]) }),
]);
export type WorkloadAction = z.infer<typeof workloadAction>;
