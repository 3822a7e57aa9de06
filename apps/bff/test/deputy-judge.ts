/** What may reach the cluster for somebody who is signed in, request by request, in each acting mode. */
import type { SeenRequest } from "./upstream-recorder.ts";

export type ActingMode = "impersonate" | "passthrough";

/** What a request carries upstream; everything else would have come from outside. */
const carried = new Set([
  "accept",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "impersonate-group",
  "impersonate-user",
]);

/** Kubernetes' own query parameters, as far as the console uses them. */
const parameters = new Set([
  "allowWatchBookmarks",
  "container",
  "continue",
  "dryRun",
  "fieldManager",
  "fieldSelector",
  "fieldValidation",
  "labelSelector",
  "limit",
  "propagationPolicy",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
]);

/** A path of the API, of names that lead nowhere else. */
function strayPath(target: string): string | null {
  const [path = "", query = ""] = target.split("?", 2);
  if (!/^\/(?:apis?|version|openapi)(?:\/|$)/.test(path)) return "is no path of the API";
  for (const segment of path.slice(1).split("/")) {
    if (!/^[\w.~:!'()*%-]+$/.test(segment)) return `has the segment ${JSON.stringify(segment)}`;
    const decoded = decodeURIComponent(segment);
    if (/^\.+$/.test(decoded) || /[/\\%\p{Cc}]/u.test(decoded)) return `hides ${JSON.stringify(decoded)}`;
  }
  for (const [name] of new URLSearchParams(query))
    if (!parameters.has(name)) return `has the parameter ${name}`;
  return null;
}

export interface Who {
  mode: ActingMode;
  /** The token that Bob pasted in; in `impersonate` the console asks now and then whose it is, and sends it nowhere else. */
  ownToken: string;
  serviceToken: string;
  authority: string;
  userName: string;
  groups: readonly string[];
}

const pathOf = (target: string): string => target.split("?", 1)[0] ?? "";

/** What the console reads by its own account: whole lists, and what the cluster serves; no single object. */
const ownRead = /^\/(?:api\/v1\/\w+|apis\/[^/]+\/[^/]+\/[^/]+|apis?(?:\/[^/]+){0,2}|version|openapi\/.+)$/;

/** What may be asked by the console's own account, and by it for nobody: whole kinds. */
function wrongForItself({ method, target }: SeenRequest): string | null {
  if (method !== "GET") return `${method} ${target} under the console's own account`;
  return ownRead.test(pathOf(target)) ? null : `reads ${target} under the console's own account`;
}

/** Where Bob's own token goes along, the cluster knows who he is: only the console's own account is to be looked at. */
function wrongInPassthrough(request: SeenRequest, tokens: readonly string[], who: Who): string | null {
  if (values(request, "impersonate-user").length + values(request, "impersonate-group").length > 0)
    return "acts as somebody by name";
  if (tokens[0] === `Bearer ${who.ownToken}`) return null;
  return wrongForItself(request);
}

function wrongInImpersonate(request: SeenRequest, tokens: readonly string[], who: Who): string | null {
  const { target, body } = request;
  const isOwnReview = target === "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  if (tokens[0] !== `Bearer ${isOwnReview ? who.ownToken : who.serviceToken}`)
    return `has authorization ${tokens[0]}`;
  const users = values(request, "impersonate-user");
  const groups = values(request, "impersonate-group");
  if (isOwnReview) return users.length + groups.length === 0 ? null : "asks about somebody else";
  if (users.length + groups.length > 0) {
    const same =
      JSON.stringify(users) === JSON.stringify([who.userName]) &&
      JSON.stringify(groups) === JSON.stringify(who.groups);
    return same ? null : `acts as ${users.join(", ")} of ${groups.join(", ")}`;
  }
  if (!target.endsWith("subjectaccessreviews")) return wrongForItself(request);
  const { spec } = JSON.parse(body) as { spec: { user?: string; groups?: string[] } }; // kubernetes' own shape
  const about = spec.user === who.userName && JSON.stringify(spec.groups) === JSON.stringify(who.groups);
  return about ? null : `reviews ${JSON.stringify(spec)}`;
}

const values = ({ headers }: SeenRequest, name: string): string[] =>
  headers.flatMap(([each, value]) => (each === name ? [value] : []));

/** Why this request must not have been sent; null when it is what the console sends for Bob or for itself. */
export function wrongWith(request: SeenRequest, who: Who): string | null {
  const { headers, target } = request;
  const strange = headers.filter(([name]) => !carried.has(name));
  if (strange.length > 0) return `carries ${JSON.stringify(strange)}`;
  for (const [name, expected] of [
    ["host", who.authority],
    ["connection", "keep-alive"],
  ] as const)
    if (JSON.stringify(values(request, name)) !== JSON.stringify([expected]))
      return `has ${name} ${values(request, name).join(", ")}`;
  const tokens = values(request, "authorization");
  const known = [`Bearer ${who.ownToken}`, `Bearer ${who.serviceToken}`];
  if (tokens.length !== 1 || !known.includes(tokens[0] ?? ""))
    return `has authorization ${tokens.join(", ")}`;
  const stray = strayPath(target);
  if (stray !== null) return stray;
  return (who.mode === "impersonate" ? wrongInImpersonate : wrongInPassthrough)(request, tokens, who);
}

/** Whether it is asked as Bob, and so about what he wanted. */
export const isAsBob = (request: SeenRequest, { mode, ownToken }: Who): boolean =>
  mode === "impersonate"
    ? values(request, "impersonate-user").length > 0
    : values(request, "authorization")[0] === `Bearer ${ownToken}` && !request.target.endsWith("reviews");
