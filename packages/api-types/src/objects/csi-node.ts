/** CSINode of Kubernetes: the storage drivers of one host and how many volumes each may attach there. */
import { z } from "zod";

const driver = z.object({
  name: z.string(),
  /** Null: no limit. */
  limit: z.number().int().nullable(),
  used: z.number().int(),
});

export const csiNode = {
  facts: z.object({
    drivers: z.array(driver),
    /** Attached volumes of all its drivers. */
    attached: z.number().int(),
  }),
  detail: z.object({
    drivers: z.array(driver.extend({ nodeId: z.string(), topologyKeys: z.array(z.string()) })),
  }),
  spec: null,
};
