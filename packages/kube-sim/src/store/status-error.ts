/** Failures in the exact words and form of Kubernetes: what a client parses is `status`. */
import { qualifiedKind, qualifiedResource, type Kind } from "../schema/kind.ts";
import type { GroupResource } from "./object-store.ts";

export interface StatusCause {
  reason?: string;
  message?: string;
  field?: string;
}

export interface Status {
  kind: "Status";
  apiVersion: "v1";
  metadata: Record<string, unknown>;
  status: "Failure" | "Success";
  message?: string;
  reason?: string;
  details?: {
    name?: string;
    group?: string;
    kind?: string;
    uid?: string;
    causes?: StatusCause[];
    retryAfterSeconds?: number;
  };
  code?: number;
}

export class StatusError extends Error {
  readonly status: Status;
  readonly code: number;
  constructor(code: number, reason: string | undefined, message: string, details?: Status["details"]) {
    super(message);
    this.code = code;
    this.status = {
      kind: "Status",
      apiVersion: "v1",
      metadata: {},
      status: "Failure",
      message,
      ...(reason === undefined ? {} : { reason }),
      ...(details === undefined ? {} : { details }),
      code,
    };
  }
}

const detailsOf = (kind: GroupResource, name: string | undefined): NonNullable<Status["details"]> => ({
  ...(name === undefined ? {} : { name }),
  ...(kind.group === "" ? {} : { group: kind.group }),
  kind: kind.resource,
});

export const notFound = (kind: GroupResource, name: string): StatusError =>
  new StatusError(404, "NotFound", `${qualifiedResource(kind)} "${name}" not found`, detailsOf(kind, name));

/** No such path. */
export const pageNotFound = (): StatusError =>
  new StatusError(404, "NotFound", "the server could not find the requested resource", {});

export const alreadyExists = (kind: GroupResource, name: string): StatusError =>
  new StatusError(
    409,
    "AlreadyExists",
    `${qualifiedResource(kind)} "${name}" already exists`,
    detailsOf(kind, name),
  );

export const conflict = (kind: GroupResource, name: string, text: string): StatusError =>
  new StatusError(
    409,
    "Conflict",
    `Operation cannot be fulfilled on ${qualifiedResource(kind)} "${name}": ${text}`,
    detailsOf(kind, name),
  );

export const staleVersion = (kind: GroupResource, name: string): StatusError =>
  conflict(
    kind,
    name,
    "the object has been modified; please apply your changes to the latest version and try again",
  );

export const badRequest = (message: string): StatusError => new StatusError(400, "BadRequest", message);

export const forbidden = (kind: GroupResource, name: string | undefined, text: string): StatusError =>
  new StatusError(
    403,
    "Forbidden",
    name === undefined || name === ""
      ? `${qualifiedResource(kind)} is forbidden: ${text}`
      : `${qualifiedResource(kind)} "${name}" is forbidden: ${text}`,
    detailsOf(kind, name === "" ? undefined : name),
  );

/** 422 with one cause per broken field; the message lists them as Kubernetes does. */
export function invalid(kind: Kind, name: string, causes: Required<StatusCause>[]): StatusError {
  const parts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = parts.length === 1 ? parts[0] : `[${parts.join(", ")}]`;
  return new StatusError(422, "Invalid", `${qualifiedKind(kind)} "${name}" is invalid: ${text}`, {
    name,
    ...(kind.group === "" ? {} : { group: kind.group }),
    kind: kind.kind,
    causes,
  });
}

export const methodNotAllowed = (): StatusError =>
  new StatusError(
    405,
    "MethodNotAllowed",
    "the server does not allow this method on the requested resource",
    {},
  );

export const tooOld = (requested: string, current: number): StatusError =>
  new StatusError(410, "Expired", `too old resource version: ${requested} (${current})`);

export const unauthorized = (): StatusError => new StatusError(401, "Unauthorized", "Unauthorized");

export const internalError = (text: string): StatusError =>
  new StatusError(500, "InternalError", `Internal error occurred: ${text}`, { causes: [{ message: text }] });

/** What kube-sim does not implement says so. */
export const notImplemented = (what: string): StatusError =>
  new StatusError(501, "NotImplemented", `kube-sim does not implement ${what}`);

/** 422 for list options that contradict each other. */
export const invalidOptions = (field: string, text: string): StatusError =>
  new StatusError(422, "Invalid", `ListOptions.meta.k8s.io "" is invalid: ${field}: ${text}`, {
    group: "meta.k8s.io",
    kind: "ListOptions",
    causes: [{ reason: "FieldValueForbidden", message: text, field }],
  });
