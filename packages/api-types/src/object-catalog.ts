/**
 * Nouns that are one Kubernetes kind each and are all listed, read, written and deleted alike. A line here, its shapes in
 * objects/, its rules in the server's objects/ and its page in the browser's objects/ are all that a new one needs.
 * No zod here: the browser imports this file at run time.
 */
interface CatalogLine {
  /** In the console's URLs. */
  plural: string;
  group: string;
  version: string;
  /** The resource in the cluster's URLs. */
  resource: string;
  kind: string;
  namespaced: boolean;
}

export const objectCatalog = {
  "security-group": {
    plural: "security-groups",
    group: "kubeovn.io",
    version: "v1",
    resource: "security-groups",
    kind: "SecurityGroup",
    namespaced: false,
  },
  service: {
    plural: "services",
    group: "",
    version: "v1",
    resource: "services",
    kind: "Service",
    namespaced: true,
  },
  "storage-class": {
    plural: "storage-classes",
    group: "storage.k8s.io",
    version: "v1",
    resource: "storageclasses",
    kind: "StorageClass",
    namespaced: false,
  },
  "volume-snapshot": {
    plural: "volume-snapshots",
    group: "snapshot.storage.k8s.io",
    version: "v1",
    resource: "volumesnapshots",
    kind: "VolumeSnapshot",
    namespaced: true,
  },
  "snapshot-class": {
    plural: "snapshot-classes",
    group: "snapshot.storage.k8s.io",
    version: "v1",
    resource: "volumesnapshotclasses",
    kind: "VolumeSnapshotClass",
    namespaced: false,
  },
  "csi-driver": {
    plural: "csi-drivers",
    group: "storage.k8s.io",
    version: "v1",
    resource: "csidrivers",
    kind: "CSIDriver",
    namespaced: false,
  },
  "csi-node": {
    plural: "csi-nodes",
    group: "storage.k8s.io",
    version: "v1",
    resource: "csinodes",
    kind: "CSINode",
    namespaced: false,
  },
  "storage-capacity": {
    plural: "storage-capacities",
    group: "storage.k8s.io",
    version: "v1",
    resource: "csistoragecapacities",
    kind: "CSIStorageCapacity",
    namespaced: true,
  },
  "volume-attachment": {
    plural: "volume-attachments",
    group: "storage.k8s.io",
    version: "v1",
    resource: "volumeattachments",
    kind: "VolumeAttachment",
    namespaced: false,
  },
  "data-import-cron": {
    plural: "data-import-crons",
    group: "cdi.kubevirt.io",
    version: "v1beta1",
    resource: "dataimportcrons",
    kind: "DataImportCron",
    namespaced: true,
  },
  pod: {
    plural: "pods",
    group: "",
    version: "v1",
    resource: "pods",
    kind: "Pod",
    namespaced: true,
  },
  deployment: {
    plural: "deployments",
    group: "apps",
    version: "v1",
    resource: "deployments",
    kind: "Deployment",
    namespaced: true,
  },
  "stateful-set": {
    plural: "stateful-sets",
    group: "apps",
    version: "v1",
    resource: "statefulsets",
    kind: "StatefulSet",
    namespaced: true,
  },
  "daemon-set": {
    plural: "daemon-sets",
    group: "apps",
    version: "v1",
    resource: "daemonsets",
    kind: "DaemonSet",
    namespaced: true,
  },
  job: {
    plural: "jobs",
    group: "batch",
    version: "v1",
    resource: "jobs",
    kind: "Job",
    namespaced: true,
  },
  "cron-job": {
    plural: "cron-jobs",
    group: "batch",
    version: "v1",
    resource: "cronjobs",
    kind: "CronJob",
    namespaced: true,
  },
  "config-map": {
    plural: "config-maps",
    group: "",
    version: "v1",
    resource: "configmaps",
    kind: "ConfigMap",
    namespaced: true,
  },
  "role-binding": {
    plural: "members",
    group: "rbac.authorization.k8s.io",
    version: "v1",
    resource: "rolebindings",
    kind: "RoleBinding",
    namespaced: true,
  },
  "service-account": {
    plural: "service-accounts",
    group: "",
    version: "v1",
    resource: "serviceaccounts",
    kind: "ServiceAccount",
    namespaced: true,
  },
  "resource-quota": {
    plural: "quotas",
    group: "",
    version: "v1",
    resource: "resourcequotas",
    kind: "ResourceQuota",
    namespaced: true,
  },
  "limit-range": {
    plural: "limit-ranges",
    group: "",
    version: "v1",
    resource: "limitranges",
    kind: "LimitRange",
    namespaced: true,
  },
  "instance-type": {
    plural: "instance-types",
    group: "instancetype.kubevirt.io",
    version: "v1beta1",
    resource: "virtualmachineclusterinstancetypes",
    kind: "VirtualMachineClusterInstancetype",
    namespaced: false,
  },
  preference: {
    plural: "preferences",
    group: "instancetype.kubevirt.io",
    version: "v1beta1",
    resource: "virtualmachineclusterpreferences",
    kind: "VirtualMachineClusterPreference",
    namespaced: false,
  },
} as const satisfies Record<string, CatalogLine>;

export type ObjectNoun = keyof typeof objectCatalog;

export const objectNouns = Object.keys(objectCatalog) as [ObjectNoun, ...ObjectNoun[]]; // keys of the table above

/** Stands for the project of an object that lies in none; no project can be called this. */
export const noProject = "_";

export function isObjectNoun(noun: string): noun is ObjectNoun {
  return Object.hasOwn(objectCatalog, noun);
}
