/** StorageClass of Kubernetes, with what CDI's StorageProfile and the snapshot classes say it can do. */
import { z } from "zod";
import { resourceName } from "../resource-ref.ts";

export const storageClass = {
  facts: z.object({
    provisioner: z.string(),
    /** For claims that name no class. */
    isDefault: z.boolean(),
    /** For machines' disks that name no class. */
    isDefaultForMachines: z.boolean(),
    bindingMode: z.string(),
    expandable: z.boolean(),
    reclaimPolicy: z.string(),
    /** `ReadWriteMany Block` and the like, the first being what disks get by default; empty without a profile. */
    modes: z.array(z.string()),
    snapshots: z.boolean(),
    /** `copy`, `snapshot` or `csi-clone`; '' where CDI does not say. */
    cloneStrategy: z.string(),
  }),
  detail: z.object({
    parameters: z.record(z.string(), z.string()),
    mountOptions: z.array(z.string()),
    topologies: z.array(z.string()),
    snapshotClasses: z.array(z.string()),
    /** Whether CDI has a StorageProfile for it; null where the console may not read them. */
    hasProfile: z.boolean().nullable(),
    /** Null where the caller may not see all disks. */
    disks: z.object({ count: z.number().int(), bytes: z.number() }).nullable(),
  }),
  /** Provisioner, parameters, policy, binding and where are fixed once it is made (Kubernetes refuses their change). */
  spec: z.strictObject({
    name: resourceName,
    provisioner: z.string().trim().min(1).max(253),
    parameters: z
      .array(z.strictObject({ key: z.string().trim().min(1).max(253), value: z.string().max(4096) }))
      .max(64)
      .default([]),
    reclaimPolicy: z.enum(["Delete", "Retain"]).default("Delete"),
    bindingMode: z.enum(["Immediate", "WaitForFirstConsumer"]).default("Immediate"),
    expandable: z.boolean().default(true),
    mountOptions: z.array(z.string().trim().min(1).max(253)).max(32).default([]),
  }),
};
