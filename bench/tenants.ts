/** People who may see two of the fifty projects each: service accounts, bound to `admin` in both. */
import type { KubeSim } from "@kubev/kube-sim/start";
import { clusterObject, namespacedObject } from "@kubev/kube-sim/scenarios/scenario-object";
import { machineScale } from "./list-scale.ts";

export interface Tenant {
  token: string;
  projects: string[];
}

const homeOfAccounts = "kubev-tenants";

/** Neighbours in number share no project with each other; those fifty apart share one. */
function projectsOf(index: number): string[] {
  const { projects } = machineScale;
  const first = index % projects;
  const second = (first + 1 + (Math.floor(index / projects) % (projects - 1))) % projects;
  return [first, second].map((project) => `project-${String(project).padStart(2, "0")}`);
}

/** Stores them in a cluster that runs, and mints a token for each. */
export async function addTenants(sim: KubeSim, count: number): Promise<Tenant[]> {
  const people = Array.from({ length: count }, (_, index) => ({
    name: `tenant-${String(index).padStart(4, "0")}`,
    projects: projectsOf(index),
  }));
  sim.seed([
    clusterObject("v1", "Namespace", homeOfAccounts, {
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    }),
    ...people.flatMap(({ name, projects }) => [
      namespacedObject("v1", "ServiceAccount", homeOfAccounts, name, {}),
      ...projects.map((project) =>
        namespacedObject("rbac.authorization.k8s.io/v1", "RoleBinding", project, name, {
          roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "admin" },
          subjects: [{ kind: "ServiceAccount", namespace: homeOfAccounts, name }],
        }),
      ),
    ]),
  ]);
  const tenants: Tenant[] = [];
  for (const { name, projects } of people) {
    const kubeconfig = await sim.serviceAccountKubeconfig(homeOfAccounts, name);
    tenants.push({ projects, token: /token: (\S+)/.exec(kubeconfig)?.[1] ?? "" });
  }
  return tenants;
}
