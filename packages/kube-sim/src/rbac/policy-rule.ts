/** One RBAC rule and what it covers. */

export interface PolicyRule {
  verbs: string[];
  apiGroups?: string[];
  resources?: string[];
  resourceNames?: string[];
  nonResourceURLs?: string[];
}

/** A request for an object or a collection. */
export interface ResourceAttributes {
  verb: string;
  group: string;
  version?: string;
  resource: string;
  subresource?: string;
  /** '' or absent for cluster-scoped requests and for all namespaces. */
  namespace?: string;
  name?: string;
}

export interface NonResourceAttributes {
  verb: string;
  path: string;
}

const has = (list: string[] | undefined, value: string): boolean =>
  list !== undefined && (list.includes("*") || list.includes(value));

export function ruleAllows(rule: PolicyRule, request: ResourceAttributes): boolean {
  if (!has(rule.verbs, request.verb) || !has(rule.apiGroups, request.group)) return false;
  const resources = rule.resources ?? [];
  const sub = request.subresource ?? "";
  const wanted = sub === "" ? request.resource : `${request.resource}/${sub}`;
  const covers =
    resources.includes("*") || resources.includes(wanted) || (sub !== "" && resources.includes(`*/${sub}`));
  if (!covers) return false;
  const names = rule.resourceNames ?? [];
  return names.length === 0 || names.includes(request.name ?? "");
}

export function ruleAllowsPath(rule: PolicyRule, request: NonResourceAttributes): boolean {
  if (!has(rule.verbs, request.verb)) return false;
  return (rule.nonResourceURLs ?? []).some(
    (pattern) =>
      pattern === "*" ||
      pattern === request.path ||
      (pattern.endsWith("*") && request.path.startsWith(pattern.slice(0, -1))),
  );
}
