/** Whether a refusal means that what was asked for is not there any more: for a deletion no failure. */
import { ApiError } from "../api/api-error.ts";

export const isGone = (error: unknown): boolean =>
  error instanceof ApiError && (error.code === "not-found" || error.detail?.reason?.code === "vm-gone");
