/** Long work under way, derived from the cluster's own state, so that it survives a reload and a restart. */
import { z } from "zod";
import { reason, tone } from "./reason.ts";
import { resourceRef } from "./resource-ref.ts";

export const task = z.object({
  id: z.string(),
  kind: z.enum([
    "import",
    "upload",
    "clone",
    "migration",
    "snapshot",
    "restore",
    "start",
    "stop",
    "delete",
    "drain",
  ]),
  ref: resourceRef,
  progressPercent: z.number().nullable(),
  tone,
  reason: reason.optional(),
  /** Null where nothing in the cluster says when it began. */
  startedAt: z.string().nullable(),
});
export type Task = z.infer<typeof task>;
export const tasksReply = z.object({ tasks: z.array(task) });
export type TasksReply = z.infer<typeof tasksReply>;
