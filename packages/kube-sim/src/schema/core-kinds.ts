/** The kinds that a Kubernetes API server brings itself, as far as kube-sim serves them. */
import { builtin, type Kind } from "./kind.ts";

const deploymentScale = {
  specReplicasPath: ".spec.replicas",
  statusReplicasPath: ".status.replicas",
  selectorPath: ".spec.selector",
};

export const coreKinds: readonly Kind[] = [
  builtin("", ["v1"], "namespaces", "Namespace", {
    namespaced: false,
    shortNames: ["ns"],
    statusSubresource: true,
  }),
  builtin("", ["v1"], "nodes", "Node", { namespaced: false, shortNames: ["no"], statusSubresource: true }),
  builtin("", ["v1"], "pods", "Pod", {
    shortNames: ["po"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
  }),
  builtin("", ["v1"], "services", "Service", {
    shortNames: ["svc"],
    categories: ["all"],
    statusSubresource: true,
  }),
  builtin("", ["v1"], "endpoints", "Endpoints", { shortNames: ["ep"] }),
  builtin("", ["v1"], "configmaps", "ConfigMap", { shortNames: ["cm"] }),
  builtin("", ["v1"], "secrets", "Secret"),
  builtin("", ["v1"], "events", "Event", { shortNames: ["ev"] }),
  builtin("", ["v1"], "serviceaccounts", "ServiceAccount", { shortNames: ["sa"] }),
  builtin("", ["v1"], "persistentvolumes", "PersistentVolume", {
    namespaced: false,
    shortNames: ["pv"],
    statusSubresource: true,
  }),
  builtin("", ["v1"], "persistentvolumeclaims", "PersistentVolumeClaim", {
    shortNames: ["pvc"],
    statusSubresource: true,
  }),
  builtin("", ["v1"], "resourcequotas", "ResourceQuota", { shortNames: ["quota"], statusSubresource: true }),
  builtin("", ["v1"], "limitranges", "LimitRange", { shortNames: ["limits"] }),
  builtin("apps", ["v1"], "deployments", "Deployment", {
    shortNames: ["deploy"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
    scale: deploymentScale,
  }),
  builtin("apps", ["v1"], "replicasets", "ReplicaSet", {
    shortNames: ["rs"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
    scale: deploymentScale,
  }),
  builtin("apps", ["v1"], "statefulsets", "StatefulSet", {
    shortNames: ["sts"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
    scale: deploymentScale,
  }),
  builtin("apps", ["v1"], "daemonsets", "DaemonSet", {
    shortNames: ["ds"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
  }),
  builtin("apps", ["v1"], "controllerrevisions", "ControllerRevision"),
  builtin("batch", ["v1"], "jobs", "Job", {
    categories: ["all"],
    statusSubresource: true,
    generation: true,
  }),
  builtin("batch", ["v1"], "cronjobs", "CronJob", {
    shortNames: ["cj"],
    categories: ["all"],
    statusSubresource: true,
    generation: true,
  }),
  builtin("rbac.authorization.k8s.io", ["v1"], "roles", "Role"),
  builtin("rbac.authorization.k8s.io", ["v1"], "rolebindings", "RoleBinding"),
  builtin("rbac.authorization.k8s.io", ["v1"], "clusterroles", "ClusterRole", { namespaced: false }),
  builtin("rbac.authorization.k8s.io", ["v1"], "clusterrolebindings", "ClusterRoleBinding", {
    namespaced: false,
  }),
  builtin("storage.k8s.io", ["v1"], "storageclasses", "StorageClass", {
    namespaced: false,
    shortNames: ["sc"],
  }),
  builtin("storage.k8s.io", ["v1"], "csidrivers", "CSIDriver", { namespaced: false }),
  builtin("storage.k8s.io", ["v1"], "csinodes", "CSINode", { namespaced: false }),
  builtin("storage.k8s.io", ["v1"], "csistoragecapacities", "CSIStorageCapacity"),
  builtin("storage.k8s.io", ["v1"], "volumeattachments", "VolumeAttachment", {
    namespaced: false,
    statusSubresource: true,
  }),
  builtin("coordination.k8s.io", ["v1"], "leases", "Lease"),
  builtin("discovery.k8s.io", ["v1"], "endpointslices", "EndpointSlice"),
  builtin("policy", ["v1"], "poddisruptionbudgets", "PodDisruptionBudget", {
    shortNames: ["pdb"],
    statusSubresource: true,
    generation: true,
  }),
  builtin("scheduling.k8s.io", ["v1"], "priorityclasses", "PriorityClass", {
    namespaced: false,
    shortNames: ["pc"],
  }),
  builtin("networking.k8s.io", ["v1"], "networkpolicies", "NetworkPolicy", {
    shortNames: ["netpol"],
    generation: true,
  }),
  builtin("apiextensions.k8s.io", ["v1"], "customresourcedefinitions", "CustomResourceDefinition", {
    namespaced: false,
    shortNames: ["crd", "crds"],
    categories: ["api-extensions"],
    statusSubresource: true,
    generation: true,
  }),
  builtin("apiregistration.k8s.io", ["v1"], "apiservices", "APIService", {
    namespaced: false,
    categories: ["api-extensions"],
    statusSubresource: true,
  }),
];
