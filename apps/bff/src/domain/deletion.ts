/** A deletion under way: since when, and what it waits for. Pure. */
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";

export interface Deletion {
  /** When it was asked for; '' where the cluster does not say it in a way that can be read. */
  startedAt: string;
  /** Names of those that have to let the object go first; empty where it only has to end. */
  finalizers: readonly string[];
}

interface DeletedMeta {
  deletionTimestamp?: string;
  deletionGracePeriodSeconds?: number;
  finalizers?: string[];
}

/** Null where nothing is deleted. Kubernetes writes when the grace ends, which is the asking and the grace together. */
export function deletionOf({
  deletionTimestamp,
  deletionGracePeriodSeconds = 0,
  finalizers = [],
}: DeletedMeta): Deletion | null {
  if (deletionTimestamp === undefined) return null;
  const atMs = Date.parse(deletionTimestamp) - deletionGracePeriodSeconds * 1000;
  return { startedAt: Number.isNaN(atMs) ? "" : new Date(atMs).toISOString(), finalizers };
}

/** Undefined where it waits for nobody. */
export function deletionReason(deletion: Deletion | null | undefined): Reason | undefined {
  const finalizers = deletion?.finalizers ?? [];
  return finalizers.length === 0
    ? undefined
    : reasonOf("deletion-waits", { finalizers: finalizers.join(", ") });
}

/** What is deleted is gone within seconds, but for guests that are given minutes to shut down. */
const longMs = 10 * 60_000;

/** The last moment, epoch milliseconds, at which nobody needs to look at it; never where it is not known since when it goes. */
export function patienceEndsMs({ startedAt }: Deletion): number {
  return startedAt === "" ? Number.POSITIVE_INFINITY : Date.parse(startedAt) + longMs;
}

/** Whether it takes so long that somebody should look at it. */
export function hangs(deletion: Deletion, nowMs: number): boolean {
  return nowMs > patienceEndsMs(deletion);
}
