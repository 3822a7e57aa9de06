/** How the tables of built-in roles are written. */
import type { NewObject } from "../store/kube-object.ts";
import type { PolicyRule } from "./policy-rule.ts";

export interface DefaultRole {
  name: string;
  /** Which of admin, edit and view takes these rules in. */
  aggregateTo?: string;
  labels?: Record<string, string>;
  /** Bound to every signed-in user. */
  toEverybody?: boolean;
  /** Bound to visitors who have not signed in, too. */
  toVisitors?: boolean;
  /** Bound to all service accounts. */
  toServiceAccounts?: boolean;
  /** Collects the rules of roles that carry this label. */
  aggregatesLabel?: string;
  rules: PolicyRule[];
}

const words = (text: string): string[] => text.split(" ").map((word) => (word === '""' ? "" : word));

/** A rule from lists of words; the core group is written `""` or as the empty text. */
export const rule = (verbs: string, apiGroups: string, resources: string): PolicyRule => ({
  verbs: words(verbs),
  apiGroups: words(apiGroups),
  resources: words(resources),
});

export const pathRule = (verbs: string, paths: string): PolicyRule => ({
  verbs: words(verbs),
  nonResourceURLs: words(paths),
});

const RBAC = "rbac.authorization.k8s.io";

/** The ClusterRole and, where it goes to everybody, its binding. */
export function roleObjects(role: DefaultRole): NewObject[] {
  const labels = {
    ...(role.labels ?? { "kubernetes.io/bootstrapping": "rbac-defaults" }),
    ...(role.aggregateTo === undefined ? {} : { [`${RBAC}/aggregate-to-${role.aggregateTo}`]: "true" }),
  };
  const objects: NewObject[] = [
    {
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRole",
      metadata: { name: role.name, labels },
      ...(role.aggregatesLabel === undefined
        ? {}
        : {
            aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [role.aggregatesLabel]: "true" } }] },
          }),
      rules: role.rules,
    },
  ];
  const groups = [
    ...(role.toEverybody === true ? ["system:authenticated"] : []),
    ...(role.toVisitors === true ? ["system:unauthenticated"] : []),
    ...(role.toServiceAccounts === true ? ["system:serviceaccounts"] : []),
  ];
  if (groups.length > 0) {
    objects.push({
      apiVersion: `${RBAC}/v1`,
      kind: "ClusterRoleBinding",
      metadata: {
        name: role.name,
        labels: role.labels ?? { "kubernetes.io/bootstrapping": "rbac-defaults" },
      },
      subjects: groups.map((name) => ({ kind: "Group", apiGroup: RBAC, name })),
      roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role.name },
    });
  }
  return objects;
}
