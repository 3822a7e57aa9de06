/** The kinds that controllers work on, each with its shape, so that the one cast from stored objects happens in typed-store.ts. */
import type { KubeObject } from "../store/kube-object.ts";
import type { GroupResource } from "../store/object-store.ts";
import type {
  CsiDriver,
  CsiNode,
  DataImportCron,
  DataSource,
  DataVolume,
  PersistentVolume,
  PersistentVolumeClaim,
  StorageCapacity,
  StorageClass,
  StorageProfile,
  VolumeAttachment,
  VolumeSnapshot,
  VolumeSnapshotClass,
  VolumeSnapshotContent,
} from "./storage-shapes.ts";
import type { DaemonSet, Deployment, Job, ReplicaSet, StatefulSet } from "./workload-shapes.ts";
import type { AttachmentDefinition, Ip, Subnet, Vpc } from "./kube-ovn-shapes.ts";
import type { Migration, VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import type { VmiReplicaSet, VmPool } from "./pool-shapes.ts";
import type { VmExport } from "./export-shapes.ts";
import type { VmClone, VmRestore, VmSnapshot, VmSnapshotContent } from "./snapshot-shapes.ts";
import type { ConfigMap, Namespace, Node, Pod, ResourceQuota, Secret } from "./core-shapes.ts";

export interface Kind<Shape extends KubeObject> extends GroupResource {
  apiVersion: string;
  kind: string;
  /** Never set: carries the shape. */
  readonly shape?: Shape;
}

function kind<Shape extends KubeObject>(apiVersion: string, name: string, resource: string): Kind<Shape> {
  return {
    group: apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "",
    resource,
    apiVersion,
    kind: name,
  };
}

export const namespaceKind = kind<Namespace>("v1", "Namespace", "namespaces");
export const nodeKind = kind<Node>("v1", "Node", "nodes");
export const leaseKind = kind<KubeObject>("coordination.k8s.io/v1", "Lease", "leases");
export const podKind = kind<Pod>("v1", "Pod", "pods");
export const secretKind = kind<Secret>("v1", "Secret", "secrets");
export const priorityClassKind = kind<KubeObject>("scheduling.k8s.io/v1", "PriorityClass", "priorityclasses");
export const configMapKind = kind<ConfigMap>("v1", "ConfigMap", "configmaps");
export const eventKind = kind<KubeObject>("v1", "Event", "events");
export const quotaKind = kind<ResourceQuota>("v1", "ResourceQuota", "resourcequotas");
export const claimKind = kind<PersistentVolumeClaim>("v1", "PersistentVolumeClaim", "persistentvolumeclaims");
export const volumeKind = kind<PersistentVolume>("v1", "PersistentVolume", "persistentvolumes");
export const storageClassKind = kind<StorageClass>("storage.k8s.io/v1", "StorageClass", "storageclasses");
export const storageProfileKind = kind<StorageProfile>(
  "cdi.kubevirt.io/v1beta1",
  "StorageProfile",
  "storageprofiles",
);
export const dataVolumeKind = kind<DataVolume>("cdi.kubevirt.io/v1beta1", "DataVolume", "datavolumes");
export const dataSourceKind = kind<DataSource>("cdi.kubevirt.io/v1beta1", "DataSource", "datasources");
export const vmKind = kind<VirtualMachine>("kubevirt.io/v1", "VirtualMachine", "virtualmachines");
export const vmiKind = kind<VirtualMachineInstance>(
  "kubevirt.io/v1",
  "VirtualMachineInstance",
  "virtualmachineinstances",
);
export const migrationKind = kind<Migration>(
  "kubevirt.io/v1",
  "VirtualMachineInstanceMigration",
  "virtualmachineinstancemigrations",
);
export const vmiReplicaSetKind = kind<VmiReplicaSet>(
  "kubevirt.io/v1",
  "VirtualMachineInstanceReplicaSet",
  "virtualmachineinstancereplicasets",
);
export const vmPoolKind = kind<VmPool>(
  "pool.kubevirt.io/v1beta1",
  "VirtualMachinePool",
  "virtualmachinepools",
);
export const vmSnapshotKind = kind<VmSnapshot>(
  "snapshot.kubevirt.io/v1beta1",
  "VirtualMachineSnapshot",
  "virtualmachinesnapshots",
);
export const vmSnapshotContentKind = kind<VmSnapshotContent>(
  "snapshot.kubevirt.io/v1beta1",
  "VirtualMachineSnapshotContent",
  "virtualmachinesnapshotcontents",
);
export const vmRestoreKind = kind<VmRestore>(
  "snapshot.kubevirt.io/v1beta1",
  "VirtualMachineRestore",
  "virtualmachinerestores",
);
export const vmCloneKind = kind<VmClone>(
  "clone.kubevirt.io/v1beta1",
  "VirtualMachineClone",
  "virtualmachineclones",
);
export const vmExportKind = kind<VmExport>(
  "export.kubevirt.io/v1",
  "VirtualMachineExport",
  "virtualmachineexports",
);
export const controllerRevisionKind = kind<KubeObject>(
  "apps/v1",
  "ControllerRevision",
  "controllerrevisions",
);
export const clusterInstancetypeKind = kind<KubeObject>(
  "instancetype.kubevirt.io/v1beta1",
  "VirtualMachineClusterInstancetype",
  "virtualmachineclusterinstancetypes",
);
export const instancetypeKind = kind<KubeObject>(
  "instancetype.kubevirt.io/v1beta1",
  "VirtualMachineInstancetype",
  "virtualmachineinstancetypes",
);
export const clusterPreferenceKind = kind<KubeObject>(
  "instancetype.kubevirt.io/v1beta1",
  "VirtualMachineClusterPreference",
  "virtualmachineclusterpreferences",
);
export const preferenceKind = kind<KubeObject>(
  "instancetype.kubevirt.io/v1beta1",
  "VirtualMachinePreference",
  "virtualmachinepreferences",
);
export const attachmentDefinitionKind = kind<AttachmentDefinition>(
  "k8s.cni.cncf.io/v1",
  "NetworkAttachmentDefinition",
  "network-attachment-definitions",
);
export const subnetKind = kind<Subnet>("kubeovn.io/v1", "Subnet", "subnets");
export const vpcKind = kind<Vpc>("kubeovn.io/v1", "Vpc", "vpcs");
export const ipKind = kind<Ip>("kubeovn.io/v1", "IP", "ips");
export const csiDriverKind = kind<CsiDriver>("storage.k8s.io/v1", "CSIDriver", "csidrivers");
export const csiNodeKind = kind<CsiNode>("storage.k8s.io/v1", "CSINode", "csinodes");
export const volumeAttachmentKind = kind<VolumeAttachment>(
  "storage.k8s.io/v1",
  "VolumeAttachment",
  "volumeattachments",
);
export const storageCapacityKind = kind<StorageCapacity>(
  "storage.k8s.io/v1",
  "CSIStorageCapacity",
  "csistoragecapacities",
);
export const dataImportCronKind = kind<DataImportCron>(
  "cdi.kubevirt.io/v1beta1",
  "DataImportCron",
  "dataimportcrons",
);
export const volumeSnapshotKind = kind<VolumeSnapshot>(
  "snapshot.storage.k8s.io/v1",
  "VolumeSnapshot",
  "volumesnapshots",
);
export const volumeSnapshotContentKind = kind<VolumeSnapshotContent>(
  "snapshot.storage.k8s.io/v1",
  "VolumeSnapshotContent",
  "volumesnapshotcontents",
);
export const volumeSnapshotClassKind = kind<VolumeSnapshotClass>(
  "snapshot.storage.k8s.io/v1",
  "VolumeSnapshotClass",
  "volumesnapshotclasses",
);
export const deploymentKind = kind<Deployment>("apps/v1", "Deployment", "deployments");
export const replicaSetKind = kind<ReplicaSet>("apps/v1", "ReplicaSet", "replicasets");
export const statefulSetKind = kind<StatefulSet>("apps/v1", "StatefulSet", "statefulsets");
export const daemonSetKind = kind<DaemonSet>("apps/v1", "DaemonSet", "daemonsets");
export const jobKind = kind<Job>("batch/v1", "Job", "jobs");
