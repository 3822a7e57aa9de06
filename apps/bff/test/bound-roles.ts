/** Roles and their bindings, put into and taken out of the cluster as its administrator does it. */
import { kubePath } from "../src/kube/kube-path.ts";
import type { ConsoleUnderTest } from "./console-under-test.ts";

export interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

const group = "rbac.authorization.k8s.io";

/** In a project, or cluster-wide with ''. */
const pathOf = (project: string, kind: "Role" | "RoleBinding", name: string) =>
  project === ""
    ? kubePath("apis", group, "v1", `cluster${kind.toLowerCase()}s`, name)
    : kubePath("apis", group, "v1", "namespaces", project, `${kind.toLowerCase()}s`, name);

const objectOf = (project: string, kind: "Role" | "RoleBinding", name: string) => ({
  apiVersion: `${group}/v1`,
  kind: project === "" ? `Cluster${kind}` : kind,
  metadata: { name, ...(project === "" ? {} : { namespace: project }) },
});

/** Of the same name in the same place: a role with `rules`, and its binding to `subject`. */
export function bindRole(
  { sim }: Pick<ConsoleUnderTest, "sim">,
  project: string,
  name: string,
  subject: { kind: "User" | "Group"; name: string },
  rules: readonly Rule[],
): void {
  sim.seed([
    { ...objectOf(project, "Role", name), rules },
    {
      ...objectOf(project, "RoleBinding", name),
      roleRef: { apiGroup: group, kind: project === "" ? "ClusterRole" : "Role", name },
      subjects: [{ apiGroup: group, ...subject }],
    },
  ]);
}

export async function unbindRole(cut: ConsoleUnderTest, project: string, name: string): Promise<void> {
  await cut.app.services.service.done(pathOf(project, "RoleBinding", name), { method: "DELETE" });
}

export async function changeRules(
  cut: ConsoleUnderTest,
  project: string,
  name: string,
  rules: readonly Rule[],
): Promise<void> {
  await cut.app.services.service.done(pathOf(project, "Role", name), {
    method: "PUT",
    body: { ...objectOf(project, "Role", name), rules },
  });
}
