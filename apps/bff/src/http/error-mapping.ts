/** The one place where anything thrown becomes the API's error: the cluster's Status, validation, store, sign-in, the rest. */
import { quantityPattern } from "@kubev/api-types/objects/quota";
import { macPattern } from "@kubev/api-types/vm-create";
import type { ApiError, ErrorCode, FieldError } from "@kubev/api-types/errors";
import type { Reason } from "@kubev/api-types/reason";
import { z } from "zod";
import { reasonOf } from "../domain/reasons.ts";
import { SignInRefusedError } from "../identity/oidc.ts";
import { SessionLostError } from "../identity/session.ts";
import { UnsafeIdentityError } from "../kube/acting-identity.ts";
import { KubeError, KubeUnreachableError } from "../kube/kube-error.ts";
import { BadSegmentError } from "../kube/kube-path.ts";
import { StoreUnavailableError } from "../store/store-error.ts";
import { ApiProblem, statusOfCode } from "./api-problem.ts";

/** Maps a JSON path of a Kubernetes object to a field of our form; null when no field of ours is meant. */
export type FieldMap = (kubernetesField: string) => string | null;

function codeOfStatus(status: number, reason: string): ErrorCode {
  if (reason === "AlreadyExists") return "already-exists";
  switch (status) {
    case 400:
      return "bad-request";
    case 403:
      return "forbidden";
    case 404:
      return "not-found";
    case 409:
      return "conflict";
    case 413:
      return "too-large";
    case 422:
      return "invalid";
    case 429:
      return "rate-limited";
    case 501:
      return "capability-missing";
    case 503:
      return "upstream-unavailable";
    case 504:
      return "upstream-timeout";
    default:
      return "upstream-error";
  }
}

