/** What is done with pods and workloads beside what all catalogued nouns have. */
import { z } from "zod";
import { labelName, resourceName } from "./resource-ref.ts";

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
