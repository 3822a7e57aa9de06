/** The room of the cloud: all hosts by one measure, what is asked for and used of what there is, and whether one may be lost. */
import { z } from "zod";
import { hostRow } from "./hosts.ts";
import { reason } from "./reason.ts";
import { usageSource } from "./usage.ts";

/** Shares of what is allocatable (1 is all of it), but for `machines` and `pods`, which are counts. */
export const heatMeasure = z.enum([
  "cpuUsed",
  "memoryUsed",
  "cpuRequested",
  "memoryRequested",
  "cpuPromised",
  "memoryPromised",
  "machines",
  "pods",
]);
export type HeatMeasure = z.infer<typeof heatMeasure>;

export const hostHeat = z.object({
  name: z.string(),
  zone: z.string(),
  hardware: z.string(),
  state: hostRow.shape.state,
  machines: hostRow.shape.machines,
  /** Null where it is not measured. */
  values: z.record(heatMeasure, z.number().nullable()),
  /** Shares requested of every other resource that it offers, by Kubernetes' name, e.g. `nvidia.com/gpu`. */
  resources: z.record(z.string(), z.number()),
});
export type HostHeat = z.infer<typeof hostHeat>;

export const heatReply = z.object({
  source: usageSource,
  notes: z.array(reason),
  hosts: z.array(hostHeat),
});
export type HeatReply = z.infer<typeof heatReply>;

export const capacityAmount = z.object({
  /** Kubernetes' name of the resource; cores, bytes or pieces. */
  name: z.string(),
  capacity: z.number(),
  allocatable: z.number(),
  requested: z.number(),
  /** Null where it is not measured. */
  used: z.number().nullable(),
  /** Of machines: what their guests were given. Null for what they are not given in that sense. */
  promised: z.number().nullable(),
});
export type CapacityAmount = z.infer<typeof capacityAmount>;

/** What happens to what runs on a host when that host is gone. */
export const hostLoss = z.object({
  host: z.string(),
  machines: z.number().int(),
  pods: z.number().int(),
  /** Those for which no other host has room now, largest first; cut at twenty. */
  homeless: z.array(
    z.object({
      project: z.string(),
      name: z.string(),
      machine: z.boolean(),
      memoryBytes: z.number(),
      cpuCores: z.number(),
      reason,
    }),
  ),
  homelessTotal: z.number().int(),
});
export type HostLoss = z.infer<typeof hostLoss>;

export const capacityReply = z.object({
  source: usageSource,
  notes: z.array(reason),
  hosts: z.object({
    total: z.number().int(),
    ready: z.number().int(),
    forMachines: z.number().int(),
    machines: z.number().int(),
  }),
  amounts: z.array(capacityAmount),
  storage: z.array(
    z.object({
      storageClass: z.string(),
      disks: z.number().int(),
      /** What the disks were given. */
      provisionedBytes: z.number(),
      /** What the storage says it still has; null where it does not say. */
      freeBytes: z.number().nullable(),
    }),
  ),
  /** The hosts whose loss was tried, the hardest to lose first; empty without a host. */
  losses: z.array(hostLoss),
  /** How many hosts' loss was tried, those that most is asked of first. */
  lossesTried: z.number().int(),
});
export type CapacityReply = z.infer<typeof capacityReply>;
