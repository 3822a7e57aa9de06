/** Reads a request's path as Kubernetes does: which resource, in which namespace, by which verb. */

export interface ResourceRequest {
  kind: "resource";
  verb: string;
  group: string;
  version: string;
  namespace: string;
  resource: string;
  /** All segments after the name, e.g. `vnc/screenshot`; '' for the object itself. */
  subresource: string;
  name: string;
}

export interface PathRequest {
  kind: "path";
  verb: string;
  path: string;
}

export type RequestInfo = ResourceRequest | PathRequest;

const COLLECTION_VERBS: Record<string, string> = { GET: "list", POST: "create", DELETE: "deletecollection" };
const OBJECT_VERBS: Record<string, string> = {
  GET: "get",
  HEAD: "get",
  PUT: "update",
  PATCH: "patch",
  DELETE: "delete",
  POST: "create",
};
const NAMESPACE_SUBRESOURCES = new Set(["status", "finalize"]);

/** Throws URIError on a malformed escape. */
export function readRequestInfo(method: string, url: URL): RequestInfo {
  const path = url.pathname;
  const segments = path.split("/").filter((segment) => segment !== "");
  const decoded = segments.map((segment) => decodeURIComponent(segment));
  const head = decoded[0];
  const isCore = head === "api" && decoded.length >= 3;
  const isGroup = head === "apis" && decoded.length >= 4;
  if (!isCore && !isGroup) return { kind: "path", verb: method.toLowerCase(), path };
  const group = isCore ? "" : (decoded[1] ?? "");
  const version = (isCore ? decoded[1] : decoded[2]) ?? "";
  let rest = decoded.slice(isCore ? 2 : 3);
  let namespace = "";
  if (rest[0] === "namespaces" && rest[1] !== undefined) {
    namespace = rest[1];
    if (
      rest.length > 2 &&
      !(rest.length === 3 && NAMESPACE_SUBRESOURCES.has(rest[2] ?? "") && group === "")
    ) {
      rest = rest.slice(2);
    }
  }
  const [resource = "", name = "", ...sub] = rest;
  const info: ResourceRequest = {
    kind: "resource",
    verb:
      (name === "" ? COLLECTION_VERBS[method] : undefined) ?? OBJECT_VERBS[method] ?? method.toLowerCase(),
    group,
    version,
    namespace,
    resource,
    subresource: sub.join("/"),
    name,
  };
  if (info.verb === "list" || (info.verb === "get" && name === "")) {
    const watch = url.searchParams.get("watch");
    if (watch !== null && watch !== "false" && watch !== "0") info.verb = "watch";
    const single = /^metadata\.name={1,2}([^,!=]+)$/.exec(url.searchParams.get("fieldSelector") ?? "");
    if (single?.[1] !== undefined) info.name = single[1];
  }
  return info;
}
