/** All roles and bindings that a cluster with KubeVirt and CDI has before anybody adds one. */
import type { NewObject } from "../store/kube-object.ts";
import { cdiRoles } from "./cdi-roles.ts";
import { roleObjects } from "./default-role.ts";
import { kubernetesRoles } from "./kubernetes-roles.ts";
import { kubevirtRoles } from "./kubevirt-roles.ts";

const RBAC = "rbac.authorization.k8s.io";

const binding = (name: string, role: string, group: string): NewObject => ({
  apiVersion: `${RBAC}/v1`,
  kind: "ClusterRoleBinding",
  metadata: { name },
  subjects: [{ kind: "Group", apiGroup: RBAC, name: group }],
  roleRef: { apiGroup: RBAC, kind: "ClusterRole", name: role },
});

export const defaultRoleObjects = (): NewObject[] => [
  ...[...kubernetesRoles, ...kubevirtRoles, ...cdiRoles].flatMap(roleObjects),
  binding("cluster-admin", "cluster-admin", "system:masters"),
];
