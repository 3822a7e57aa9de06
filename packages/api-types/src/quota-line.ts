/** What a project may use of one resource, and what it uses. */
import { z } from "zod";

/** One line of a ResourceQuota, summed over the project's quotas by taking the tightest. Numbers are base units (cores, bytes, objects). */
export const quotaLine = z.object({
  resource: z.string(),
  hard: z.number(),
  used: z.number(),
});
export type QuotaLine = z.infer<typeof quotaLine>;
