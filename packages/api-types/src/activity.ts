/** The audit trail: every write and every console session. */
import { z } from "zod";
import { reason } from "./reason.ts";
import { noun } from "./resource-ref.ts";

export const activityOutcome = z.enum(["ok", "refused", "failed", "running"]);

export const activityRow = z.object({
  id: z.string(),
  at: z.string(),
  user: z.string(),
  /** `start`, `create`, `delete`, `console.vnc.open`, … */
  action: z.string(),
  noun,
  project: z.string().optional(),
  /** Of a session, how somebody signed in: a `SignInMode`. */
  name: z.string(),
  outcome: activityOutcome,
  reason: reason.optional(),
  sourceIp: z.string(),
  requestId: z.string(),
  /** JSON pointer → old and new value; secrets never appear. */
  diff: z.array(z.object({ path: z.string(), old: z.unknown().optional(), new: z.unknown().optional() })),
});
export type ActivityRow = z.infer<typeof activityRow>;

export const activityQuery = z.object({
  project: z.string().max(63).optional(),
  noun: noun.optional(),
  name: z.string().max(253).optional(),
  user: z.string().max(253).optional(),
  /** Part of the name, the person's name or the action, whatever its case; looked for in the newest 50,000 rows. */
  q: z.string().trim().min(1).max(100).optional(),
  outcome: activityOutcome.optional(),
  /** Not older than this, and not newer than that: ISO 8601. */
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
  /** Opaque cursor from the previous reply. */
  before: z.string().max(100).optional(),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});
export type ActivityQuery = z.infer<typeof activityQuery>;

export const activityReply = z.object({ rows: z.array(activityRow), nextBefore: z.string().nullable() });
export type ActivityReply = z.infer<typeof activityReply>;
