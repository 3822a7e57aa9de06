/** Kinds of CDI, the CSI snapshotter and Multus: facts of their CRDs. */
import { customKind, type Kind } from "./kind.ts";

export const storageExtensionKinds: readonly Kind[] = [
  customKind("cdi.kubevirt.io", ["v1beta1"], "cdiconfigs", "CDIConfig", { namespaced: false }),
  customKind("cdi.kubevirt.io", ["v1beta1", "v1alpha1"], "cdis", "CDI", {
    namespaced: false,
    shortNames: ["cdi", "cdis"],
    columns: [
      ["Age", "date", ".metadata.creationTimestamp"],
      ["Phase", "string", ".status.phase"],
    ],
  }),
  customKind("cdi.kubevirt.io", ["v1beta1"], "dataimportcrons", "DataImportCron", {
    shortNames: ["dic", "dics"],
    categories: ["all"],
    columns: [["Format", "string", ".status.sourceFormat"]],
  }),
  customKind("cdi.kubevirt.io", ["v1beta1"], "datasources", "DataSource", {
    shortNames: ["das"],
    categories: ["all"],
  }),
  customKind("cdi.kubevirt.io", ["v1beta1"], "datavolumes", "DataVolume", {
    shortNames: ["dv", "dvs"],
    categories: ["all"],
    statusSubresource: true,
    columns: [
      ["Phase", "string", ".status.phase"],
      ["Progress", "string", ".status.progress"],
      ["Restarts", "integer", ".status.restartCount"],
      ["Age", "date", ".metadata.creationTimestamp"],
    ],
  }),
  customKind("cdi.kubevirt.io", ["v1beta1"], "objecttransfers", "ObjectTransfer", {
    namespaced: false,
    shortNames: ["ot", "ots"],
    statusSubresource: true,
    columns: [
      ["Age", "date", ".metadata.creationTimestamp"],
      ["Phase", "string", ".status.phase"],
    ],
  }),
  customKind("cdi.kubevirt.io", ["v1beta1"], "storageprofiles", "StorageProfile", {
    namespaced: false,
    statusSubresource: true,
  }),
  customKind("cdi.kubevirt.io", ["v1beta1"], "volumeclonesources", "VolumeCloneSource", {}),
  customKind("cdi.kubevirt.io", ["v1beta1"], "volumeimportsources", "VolumeImportSource", {}),
  customKind("cdi.kubevirt.io", ["v1beta1"], "volumeuploadsources", "VolumeUploadSource", {}),
  customKind(
    "forklift.cdi.kubevirt.io",
    ["v1beta1"],
    "openstackvolumepopulators",
    "OpenstackVolumePopulator",
    { shortNames: ["osvp", "osvps"] },
  ),
  customKind("forklift.cdi.kubevirt.io", ["v1beta1"], "ovirtvolumepopulators", "OvirtVolumePopulator", {
    shortNames: ["ovvp", "ovvps"],
  }),
  customKind(
    "groupsnapshot.storage.k8s.io",
    ["v1", "v1beta2", "v1beta1"],
    "volumegroupsnapshotclasses",
    "VolumeGroupSnapshotClass",
    {
      namespaced: false,
      shortNames: ["vgsclass", "vgsclasses"],
      storageVersion: "v1beta2",
      columns: [
        ["Driver", "string", ".driver"],
        ["DeletionPolicy", "string", ".deletionPolicy"],
        ["Age", "date", ".metadata.creationTimestamp"],
      ],
    },
  ),
  customKind(
    "groupsnapshot.storage.k8s.io",
    ["v1", "v1beta2", "v1beta1"],
    "volumegroupsnapshotcontents",
    "VolumeGroupSnapshotContent",
    {
      namespaced: false,
      shortNames: ["vgsc", "vgscs"],
      storageVersion: "v1beta2",
      statusSubresource: true,
      columns: [
        ["ReadyToUse", "boolean", ".status.readyToUse"],
        ["DeletionPolicy", "string", ".spec.deletionPolicy"],
        ["Driver", "string", ".spec.driver"],
        ["VolumeGroupSnapshotClass", "string", ".spec.volumeGroupSnapshotClassName"],
        ["VolumeGroupSnapshotNamespace", "string", ".spec.volumeGroupSnapshotRef.namespace"],
        ["VolumeGroupSnapshot", "string", ".spec.volumeGroupSnapshotRef.name"],
        ["Age", "date", ".metadata.creationTimestamp"],
      ],
    },
  ),
  customKind(
    "groupsnapshot.storage.k8s.io",
    ["v1", "v1beta2", "v1beta1"],
    "volumegroupsnapshots",
    "VolumeGroupSnapshot",
    {
      shortNames: ["vgs"],
      storageVersion: "v1beta2",
      statusSubresource: true,
      columns: [
        ["ReadyToUse", "boolean", ".status.readyToUse"],
        ["VolumeGroupSnapshotClass", "string", ".spec.volumeGroupSnapshotClassName"],
        ["VolumeGroupSnapshotContent", "string", ".status.boundVolumeGroupSnapshotContentName"],
        ["CreationTime", "date", ".status.creationTime"],
        ["Age", "date", ".metadata.creationTimestamp"],
      ],
    },
  ),
  customKind("snapshot.storage.k8s.io", ["v1"], "volumesnapshotclasses", "VolumeSnapshotClass", {
    namespaced: false,
    shortNames: ["vsclass", "vsclasses"],
    columns: [
      ["Driver", "string", ".driver"],
      ["DeletionPolicy", "string", ".deletionPolicy"],
      ["Age", "date", ".metadata.creationTimestamp"],
    ],
  }),
  customKind("snapshot.storage.k8s.io", ["v1"], "volumesnapshotcontents", "VolumeSnapshotContent", {
    namespaced: false,
    shortNames: ["vsc", "vscs"],
    statusSubresource: true,
    columns: [
      ["ReadyToUse", "boolean", ".status.readyToUse"],
      ["RestoreSize", "integer", ".status.restoreSize"],
      ["DeletionPolicy", "string", ".spec.deletionPolicy"],
      ["Driver", "string", ".spec.driver"],
      ["VolumeSnapshotClass", "string", ".spec.volumeSnapshotClassName"],
      ["VolumeSnapshot", "string", ".spec.volumeSnapshotRef.name"],
      ["VolumeSnapshotNamespace", "string", ".spec.volumeSnapshotRef.namespace"],
      ["Age", "date", ".metadata.creationTimestamp"],
    ],
  }),
  customKind("snapshot.storage.k8s.io", ["v1"], "volumesnapshots", "VolumeSnapshot", {
    shortNames: ["vs"],
    statusSubresource: true,
    columns: [
      ["ReadyToUse", "boolean", ".status.readyToUse"],
      ["SourcePVC", "string", ".spec.source.persistentVolumeClaimName"],
      ["SourceSnapshotContent", "string", ".spec.source.volumeSnapshotContentName"],
      ["RestoreSize", "string", ".status.restoreSize"],
      ["SnapshotClass", "string", ".spec.volumeSnapshotClassName"],
      ["SnapshotContent", "string", ".status.boundVolumeSnapshotContentName"],
      ["CreationTime", "date", ".status.creationTime"],
      ["Age", "date", ".metadata.creationTimestamp"],
    ],
  }),
  customKind("k8s.cni.cncf.io", ["v1"], "network-attachment-definitions", "NetworkAttachmentDefinition", {
    shortNames: ["net-attach-def"],
    singular: "network-attachment-definition",
  }),
];
