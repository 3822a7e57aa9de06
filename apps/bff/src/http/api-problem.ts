/** An error that a route raises on purpose; everything else is mapped from what the cluster or a library threw. */
import type {
  CurrentText,
  ErrorCode,
  FieldConflict,
  FieldError,
  UpstreamAnswer,
} from "@kubev/api-types/errors";
import type { Reason } from "@kubev/api-types/reason";

export const statusOfCode: Readonly<Record<ErrorCode, number>> = {
  unauthenticated: 401,
  "session-expired": 401,
  "sign-in-refused": 401,
  forbidden: 403,
  "not-found": 404,
  conflict: 409,
  "already-exists": 409,
  invalid: 422,
  "bad-request": 400,
  "too-large": 413,
  "rate-limited": 429,
  "origin-refused": 403,
  "ticket-refused": 403,
  "console-busy": 409,
  "image-refused": 422,
  "upload-incomplete": 400,
  "capability-missing": 501,
  "upstream-unavailable": 503,
  "upstream-timeout": 504,
  "upstream-error": 502,
  "store-unavailable": 503,
  draining: 503,
  internal: 500,
};

export interface ProblemDetails {
  reason?: Reason | undefined;
  fields?: FieldError[] | undefined;
  upstream?: UpstreamAnswer | undefined;
  current?: CurrentText | undefined;
  conflicts?: FieldConflict[] | undefined;
  retryAfterSeconds?: number | undefined;
  /** It was sent to the cluster and may have been done. */
  outcomeUnknown?: boolean | undefined;
}

export class ApiProblem extends Error {
  readonly code: ErrorCode;
  readonly details: ProblemDetails;
  constructor(code: ErrorCode, details: ProblemDetails = {}, cause?: unknown) {
    super(details.reason?.code ?? code, { cause });
    this.name = "ApiProblem";
    this.code = code;
    this.details = details;
  }
}

/** What does not exist and what must not be known look the same. */
export function notFound(): ApiProblem {
  return new ApiProblem("not-found");
}

/** @param ttlMs until more are taken */
export function tooManyTries(ttlMs: number): ApiProblem {
  return new ApiProblem("rate-limited", {
    reason: { code: "too-many-tries", params: { seconds: Math.ceil(ttlMs / 1000) } },
    retryAfterSeconds: ttlMs / 1000,
  });
}
