/** Preferences: the devices and firmware that an operating system likes; the whole cluster's and a project's own alike. */
import { z } from "zod";
import { resourceName } from "../resource-ref.ts";
import { namedBy } from "./named-by.ts";

export const preferredFirmware = z.enum(["", "efi", "efi-secure-boot"]);
export type PreferredFirmware = z.infer<typeof preferredFirmware>;

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
    firmware: preferredFirmware,
    usedBy: namedBy,
  }),
  spec: z.strictObject({
    name: resourceName,
    displayName: z.string().trim().max(100).default(""),
    osType: z.enum(["", "linux", "windows"]).default(""),
    diskBus: z.enum(["", "virtio", "scsi", "sata"]).default(""),
    interfaceModel: z.enum(["", "virtio", "e1000e", "e1000"]).default(""),
    firmware: preferredFirmware.default(""),
    /** 0 for no demand. */
    minCpuCores: z.number().int().min(0).max(512).default(0),
    minMemoryBytes: z
      .number()
      .int()
      .min(0)
      .max(16 * 1024 ** 4)
      .default(0),
  }),
};
