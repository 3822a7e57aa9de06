/** Keeps the rules of aggregated ClusterRoles equal to the sum of the roles they select. */
import { type ObjectSelector, selects } from "../controllers/object-selector.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { KubeStore } from "../store/kube-store.ts";
import type { PolicyRule } from "./policy-rule.ts";

const CLUSTER_ROLES = { group: "rbac.authorization.k8s.io", resource: "clusterroles" };

const selectorsOf = (role: KubeObject): ObjectSelector[] =>
  (role["aggregationRule"] as { clusterRoleSelectors?: ObjectSelector[] } | undefined)
    ?.clusterRoleSelectors ?? []; // a ClusterRole

export class RoleAggregation {
  readonly #store: KubeStore;
  readonly #stop: () => void;
  #running = false;
  #again = false;

  constructor(store: KubeStore) {
    this.#store = store;
    // listening comes first: what the first pass writes must lead to the next
    this.#stop = store.onKindChange(CLUSTER_ROLES, () => this.aggregate());
    this.aggregate();
  }

  close(): void {
    this.#stop();
  }

  /** Writes what is out of date; edit feeds admin, so a change settles by the changes it causes. */
  aggregate(): void {
    // our own writes come back as changes: a pass over an older snapshot must not outlive a newer one
    this.#again = true;
    if (this.#running) return;
    this.#running = true;
    try {
      while (this.#again) {
        this.#again = false;
        this.#pass();
      }
    } finally {
      this.#running = false;
    }
  }

  #pass(): void {
    const roles = this.#store.snapshot(CLUSTER_ROLES);
    for (const role of roles) {
      const selectors = selectorsOf(role);
      if (selectors.length === 0) continue;
      const rules = new Map<string, PolicyRule>();
      for (const other of roles) {
        if (
          other.metadata.name === role.metadata.name ||
          !selectors.some((selector) => selects(selector, other.metadata.labels))
        )
          continue;
        for (const rule of (other["rules"] ?? []) as PolicyRule[]) rules.set(JSON.stringify(rule), rule); // a ClusterRole's rules
      }
      this.#store.modify(
        { ...CLUSTER_ROLES, name: role.metadata.name },
        { fieldManager: "clusterrole-aggregation-controller" },
        (current) => {
          const wanted = [...rules.values()];
          return JSON.stringify(current["rules"] ?? []) === JSON.stringify(wanted)
            ? current
            : { ...current, rules: wanted };
        },
      );
    }
  }
}
