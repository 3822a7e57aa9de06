/** VolumeAttachment of Kubernetes: one volume at one host, and what went wrong with that. */
import { z } from "zod";

export const volumeAttachment = {
  facts: z.object({
    volume: z.string(),
    host: z.string(),
    driver: z.string(),
    attached: z.boolean(),
    /** The driver's own words; '' where nothing went wrong. */
    error: z.string(),
  }),
  detail: z.object({
    /** The disk of that volume; null where there is none, or the caller may not see it. */
    disk: z.object({ project: z.string(), name: z.string() }).nullable(),
    attachError: z.string(),
    attachErrorAt: z.string(),
    detachError: z.string(),
    detachErrorAt: z.string(),
  }),
  spec: null,
};
