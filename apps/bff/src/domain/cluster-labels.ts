/** Labels, annotations and resources that mean something to KubeVirt, CDI, Kube-OVN or Kubernetes, where several places need them. */

export const clusterLabels = {
  /** On a machine's pod: the machine (kubevirt pkg/virt-controller/services/template.go). */
  machine: "vm.kubevirt.io/name",
  /** On a machine: the cluster refuses the delete while it is true. */
  deleteProtection: "kubevirt.io/vm-delete-protection",
  /** On a node: virt-handler takes machines. */
  schedulable: "kubevirt.io/schedulable",
  /** On a DataSource. */
  defaultInstanceType: "instancetype.kubevirt.io/default-instancetype",
  defaultPreference: "instancetype.kubevirt.io/default-preference",
  /** On a DataSource: the scheduled import that keeps it. */
  importCron: "cdi.kubevirt.io/dataImportCron",
  /** On a preference. */
  osType: "instancetype.kubevirt.io/os-type",
} as const;

export const clusterAnnotations = {
  /** On a node: when virt-handler was last heard of. */
  heartbeat: "kubevirt.io/heartbeat",
  /** On an instance type. */
  typeName: "instancetype.kubevirt.io/displayName",
  typeDescription: "instancetype.kubevirt.io/description",
  /** On preferences and namespaces, as OpenShift began. */
  title: "openshift.io/display-name",
  /** On a namespace or a machine's template: the subnet; the next four on the template alone. */
  logicalSwitch: "ovn.kubernetes.io/logical_switch",
  ipAddress: "ovn.kubernetes.io/ip_address",
  macAddress: "ovn.kubernetes.io/mac_address",
  securityGroups: "ovn.kubernetes.io/security_groups",
  /** Without it a port is held against no group (kube-ovn pkg/controller/security_group.go). */
  portSecurity: "ovn.kubernetes.io/port_security",
  /** On a machine's template: its guest is bridged onto the pod network, and migratable all the same. */
  bridgedMigration: "kubevirt.io/allow-pod-bridge-network-live-migration",
  /** On a DataVolume: it is bound though no pod uses it yet. */
  bindNow: "cdi.kubevirt.io/storage.bind.immediate.requested",
  /** On a StorageClass. */
  defaultClass: "storageclass.kubernetes.io/is-default-class",
  defaultClassForMachines: "storageclass.kubevirt.io/is-default-virt-class",
  /** On a VolumeSnapshotClass. */
  defaultSnapshotClass: "snapshot.storage.kubernetes.io/is-default-class",
} as const;

/** Of a node: machines that it can run with hardware virtualisation. */
export const kvmResource = "devices.kubevirt.io/kvm";

/** Whether these are the labels of a pod that carries a machine. */
export function isLauncher(labels: Readonly<Record<string, string>> | undefined): boolean {
  return labels?.["kubevirt.io"] === "virt-launcher";
}

/** As KubeVirt's webhook reads it. */
export function isDeleteProtected(labels: Readonly<Record<string, string>> | undefined): boolean {
  return (labels?.[clusterLabels.deleteProtection] ?? "").toLowerCase() === "true";
}
