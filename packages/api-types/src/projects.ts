/** A project: a Kubernetes namespace that the caller may see, with what it may use and what it uses. */
import { z } from "zod";
import { listOf } from "./list-query.ts";
import { actionDecision } from "./reason.ts";
import { labelName, resourceRef } from "./resource-ref.ts";

/** One line of a ResourceQuota, summed over the project's quotas by taking the tightest. Numbers are base units (cores, bytes, objects). */
export const quotaLine = z.object({
  resource: z.string(),
  hard: z.number(),
  used: z.number(),
});
export type QuotaLine = z.infer<typeof quotaLine>;

export const projectRow = z.object({
  ref: resourceRef,
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  phase: z.enum(["Active", "Terminating"]),
  createdAt: z.string(),
  labels: z.record(z.string(), z.string()),
  virtualMachines: z.object({
    total: z.number().int(),
    running: z.number().int(),
    attention: z.number().int(),
  }),
  quota: z.array(quotaLine),
  actions: z.object({
    createVirtualMachine: actionDecision,
    uploadImage: actionDecision,
    delete: actionDecision,
  }),
});
export type ProjectRow = z.infer<typeof projectRow>;

export const projectList = listOf(projectRow);
export type ProjectList = z.infer<typeof projectList>;

export const createProject = z.strictObject({
  name: labelName,
  displayName: z.string().max(200).default(""),
  description: z.string().max(2000).default(""),
});
export type CreateProject = z.infer<typeof createProject>;
