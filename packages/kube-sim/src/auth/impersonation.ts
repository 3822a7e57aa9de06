/** Lets a caller act as somebody else, where RBAC grants `impersonate`. */
import type { IncomingHttpHeaders } from "node:http";
import type { Authorizer } from "../rbac/authorizer.ts";
import { badRequest, StatusError } from "../store/status-error.ts";
import type { User } from "./user.ts";

const EXTRA_PREFIX = "impersonate-extra-";

const valuesOf = (header: string | string[] | undefined): string[] =>
  header === undefined ? [] : Array.isArray(header) ? header : [header];

/** A key that is no escaped text stands for itself (apiserver's unescapeExtraKey). */
function unescaped(key: string): string {
  try {
    return decodeURIComponent(key);
  } catch {
    return key;
  }
}

/** `rawHeaders` keeps repeated headers apart, which `headers` joins. */
export function impersonatedUser(
  user: User,
  headers: IncomingHttpHeaders,
  rawHeaders: readonly string[],
  authorizer: Authorizer,
): User {
  const [name] = valuesOf(headers["impersonate-user"]);
  const groups: string[] = [];
  const extra = Object.create(null) as Record<string, string[]>; // keys are anybody's
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const header = (rawHeaders[index] ?? "").toLowerCase();
    const value = rawHeaders[index + 1] ?? "";
    if (header === "impersonate-group") groups.push(value);
    if (header.startsWith(EXTRA_PREFIX)) {
      const key = unescaped(header.slice(EXTRA_PREFIX.length));
      (extra[key] ??= []).push(value);
    }
  }
  const [uid] = valuesOf(headers["impersonate-uid"]);
  const asked = groups.length > 0 || Object.keys(extra).length > 0 || uid !== undefined;
  if (name === undefined) {
    if (!asked) return user;
    throw badRequest("requested [{UID  } ...] without impersonating a user");
  }
  const account = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name);
  const [, accountNamespace = "", accountName = ""] = account ?? [];
  const demand = (
    group: string,
    resource: string,
    target: string,
    namespace = "",
    subresource = "",
  ): void => {
    const decision = authorizer.authorize(user, {
      verb: "impersonate",
      group,
      resource,
      subresource,
      name: target,
      namespace,
    });
    if (decision.allowed) return;
    const shown = subresource === "" ? resource : `${resource}/${subresource}`;
    const scope = namespace === "" ? "at the cluster scope" : `in the namespace "${namespace}"`;
    const qualified = group === "" ? resource : `${resource}.${group}`;
    throw new StatusError(
      403,
      "Forbidden",
      `${qualified} "${target}" is forbidden: User "${user.name}" cannot impersonate resource "${shown}" in API group "${group}" ${scope}${decision.reason === "" ? "" : `: ${decision.reason}`}`,
      { name: target, ...(group === "" ? {} : { group }), kind: resource },
    );
  };
  if (account === null) demand("", "users", name);
  else demand("", "serviceaccounts", accountName, accountNamespace);
  for (const group of groups) demand("", "groups", group);
  if (uid !== undefined) demand("authentication.k8s.io", "uids", uid);
  for (const [key, values] of Object.entries(extra)) {
    for (const value of values) demand("authentication.k8s.io", "userextras", value, "", key);
  }
  return {
    name,
    ...(uid === undefined ? {} : { uid }),
    groups: groupsOf(name, groups, accountNamespace),
    extra,
  };
}

function groupsOf(name: string, asked: string[], accountNamespace: string): string[] {
  if (name === "system:anonymous") return [...new Set([...asked, "system:unauthenticated"])];
  const base =
    accountNamespace !== "" && asked.length === 0
      ? ["system:serviceaccounts", `system:serviceaccounts:${accountNamespace}`]
      : asked;
  return base.includes("system:unauthenticated") ? base : [...new Set([...base, "system:authenticated"])];
}
