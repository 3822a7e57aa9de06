/** A project: a Kubernetes namespace that the caller may see, with what it may use and what it uses. */
import { z } from "zod";
import { listOf } from "./list-query.ts";
import { fieldError } from "./errors.ts";
import { limitLine, quotaHard } from "./objects/quota.ts";
import { quotaLine } from "./quota-line.ts";
import { projectDeed } from "./project-deeds.ts";
import { actionDecision, reason } from "./reason.ts";
import { labelName, noun, resourceRef } from "./resource-ref.ts";

export const projectRow = z.object({
  ref: resourceRef,
  name: z.string(),
  displayName: z.string(),
  description: z.string(),
  phase: z.enum(["Active", "Terminating"]),
  createdAt: z.string(),
  labels: z.record(z.string(), z.string()),
  /** Null where the caller may not list the machines of the project. */
  virtualMachines: z
    .object({
      total: z.number().int(),
      running: z.number().int(),
      attention: z.number().int(),
    })
    .nullable(),
  /** The tightest line of each resource, none where no quota is set; null where the caller may not list quotas. */
  quota: z.array(quotaLine).nullable(),
  actions: z.object({
    createVirtualMachine: actionDecision,
    uploadImage: actionDecision,
    edit: actionDecision,
    delete: actionDecision,
  }),
});
export type ProjectRow = z.infer<typeof projectRow>;

/** What the pages inside a project know of it. */
export const projectDetail = projectRow.extend({
  /** Whether its secrets may be listed: what would be offered of them is not asked for otherwise. */
  listSecrets: actionDecision,
});

export const projectList = listOf(projectRow);
export type ProjectList = z.infer<typeof projectList>;

/** Keys and values as Kubernetes takes them. */
const labels = z.record(
  z
    .string()
    .max(317)
    .regex(/^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/),
  z
    .string()
    .max(63)
    .regex(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/),
);

const projectWords = {
  displayName: z.string().max(200).default(""),
  description: z.string().max(2000).default(""),
  labels: labels.default({}),
};

export const createProject = z.strictObject({
  name: labelName,
  ...projectWords,
  /** Lines of a ResourceQuota; without any, none is made. */
  quota: quotaHard.max(60).default([]),
  /** Lines of a LimitRange; without any, none is made. */
  limits: z.array(limitLine).max(60).default([]),
  members: z
    .array(
      z.strictObject({
        kind: z.enum(["User", "Group"]),
        name: z.string().min(1).max(253),
        /** A ClusterRole. */
        role: z.string().min(1).max(253),
      }),
    )
    .max(50)
    .default([]),
});
export type CreateProject = z.infer<typeof createProject>;

export const projectPreview = z.object({
  /** True when the cluster's dry run took the project itself; what lies in it can only be tried once it is there. */
  ok: z.boolean(),
  fields: z.array(fieldError),
  yaml: z.string(),
  warnings: z.array(z.string()),
});

export const projectCreated = z.object({
  project: projectRow,
  /** What the cluster refused after the project itself was there, in its words. */
  notMade: z.array(z.object({ kind: z.string(), name: z.string(), reason })),
});

/** `was` is what the person saw: where it is no longer so, the edit is refused as a conflict. */
export const editProject = z.strictObject({
  ...projectWords,
  was: z.strictObject(projectWords),
});

/** What goes with a project, as far as the caller may see it. */
export const projectDeletion = z.object({
  parts: z.array(z.object({ noun, count: z.number().int(), names: z.array(z.string()) })),
  /** True where something in it may not be seen by the caller. */
  more: z.boolean(),
});

/** What somebody may do in a project; the browser owns the words of each deed. */
export const projectDeeds = z.object({
  deeds: z.array(
    z.object({
      deed: projectDeed,
      decision: actionDecision,
      /** As Kubernetes names the right, e.g. `create` and `virtualmachines.kubevirt.io`. */
      verb: z.string(),
      resource: z.string(),
    }),
  ),
});
