/** What every cluster holds before a scenario adds to it. */
import { defaultRoleObjects } from "./rbac/default-roles.ts";
import type { NewObject } from "./store/kube-object.ts";

const SYSTEM_NAMESPACES = ["default", "kube-system", "kube-public", "kube-node-lease", "kubevirt", "cdi"];

export const systemObjects = (): NewObject[] => [
  ...SYSTEM_NAMESPACES.map(
    (name): NewObject => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: { "kubernetes.io/metadata.name": name } },
      spec: { finalizers: ["kubernetes"] },
      status: { phase: "Active" },
    }),
  ),
  ...defaultRoleObjects(),
];