/** How Kubernetes words a missing right (staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go). */
const missingRight =
  /cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "[^"]*" (?:in the namespace "(?<project>[^"]+)"|at the cluster scope)/;

/** The right that the caller lacks, by the cluster's words; others refuse with 403 too, in words of their own. */
function reasonOfRefusal({ status, message }: KubeError): Reason {
  if (status === 401) return reasonOf("console-account-refused", undefined, message);
  const { verb, resource, project } = (status === 403 ? missingRight.exec(message)?.groups : undefined) ?? {};
  return verb === undefined || resource === undefined
    ? reasonOf("upstream-refused", undefined, message)
    : reasonOf("no-permission", { verb, resource, ...(project === undefined ? {} : { project }) }, message);
}

/**
 * The cluster's refusal; a 401 that comes so far means the console's own account, since people's are looked into (callers.ts).
 * Webhook messages stay verbatim, causes go to the form's fields.
 */
export function problemOfKubeError(error: KubeError, fieldMap?: FieldMap): ApiProblem {
  const fields: FieldError[] = error.causes.flatMap((cause) => {
    const path = fieldMap?.(cause.field) ?? (fieldMap === undefined ? cause.field : null);
    return path === null
      ? []
      : [{ path, reason: reasonOf("field-upstream", { field: cause.field }, cause.message) }];
  });
  return new ApiProblem(
    codeOfStatus(error.status, error.reason),
    {
      reason: reasonOfRefusal(error),
      ...(fields.length > 0 ? { fields } : {}),
      upstream: {
        status: error.status,
        ...(error.reason === "" ? {} : { reason: error.reason }),
        message: error.message,
      },
      retryAfterSeconds: error.retryAfterSeconds,
      outcomeUnknown: error.outcomeUnknown,
    },
    error,
  );
}

const isOfAddress = (issue: z.core.$ZodIssue) =>
  issue.code === "invalid_format" && (issue.format === "ipv4" || issue.format === "ipv6");

/** Where the pattern is not that of names, whose. */
function patternReason(pattern: string | undefined): Reason {
  if (pattern === String(macPattern)) return reasonOf("field-pattern", { expected: "mac" });
  if (pattern === String(quantityPattern)) return reasonOf("field-pattern", { expected: "amount" });
  return reasonOf("field-pattern");
}

function reasonOfIssue(issue: z.core.$ZodIssue): Reason {
  switch (issue.code) {
    case "too_big":
      return issue.origin === "string" || issue.origin === "array"
        ? reasonOf("field-too-long", { max: Number(issue.maximum) })
        : reasonOf("field-too-large", { max: Number(issue.maximum) });
    case "too_small":
      if (issue.origin === "string" && Number(issue.minimum) === 1) return reasonOf("field-required");
      return issue.origin === "string" || issue.origin === "array"
        ? reasonOf("field-too-short", { min: Number(issue.minimum) })
        : reasonOf("field-too-small", { min: Number(issue.minimum) });
    case "invalid_type":
      return issue.input === undefined
        ? reasonOf("field-required")
        : reasonOf("field-type", { expected: issue.expected });
    case "invalid_value":
      return reasonOf("field-choice", { choices: issue.values.map(String).join(", ") });
    case "invalid_format":
      return patternReason(issue.pattern);
    case "invalid_union":
      // a kind that there is not leaves no way that was tried
      return issue.errors.length > 0 && issue.errors.flat().every(isOfAddress)
        ? reasonOf("field-invalid", { expected: "ip" })
        : reasonOf("field-invalid");
    case "unrecognized_keys":
      return reasonOf("field-unknown", { keys: issue.keys.join(", ") });
    default:
      return reasonOf("field-invalid");
  }
}

/** What a schema found wrong, as fields of the request. */
export function fieldsOfZodError(error: z.ZodError): FieldError[] {
  const fields = new Map<string, FieldError>();
  for (const issue of error.issues) {
    const path = issue.path.map(String).join(".");
    // what is empty is not also misspelt: the first thing to mend is said, the next one after it
    if (!fields.has(path)) fields.set(path, { path, reason: reasonOfIssue(issue) });
  }
  return [...fields.values()];
}

function codeOf(error: unknown): string {
  return typeof error === "object" && error !== null && "code" in error ? String(error.code) : "";
}

/** What Fastify and its parts would not read is the asker's mistake, not ours: anybody may ask for it. */
function isRefusedByLibrary(error: unknown, code: string): boolean {
  if (!code.startsWith("FST_")) return false;
  const status = typeof error === "object" && error !== null && "statusCode" in error ? error.statusCode : 0;
  return typeof status === "number" && status >= 400 && status < 500;
}

/** Anything thrown, as a problem. What is not recognised is `internal` and says nothing about itself. */
export function problemOf(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (error instanceof KubeError) return problemOfKubeError(error);
  if (error instanceof KubeUnreachableError) {
    const timeout = error.kind === "timeout";
    return new ApiProblem(
      timeout ? "upstream-timeout" : "upstream-unavailable",
      {
        reason: reasonOf(timeout ? "upstream-silent" : "upstream-unreachable"),
        outcomeUnknown: error.outcomeUnknown,
      },
      error,
    );
  }
  if (error instanceof z.ZodError)
    return new ApiProblem("invalid", { fields: fieldsOfZodError(error) }, error);
  if (error instanceof BadSegmentError) return new ApiProblem("not-found", {}, error);
  if (error instanceof StoreUnavailableError)
    return new ApiProblem("store-unavailable", { reason: reasonOf("store-down") }, error);
  if (error instanceof SessionLostError)
    return new ApiProblem("session-expired", { reason: reasonOf("credential-expired") }, error);
  if (error instanceof SignInRefusedError)
    return new ApiProblem(
      "sign-in-refused",
      { reason: reasonOf(error.code, undefined, error.message) },
      error,
    );
  if (error instanceof UnsafeIdentityError)
    return new ApiProblem(
      "sign-in-refused",
      { reason: reasonOf("token-refused", undefined, error.message) },
      error,
    );
  const code = codeOf(error);
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new ApiProblem("too-large", {}, error);
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE")
    return new ApiProblem(
      "bad-request",
      { reason: reasonOf("content-type-wrong", { expected: "application/json" }) },
      error,
    );
  if (isRefusedByLibrary(error, code) || error instanceof SyntaxError)
    return new ApiProblem("bad-request", {}, error);
  return new ApiProblem("internal", {}, error);
}

/** The body and status that go out. */
export function errorReply(problem: ApiProblem, requestId: string): { status: number; body: ApiError } {
  const { reason, fields, upstream, current, conflicts, retryAfterSeconds, outcomeUnknown } = problem.details;
  return {
    status: statusOfCode[problem.code],
    body: {
      error: {
        code: problem.code,
        ...(reason === undefined ? {} : { reason }),
        ...(fields === undefined ? {} : { fields }),
        ...(upstream === undefined ? {} : { upstream }),
        ...(current === undefined ? {} : { current }),
        ...(conflicts === undefined ? {} : { conflicts }),
        ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
        ...(outcomeUnknown === true ? { outcomeUnknown } : {}),
        requestId,
      },
    },
  };
}
