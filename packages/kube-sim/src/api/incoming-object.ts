/** Checks the identity of an object that a client sends: version, kind, name, namespace. */
import { apiVersionOf, type Kind } from "../schema/kind.ts";
import type { KubeObject, NewObject } from "../store/kube-object.ts";
import { badRequest } from "../store/status-error.ts";
import { asCoreEvent, EVENTS_GROUP } from "../schema/event-versions.ts";
import { isRecord } from "./json-patch.ts";
import type { ResourceRequest } from "./request-info.ts";

const listOf = (value: unknown): string => JSON.stringify(value);

/** The body as an object of `kind`; throws 400 as the API server does. */
export function readIncomingObject(body: unknown, kind: Kind, info: ResourceRequest): NewObject {
  if (!isRecord(body)) {
    throw badRequest(
      `couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(body) ? "array" : typeof body} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    );
  }
  const expected = apiVersionOf(info.group, info.version);
  const apiVersion = body["apiVersion"] ?? (kind.custom ? undefined : expected);
  const kindName = body["kind"] ?? (kind.custom ? undefined : kind.kind);
  if (typeof kindName !== "string" || kindName === "")
    throw badRequest(`Object 'Kind' is missing in '${listOf(body)}'`);
  if (typeof apiVersion !== "string" || apiVersion === "") {
    throw badRequest(`Object 'apiVersion' is missing in '${listOf(body)}'`);
  }
  if (apiVersion !== expected || kindName !== kind.kind) {
    throw badRequest(
      apiVersion === expected
        ? `${kindName} in version "${info.version}" cannot be handled as a ${kind.kind}: no kind "${kindName}" is registered for version "${apiVersion}"`
        : `the API version in the data (${apiVersion}) does not match the expected API version (${expected})`,
    );
  }
  const metadata = body["metadata"] ?? {};
  if (!isRecord(metadata)) {
    throw badRequest(
      `${kind.kind} in version "${info.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${typeof metadata} into Go struct field ObjectMeta`,
    );
  }
  checkMetadata(metadata, kind, info);
  const given = metadata["namespace"];
  if (kind.namespaced && given !== undefined && given !== "" && given !== info.namespace) {
    throw badRequest("the namespace of the provided object does not match the namespace sent on the request");
  }
  const { namespace: _namespace, ...rest } = metadata;
  const object = {
    ...body,
    apiVersion,
    kind: kindName,
    metadata: kind.namespaced ? { ...rest, namespace: info.namespace } : rest,
  };
  return info.group === EVENTS_GROUP ? asCoreEvent(object) : object;
}

/** Labels and annotations must be maps of strings. */
function checkMetadata(metadata: Record<string, unknown>, kind: Kind, info: ResourceRequest): void {
  for (const field of ["labels", "annotations"]) {
    const map = metadata[field];
    if (map === undefined || map === null) continue;
    if (!isRecord(map)) {
      throw badRequest(
        `${kind.kind} in version "${info.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${Array.isArray(map) ? "array" : typeof map} into Go struct field ObjectMeta.metadata.${field} of type map[string]string`,
      );
    }
    for (const value of Object.values(map)) {
      if (typeof value === "string") continue;
      throw badRequest(
        `${kind.kind} in version "${info.version}" cannot be handled as a ${kind.kind}: json: cannot unmarshal ${typeof value === "boolean" ? "bool" : typeof value} into Go struct field ObjectMeta.metadata.${field} of type string`,
      );
    }
  }
}

/** For PUT: the name must be the URL's. */
export function readReplacement(body: unknown, kind: Kind, info: ResourceRequest): KubeObject {
  const object = readIncomingObject(body, kind, info);
  const { name } = object.metadata;
  if (name === undefined || name === "") {
    throw badRequest("name must be provided");
  }
  if (name !== info.name) {
    throw badRequest(`the name of the object (${name}) does not match the name on the URL (${info.name})`);
  }
  return object as KubeObject; // the store fills in what a client may leave out
}
