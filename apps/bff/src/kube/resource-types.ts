/** The kinds that the console reads or writes, under one short name each. */
import type { ResourceType } from "./kube-path.ts";

const namespaced = (group: string, version: string, plural: string): ResourceType => ({
  group,
  version,
  plural,
  namespaced: true,
});
const clusterWide = (group: string, version: string, plural: string): ResourceType => ({
  group,
  version,
  plural,
  namespaced: false,
});

export const resourceTypes = {
  virtualMachine: namespaced("kubevirt.io", "v1", "virtualmachines"),
  virtualMachineInstance: namespaced("kubevirt.io", "v1", "virtualmachineinstances"),
  migration: namespaced("kubevirt.io", "v1", "virtualmachineinstancemigrations"),
  kubeVirt: namespaced("kubevirt.io", "v1", "kubevirts"),
  vmSubresource: namespaced("subresources.kubevirt.io", "v1", "virtualmachines"),
  expandVmSpec: namespaced("subresources.kubevirt.io", "v1", "expand-vm-spec"),
  instanceSubresource: namespaced("subresources.kubevirt.io", "v1", "virtualmachineinstances"),
  vmSnapshot: namespaced("snapshot.kubevirt.io", "v1beta1", "virtualmachinesnapshots"),
  vmSnapshotContent: namespaced("snapshot.kubevirt.io", "v1beta1", "virtualmachinesnapshotcontents"),
  vmRestore: namespaced("snapshot.kubevirt.io", "v1beta1", "virtualmachinerestores"),
  vmClone: namespaced("clone.kubevirt.io", "v1beta1", "virtualmachineclones"),
  instanceType: namespaced("instancetype.kubevirt.io", "v1beta1", "virtualmachineinstancetypes"),
  clusterInstanceType: clusterWide(
    "instancetype.kubevirt.io",
    "v1beta1",
    "virtualmachineclusterinstancetypes",
  ),
  preference: namespaced("instancetype.kubevirt.io", "v1beta1", "virtualmachinepreferences"),
  clusterPreference: clusterWide("instancetype.kubevirt.io", "v1beta1", "virtualmachineclusterpreferences"),
  dataVolume: namespaced("cdi.kubevirt.io", "v1beta1", "datavolumes"),
  dataImportCron: namespaced("cdi.kubevirt.io", "v1beta1", "dataimportcrons"),
  dataSource: namespaced("cdi.kubevirt.io", "v1beta1", "datasources"),
  storageProfile: clusterWide("cdi.kubevirt.io", "v1beta1", "storageprofiles"),
  cdiConfig: clusterWide("cdi.kubevirt.io", "v1beta1", "cdiconfigs"),
  cdi: clusterWide("cdi.kubevirt.io", "v1beta1", "cdis"),
  uploadTokenRequest: namespaced("upload.cdi.kubevirt.io", "v1beta1", "uploadtokenrequests"),
  claim: namespaced("", "v1", "persistentvolumeclaims"),
  volume: clusterWide("", "v1", "persistentvolumes"),
  pod: namespaced("", "v1", "pods"),
  service: namespaced("", "v1", "services"),
  secret: namespaced("", "v1", "secrets"),
  serviceAccount: namespaced("", "v1", "serviceaccounts"),
  event: namespaced("", "v1", "events"),
  namespace: clusterWide("", "v1", "namespaces"),
  node: clusterWide("", "v1", "nodes"),
  resourceQuota: namespaced("", "v1", "resourcequotas"),
  storageClass: clusterWide("storage.k8s.io", "v1", "storageclasses"),
  volumeSnapshot: namespaced("snapshot.storage.k8s.io", "v1", "volumesnapshots"),
  volumeSnapshotClass: clusterWide("snapshot.storage.k8s.io", "v1", "volumesnapshotclasses"),
  disruptionBudget: namespaced("policy", "v1", "poddisruptionbudgets"),
  deployment: namespaced("apps", "v1", "deployments"),
  daemonSet: namespaced("apps", "v1", "daemonsets"),
  statefulSet: namespaced("apps", "v1", "statefulsets"),
  job: namespaced("batch", "v1", "jobs"),
  cronJob: namespaced("batch", "v1", "cronjobs"),
  storageCapacity: namespaced("storage.k8s.io", "v1", "csistoragecapacities"),
  nodeMetrics: clusterWide("metrics.k8s.io", "v1beta1", "nodes"),
  podMetrics: namespaced("metrics.k8s.io", "v1beta1", "pods"),
  subnet: clusterWide("kubeovn.io", "v1", "subnets"),
  vpc: clusterWide("kubeovn.io", "v1", "vpcs"),
  ip: clusterWide("kubeovn.io", "v1", "ips"),
  networkAttachment: namespaced("k8s.cni.cncf.io", "v1", "network-attachment-definitions"),
  controllerRevision: namespaced("apps", "v1", "controllerrevisions"),
  role: namespaced("rbac.authorization.k8s.io", "v1", "roles"),
  roleBinding: namespaced("rbac.authorization.k8s.io", "v1", "rolebindings"),
  clusterRole: clusterWide("rbac.authorization.k8s.io", "v1", "clusterroles"),
  clusterRoleBinding: clusterWide("rbac.authorization.k8s.io", "v1", "clusterrolebindings"),
} as const satisfies Record<string, ResourceType>;

/** `virtualmachines.kubevirt.io`, or `pods` for the core group. */
export function resourceLabel(type: Pick<ResourceType, "group" | "plural">): string {
  return type.group === "" ? type.plural : `${type.plural}.${type.group}`;
}
