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

/** A path that no handler knows, below an API that is served. */
export const pageNotFound = (): StatusError =>
  new StatusError(404, "NotFound", "the server could not find the requested resource", {});

/** A failure that is no Status but a line of text. */
export class PlainError extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(text);
    this.code = code;
  }
}

/** No API at all: an unknown group, version or custom resource. Source: apiserver's pkg/server/mux and crdHandler. */
export const noSuchApi = (): PlainError => new PlainError(404, "404 page not found\n");

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

/** A verb that a custom kind does not know: apiextensions-apiserver's pkg/apiserver/customresource_handler.go. */
export const verbNotSupported = (kind: GroupResource, verb: string): StatusError =>
  new StatusError(
    405,
    "MethodNotAllowed",
    `${verb} is not supported on resources of kind "${qualifiedResource(kind)}"`,
    detailsOf(kind, undefined),
  );

export const tooOld = (requested: string, current: number): StatusError =>
  new StatusError(410, "Expired", `too old resource version: ${requested} (${current})`);

export const unauthorized = (): StatusError => new StatusError(401, "Unauthorized", "Unauthorized");

export const internalError = (text: string): StatusError =>
  new StatusError(500, "InternalError", `Internal error occurred: ${text}`, { causes: [{ message: text }] });

/** What kube-sim does not implement says so. */
export const notImplemented = (what: string): StatusError =>
  new StatusError(501, "NotImplemented", `kube-sim does not implement ${what}`);

/** 422 for the options of a request, e.g. `ListOptions`: one cause for each that is wrong. */
export function invalidOptions(kind: string, causes: Required<StatusCause>[]): StatusError {
  const parts = causes.map((cause) => `${cause.field}: ${cause.message}`);
  const text = parts.length === 1 ? parts[0] : `[${parts.join(", ")}]`;
  return new StatusError(422, "Invalid", `${kind}.meta.k8s.io "" is invalid: ${text}`, {
    group: "meta.k8s.io",
    kind,
    causes,
  });
}
