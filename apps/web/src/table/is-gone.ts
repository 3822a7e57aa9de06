/** Whether a refusal means that what was asked for is not there any more: for a deletion no failure. */
import { ApiError } from "../api/api-error.ts";

/** A cluster that does not know the kind at all answers without a reason: nothing is gone then. */
export function isGone(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  const { code, detail } = error;
  if (code !== "not-found") return detail?.reason?.code === "vm-gone";
  return detail?.upstream === undefined || detail.upstream.reason === "NotFound";
}
