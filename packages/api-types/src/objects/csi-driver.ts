/** CSIDriver of Kubernetes. */
import { z } from "zod";

export const csiDriver = {
  facts: z.object({
    attachRequired: z.boolean(),
    storageCapacity: z.boolean(),
    lifecycleModes: z.array(z.string()),
    fsGroupPolicy: z.string(),
    hosts: z.number().int(),
    storageClasses: z.array(z.string()),
  }),
  detail: z.object({
    podInfoOnMount: z.boolean(),
    requiresRepublish: z.boolean(),
    /** Hosts it runs on, with how many volumes they may attach (null: no limit) and have attached. */
    hosts: z.array(
      z.object({ host: z.string(), limit: z.number().int().nullable(), used: z.number().int() }),
    ),
  }),
  spec: null,
};
