/** Kubernetes events of one object and of what it owns, read as the caller. */
import { z } from "zod";

export const eventRow = z.object({
  uid: z.string(),
  type: z.enum(["Normal", "Warning"]),
  reason: z.string(),
  message: z.string(),
  count: z.number().int(),
  firstAt: z.string(),
  lastAt: z.string(),
  source: z.string(),
  object: z.object({ kind: z.string(), name: z.string() }),
});
export type EventRow = z.infer<typeof eventRow>;
export const eventsReply = z.object({ events: z.array(eventRow) });
export type EventsReply = z.infer<typeof eventsReply>;
