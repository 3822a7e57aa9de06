/**
 * Logs of pods as a stream, opened with a ticket as consoles are. The server sends one JSON message per text frame and reads
 * nothing; who comes back says in the next ticket what he already has.
 */
import { z } from "zod";

/** The subprotocol of a log's socket. */
export const podLogProtocol = "kubev.pod-log.v1";

const container = z.string().min(1).max(63);

/** The newest line that was received, so that a stream goes on behind it. */
export const podLogPlace = z.strictObject({
  /** Its time as the cluster wrote it, RFC 3339 with nanoseconds. */
  at: z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/),
  /** How many received lines bear that very time. */
  lines: z.number().int().min(1),
});
export type PodLogPlace = z.infer<typeof podLogPlace>;

export const podLogTicketRequest = z.strictObject({
  container,
  /** Of the container's run before this one, which is over. */
  previous: z.boolean().default(false),
  /** How many of the newest lines to begin with; nothing where `after` is given. */
  tailLines: z.number().int().min(1).max(10_000).default(1000),
  after: podLogPlace.nullable().default(null),
});

export type PodLogTicketRequest = z.input<typeof podLogTicketRequest>;

export const podLogLine = z.object({
  /** As the cluster wrote it; '' where a line came without a time. */
  at: z.string(),
  text: z.string(),
  /** The line is longer than what is shown of it. */
  cut: z.literal(true).optional(),
});
export type PodLogLine = z.infer<typeof podLogLine>;

export const podLogMessage = z.discriminatedUnion("type", [
  z.object({ type: z.literal("lines"), lines: z.array(podLogLine) }),
  /** What became of the container, in the order of what it wrote. */
  z.object({
    type: z.literal("container"),
    state: z.enum(["waiting", "running", "ended"]),
    restarts: z.number().int(),
    exitCode: z.number().int().nullable(),
    /** The host's own words. */
    reason: z.string(),
    message: z.string(),
  }),
  /** The cluster does not answer; it is asked again. */
  z.object({ type: z.literal("away"), text: z.string() }),
  /** The last message: nothing more will be written, the pod is gone, it is cut off again and again, or the cluster refuses. */
  z.object({ type: z.literal("over"), why: z.enum(["ended", "gone", "cut", "refused"]), text: z.string() }),
]);
export type PodLogMessage = z.infer<typeof podLogMessage>;
