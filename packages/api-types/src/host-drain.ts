/** Emptying a host: the plan of who goes where and who cannot, then the work itself, which goes on without the page. */
import { z } from "zod";
import { reason } from "./reason.ts";

/**
 * What becomes of one thing on the host: `migrates` without a break; `restarts` elsewhere after a break; `stops` and does not
 * come back by itself; `goes`: a pod that its controller makes anew elsewhere; `stays`: it belongs to the host; `blocked`.
 */
export const drainOutcome = z.enum(["migrates", "restarts", "stops", "goes", "stays", "blocked"]);
export type DrainOutcome = z.infer<typeof drainOutcome>;

export const drainPlanItem = z.object({
  kind: z.enum(["machine", "pod"]),
  project: z.string(),
  name: z.string(),
  /** The pod that carries it. */
  pod: z.string(),
  owner: z.string(),
  cpuCores: z.number(),
  memoryBytes: z.number(),
  outcome: drainOutcome,
  /** Where it is expected to go; null where that is not foreseen. The cluster's scheduler decides. */
  target: z.string().nullable(),
  /** Why it cannot go, or what there is to know about how it goes. */
  reason: reason.optional(),
});
export type DrainPlanItem = z.infer<typeof drainPlanItem>;

/** What a person may agree to lose; without it such pods block. */
export const drainOptions = z.strictObject({
  /** Pods with scratch space on the host: what is in it is lost. */
  deleteLocalData: z.boolean().default(false),
  /** Pods that no controller makes anew. */
  deleteUnmanaged: z.boolean().default(false),
});
export type DrainOptions = z.infer<typeof drainOptions>;

export const drainPlan = z.object({
  host: z.string(),
  items: z.array(drainPlanItem),
  counts: z.record(drainOutcome, z.number().int()),
  /** Hosts that could take machines. */
  openHosts: z.number().int(),
  madeAt: z.string(),
});
export type DrainPlan = z.infer<typeof drainPlan>;

export const drainQuery = z.object({
  deleteLocalData: z.enum(["true", "false"]).default("false"),
  deleteUnmanaged: z.enum(["true", "false"]).default("false"),
});

export const drainItemState = z.enum(["waiting", "moving", "gone", "blocked", "stays"]);

export const drainItem = z.object({
  kind: z.enum(["machine", "pod"]),
  project: z.string(),
  name: z.string(),
  pod: z.string(),
  state: drainItemState,
  /** Where it went, once known. */
  target: z.string().nullable(),
  reason: reason.optional(),
});
export type DrainItem = z.infer<typeof drainItem>;

/** Kept by the server that does it until it ends; the host itself stays cordoned whatever happens. */
export const drainState = z.object({
  host: z.string(),
  phase: z.enum(["running", "done", "cancelled", "failed"]),
  reason: reason.optional(),
  startedBy: z.string(),
  startedAt: z.string(),
  endedAt: z.string().nullable(),
  items: z.array(drainItem),
  /** Of what has to go. */
  gone: z.number().int(),
  total: z.number().int(),
});
export type DrainState = z.infer<typeof drainState>;
/** Null: nobody drained this host since the server started. */
export const drainReply = z.object({ drain: drainState.nullable() });
