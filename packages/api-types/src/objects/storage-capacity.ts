/** CSIStorageCapacity of Kubernetes: what a class has left in one part of the cluster. */
import { z } from "zod";

export const storageCapacity = {
  facts: z.object({
    storageClass: z.string(),
    /** The part of the cluster, e.g. `topology.kubernetes.io/zone=rack-a`; '' for all of it. */
    topology: z.string(),
    /** Null where the driver does not say. */
    capacityBytes: z.number().nullable(),
    largestVolumeBytes: z.number().nullable(),
  }),
  detail: z.object({}),
  spec: null,
};
