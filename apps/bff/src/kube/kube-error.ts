/** What the cluster answered when it did not do what was asked, in one shape whatever wire form it had (api-surface §1). */
import { mayBeDone } from "./unknown-outcome.ts";

export interface StatusCause {
  /** JSON path as Kubernetes writes it, e.g. `spec.template.spec.domain.memory`. */
  field: string;
  message: string;
  reason: string;
}

/** An answer of the cluster that is no success. `message` is verbatim. */
export class KubeError extends Error {
  readonly status: number;
  readonly reason: string;
  readonly causes: readonly StatusCause[];
  readonly retryAfterSeconds: number | undefined;
  /** Of a write: it may have been done all the same. */
  readonly outcomeUnknown: boolean;
  constructor(
    status: number,
    reason: string,
    message: string,
    causes: readonly StatusCause[] = [],
    retryAfterSeconds?: number,
    outcomeUnknown = false,
  ) {
    super(message);
    this.name = "KubeError";
    this.status = status;
    this.reason = reason;
    this.causes = causes;
    this.retryAfterSeconds = retryAfterSeconds;
    this.outcomeUnknown = outcomeUnknown;
  }
}

/** Whether the write lost against another one: the object was stored anew since it was read. */
export function isStale(error: unknown): boolean {
  return error instanceof KubeError && error.status === 409 && error.reason === "Conflict";
}

/** The cluster could not be reached, or did not answer in time. */
export class KubeUnreachableError extends Error {
  readonly kind: "unreachable" | "timeout" | "aborted";
  /** Of a write: it was sent, and may have been done. */
  readonly outcomeUnknown: boolean;
  constructor(
    kind: "unreachable" | "timeout" | "aborted",
    message: string,
    cause?: unknown,
    outcomeUnknown = false,
  ) {
    super(message, { cause });
    this.name = "KubeUnreachableError";
    this.kind = kind;
    this.outcomeUnknown = outcomeUnknown;
  }
}

interface StatusBody {
  kind?: unknown;
  message?: unknown;
  reason?: unknown;
  code?: unknown;
  details?: { causes?: unknown; retryAfterSeconds?: unknown };
}

function causesOf(value: unknown): StatusCause[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((cause: unknown) => {
    if (typeof cause !== "object" || cause === null) return [];
    const { field, message, reason } = cause as Record<string, unknown>; // narrowed to object above
    return [
      {
        field: typeof field === "string" ? field : "",
        message: typeof message === "string" ? message : "",
        reason: typeof reason === "string" ? reason : "",
      },
    ];
  });
}

/**
 * What a plain-text answer means. virt-api's own access review, and CDI's for upload tokens, refuse with a 401 of plain text
 * (api-surface §1), where the API server's own 401 is a Status; virt-api's GET handlers hide statuses inside a 500.
 */
function textReason(status: number, text: string): { status: number; reason: string } {
  if (status === 401) return { status: 403, reason: "Forbidden" };
  if (status !== 500) return { status, reason: "" };
  if (text.startsWith("Operation cannot be fulfilled")) return { status: 409, reason: "Conflict" };
  if (text.trim().endsWith(" not found")) return { status: 404, reason: "NotFound" };
  return { status, reason: "InternalError" };
}

/** Reads an error body, JSON Status or plain text. `retryAfter` is the header's value; `isWrite` whether a change was asked for. */
export function kubeErrorFrom(status: number, body: string, retryAfter?: string, isWrite = false): KubeError {
  const seconds = Number(retryAfter);
  const retryAfterSeconds = Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  const trimmed = body.trim();
  if (trimmed.startsWith("{")) {
    try {
      const parsed = JSON.parse(trimmed) as StatusBody; // every field is checked before use
      const message = typeof parsed.message === "string" ? parsed.message : trimmed;
      const reason = typeof parsed.reason === "string" ? parsed.reason : "";
      return new KubeError(
        status,
        reason,
        message,
        causesOf(parsed.details?.causes),
        retryAfterSeconds,
        isWrite && mayBeDone(status, reason, message),
      );
    } catch {
      // not JSON after all: taken as text below
    }
  }
  // virt-api answers upgrades without an Upgrade header with "Bad Request\n{Status}"
  const brace = trimmed.indexOf("\n{");
  if (brace > 0) return kubeErrorFrom(status, trimmed.slice(brace + 1), retryAfter, isWrite);
  const told = textReason(status, trimmed);
  return new KubeError(
    told.status,
    told.reason,
    trimmed || `The cluster answered ${status}`,
    [],
    retryAfterSeconds,
    isWrite && mayBeDone(status, "", trimmed),
  );
}
