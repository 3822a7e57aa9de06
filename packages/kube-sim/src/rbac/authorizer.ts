/** Decides requests by the Roles and bindings in the store, as Kubernetes' RBAC authorizer does. */
import type { User } from "../auth/user.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import {
  type NonResourceAttributes,
  type PolicyRule,
  type ResourceAttributes,
  ruleAllows,
  ruleAllowsPath,
} from "./policy-rule.ts";

const GROUP = "rbac.authorization.k8s.io";

export interface RoleRef {
  kind: string;
  name: string;
}

interface Grant {
  bindingKind: "ClusterRoleBinding" | "RoleBinding";
  bindingName: string;
  /** Undefined for a ClusterRoleBinding. */
  namespace: string | undefined;
  roleRef: RoleRef;
  subject: string;
}

export interface Decision {
  allowed: boolean;
  reason: string;
}

interface Subject {
  kind: string;
  name: string;
  namespace?: string;
}

export class Authorizer {
  readonly #store: KubeStore;
  #grants: Map<string, Grant[]> | undefined;

  constructor(store: KubeStore) {
    this.#store = store;
    for (const resource of ["rolebindings", "clusterrolebindings"]) {
      store.onKindChange({ group: GROUP, resource }, () => {
        this.#grants = undefined;
      });
    }
  }

  authorize(user: User, request: ResourceAttributes): Decision {
    return this.#decide(user, request.namespace ?? "", (rule) => ruleAllows(rule, request));
  }

  authorizePath(user: User, request: NonResourceAttributes): Decision {
    return this.#decide(user, "", (rule) => ruleAllowsPath(rule, request));
  }

  #decide(user: User, namespace: string, allows: (rule: PolicyRule) => boolean): Decision {
    if (user.groups.includes("system:masters")) return { allowed: true, reason: "" };
    const missing: string[] = [];
    for (const grant of this.#grantsOf(user)) {
      if (grant.namespace !== undefined && grant.namespace !== namespace) continue;
      const rules = this.rulesOf(grant.roleRef, grant.namespace);
      if (rules === undefined) {
        missing.push(`${grant.roleRef.kind.toLowerCase()}.${GROUP} "${grant.roleRef.name}" not found`);
        continue;
      }
      if (rules.some(allows)) return { allowed: true, reason: allowedBy(grant) };
    }
    if (missing.length === 0) return { allowed: false, reason: "" };
    return {
      allowed: false,
      reason: `RBAC: ${missing.length === 1 ? missing[0] : `[${missing.join(", ")}]`}`,
    };
  }

  /** Undefined when the role does not exist. */
  rulesOf(roleRef: RoleRef, namespace: string | undefined): PolicyRule[] | undefined {
    const role =
      roleRef.kind === "ClusterRole"
        ? this.#store.get({ group: GROUP, resource: "clusterroles", name: roleRef.name })
        : this.#store.get({
            group: GROUP,
            resource: "roles",
            namespace: namespace ?? "",
            name: roleRef.name,
          });
    if (role === undefined) return undefined;
    return (role["rules"] ?? []) as PolicyRule[]; // a role's rules
  }

  /** Every rule a user has in a namespace, cluster-wide ones included. */
  rulesFor(user: User, namespace: string): PolicyRule[] {
    if (user.groups.includes("system:masters")) {
      return [
        { verbs: ["*"], apiGroups: ["*"], resources: ["*"] },
        { verbs: ["*"], nonResourceURLs: ["*"] },
      ];
    }
    const rules: PolicyRule[] = [];
    for (const grant of this.#grantsOf(user)) {
      if (grant.namespace !== undefined && grant.namespace !== namespace) continue;
      rules.push(...(this.rulesOf(grant.roleRef, grant.namespace) ?? []));
    }
    return rules;
  }

  #grantsOf(user: User): Grant[] {
    this.#grants ??= this.#index();
    const found: Grant[] = [...(this.#grants.get(`User:${user.name}`) ?? [])];
    for (const group of user.groups) found.push(...(this.#grants.get(`Group:${group}`) ?? []));
    return found;
  }

  #index(): Map<string, Grant[]> {
    const index = new Map<string, Grant[]>();
    const add = (binding: KubeObject, bindingKind: Grant["bindingKind"]): void => {
      const roleRef = binding["roleRef"] as RoleRef; // validated on write
      const namespace = bindingKind === "RoleBinding" ? binding.metadata.namespace : undefined;
      for (const subject of (binding["subjects"] ?? []) as Subject[]) {
        const key =
          subject.kind === "ServiceAccount"
            ? `User:system:serviceaccount:${subject.namespace ?? namespace ?? ""}:${subject.name}`
            : `${subject.kind}:${subject.name}`;
        const shown =
          subject.kind === "ServiceAccount"
            ? `ServiceAccount "${subject.name}/${subject.namespace ?? ""}"`
            : `${subject.kind} "${subject.name}"`;
        const grants = index.get(key) ?? [];
        grants.push({ bindingKind, bindingName: binding.metadata.name, namespace, roleRef, subject: shown });
        index.set(key, grants);
      }
    };
    for (const binding of this.#store.snapshot({ group: GROUP, resource: "clusterrolebindings" })) {
      add(binding, "ClusterRoleBinding");
    }
    for (const binding of this.#store.snapshot({ group: GROUP, resource: "rolebindings" })) {
      add(binding, "RoleBinding");
    }
    return index;
  }
}

function allowedBy(grant: Grant): string {
  const name = grant.namespace === undefined ? grant.bindingName : `${grant.bindingName}/${grant.namespace}`;
  return `RBAC: allowed by ${grant.bindingKind} "${name}" of ${grant.roleRef.kind} "${grant.roleRef.name}" to ${grant.subject}`;
}
