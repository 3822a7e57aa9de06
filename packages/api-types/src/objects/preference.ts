/** Cluster-wide preferences: the devices and firmware that an operating system likes. */
import { z } from "zod";
import { namedBy } from "./instance-type.ts";

export const preference = {
  facts: z.object({
    displayName: z.string(),
    osType: z.string(),
    minCpuCores: z.number(),
    minMemoryBytes: z.number(),
  }),
  detail: z.object({
    /** '' where it prefers nothing. */
    diskBus: z.string(),
    interfaceModel: z.string(),
    machineType: z.string(),
    firmware: z.enum(["", "efi", "efi-secure-boot"]),
    usedBy: namedBy,
  }),
  spec: null,
};
