/** The one error body of the console's API. Every code here is documented in docs/errors.md (a test keeps both equal). */
import { z } from "zod";
import { reason } from "./reason.ts";

export const errorCode = z.enum([
  "unauthenticated",
  "session-expired",
  "sign-in-refused",
  "forbidden",
  "not-found",
  "conflict",
  "already-exists",
  "invalid",
  "bad-request",
  "too-large",
  "rate-limited",
  "origin-refused",
  "ticket-refused",
  "console-busy",
  "image-refused",
  "upload-incomplete",
  "capability-missing",
  "upstream-unavailable",
  "upstream-timeout",
  "upstream-error",
  "store-unavailable",
  "draining",
  "internal",
]);
export type ErrorCode = z.infer<typeof errorCode>;

/** One field that is wrong. `path` addresses the request body, e.g. `disks.0.sizeBytes`; `` is the whole body. */
export const fieldError = z.object({ path: z.string(), reason });
export type FieldError = z.infer<typeof fieldError>;

/** What the cluster itself answered, verbatim. */
export const upstreamAnswer = z.object({
  status: z.number().int(),
  reason: z.string().optional(),
  message: z.string(),
});
export type UpstreamAnswer = z.infer<typeof upstreamAnswer>;

/** What somebody else stored meanwhile, in a `conflict` over an edited text: enough to show what changed and to merge. */
export const currentText = z.object({ yaml: z.string(), resourceVersion: z.string() });
export type CurrentText = z.infer<typeof currentText>;

/** A field that the person and somebody else changed since the person began, as both now have it; absent where empty. */
export const fieldConflict = z.object({
  path: z.string(),
  theirs: z.unknown().optional(),
  yours: z.unknown().optional(),
});
export type FieldConflict = z.infer<typeof fieldConflict>;

export const apiError = z.object({
  error: z.object({
    code: errorCode,
    /** Optional refinement of `code`, for which the browser has a sentence of its own. */
    reason: reason.optional(),
    fields: z.array(fieldError).optional(),
    upstream: upstreamAnswer.optional(),
    current: currentText.optional(),
    /** Of a `conflict` over a form; everything else of the form could be stored. */
    conflicts: z.array(fieldConflict).optional(),
    /** Seconds to wait before another try makes sense. */
    retryAfterSeconds: z.number().optional(),
    /** It was sent to the cluster, and may have been done; absent where it is known that it was not. */
    outcomeUnknown: z.literal(true).optional(),
    requestId: z.string(),
  }),
});
export type ApiError = z.infer<typeof apiError>;
