/** Hosts: Linux nodes with KVM that machines run on. */
import { z } from "zod";
import { listOf } from "./list-query.ts";
import { reason, tone } from "./reason.ts";
import { resourceRef } from "./resource-ref.ts";

const amount = z.object({ capacity: z.number(), allocatable: z.number(), requested: z.number() });

export const hostRow = z.object({
  ref: resourceRef,
  name: z.string(),
  state: z.object({
    status: z.enum(["ready", "not-ready", "cordoned", "unknown"]),
    tone,
    reason: reason.optional(),
  }),
  /** Whether machines can run here, and why not. */
  machines: z.object({ schedulable: z.boolean(), reason: reason.optional(), count: z.number().int() }),
  cpuCores: amount,
  memoryBytes: amount,
  ip: z.string(),
  os: z.string(),
  kernel: z.string(),
  kubelet: z.string(),
  zone: z.string(),
  hardware: z.string(),
  createdAt: z.string(),
});
export type HostRow = z.infer<typeof hostRow>;
export const hostList = listOf(hostRow);
export type HostList = z.infer<typeof hostList>;
export const hostSortKeys = ["name", "status", "cpu", "memory", "vms", "created"] as const;
