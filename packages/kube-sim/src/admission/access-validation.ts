/** What roles and bindings must look like. Source: Kubernetes' pkg/apis/rbac/validation. */
import type { PolicyRule } from "../rbac/policy-rule.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { type Cause, invalidValue, required, unsupported } from "./field-causes.ts";

const GROUP = "rbac.authorization.k8s.io";

interface Subject {
  kind: string;
  name: string;
  apiGroup: string;
  namespace: string;
}

/** Of a Role or ClusterRole. */
export const ruleProblems = (role: KubeObject, namespaced: boolean): Cause[] =>
  ((role["rules"] ?? []) as Partial<PolicyRule>[]).flatMap(
    (
      rule,
      index, // decoded by its type
    ) => problemsOfRule(rule, `rules[${index}]`, namespaced),
  );

function problemsOfRule(rule: Partial<PolicyRule>, at: string, namespaced: boolean): Cause[] {
  const { verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] } = rule;
  const causes: Cause[] = [];
  if (verbs.length === 0) causes.push(required(`${at}.verbs`, "verbs must contain at least one value"));
  if (nonResourceURLs.length > 0) {
    const wrong = (text: string) => causes.push(invalidValue(`${at}.nonResourceURLs`, nonResourceURLs, text));
    if (namespaced) wrong("namespaced rules cannot apply to non-resource URLs");
    if (apiGroups.length + resources.length + resourceNames.length > 0)
      wrong("rules cannot apply to both regular resources and non-resource URLs");
    return causes;
  }
  if (apiGroups.length === 0)
    causes.push(required(`${at}.apiGroups`, "resource rules must supply at least one api group"));
  if (resources.length === 0)
    causes.push(required(`${at}.resources`, "resource rules must supply at least one resource"));
  return causes;
}

/** Of a RoleBinding or ClusterRoleBinding. */
export function bindingProblems(binding: KubeObject, namespaced: boolean): Cause[] {
  const { apiGroup = GROUP, kind = "", name = "" } = (binding["roleRef"] ?? {}) as Partial<Subject>; // decoded by its type
  const kinds = namespaced ? ["Role", "ClusterRole"] : ["ClusterRole"];
  const causes: Cause[] = [];
  if (apiGroup !== GROUP) causes.push(unsupported("roleRef.apiGroup", apiGroup, [GROUP]));
  if (!kinds.includes(kind)) causes.push(unsupported("roleRef.kind", kind, kinds));
  if (name === "") causes.push(required("roleRef.name"));
  for (const [index, subject] of ((binding["subjects"] ?? []) as Partial<Subject>[]).entries()) // as above
    causes.push(...problemsOfSubject(subject, `subjects[${index}]`, namespaced));
  return causes;
}

function problemsOfSubject(subject: Partial<Subject>, at: string, namespaced: boolean): Cause[] {
  const { kind = "", name = "", namespace = "", apiGroup = "" } = subject;
  const causes: Cause[] = name === "" ? [required(`${at}.name`)] : [];
  const inGroup = (group: string) => {
    if (apiGroup !== "" && apiGroup !== group) causes.push(unsupported(`${at}.apiGroup`, apiGroup, [group]));
  };
  switch (kind) {
    case "ServiceAccount":
      inGroup("");
      if (!namespaced && namespace === "") causes.push(required(`${at}.namespace`));
      break;
    case "User":
    case "Group":
      inGroup(GROUP);
      break;
    default:
      causes.push(unsupported(`${at}.kind`, kind, ["ServiceAccount", "User", "Group"]));
  }
  return causes;
}
