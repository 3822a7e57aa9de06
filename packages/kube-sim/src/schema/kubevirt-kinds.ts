/** KubeVirt's kinds: facts of the CRDs that KubeVirt v1.9 installs. */
import { customKind, type Kind } from "./kind.ts";

const oldVersion = {
  v1alpha3: "kubevirt.io/v1alpha3 is now deprecated and will be removed in a future release.",
};

export const kubevirtKinds: readonly Kind[] = [
  customKind("backup.kubevirt.io", ["v1alpha1"], "virtualmachinebackups", "VirtualMachineBackup", {
    shortNames: ["vmbackup", "vmbackups"],
    categories: ["all"],
    statusSubresource: true,
    columns: [
      ["SourceKind", "string", ".spec.source.kind"],
      ["SourceName", "string", ".spec.source.name"],
      ["Type", "string", ".status.type"],
      ["CheckpointName", "string", ".status.checkpointName"],
    ],
  }),
  customKind(
    "backup.kubevirt.io",
    ["v1alpha1"],
    "virtualmachinebackuptrackers",
    "VirtualMachineBackupTracker",
    {
      shortNames: ["vmbackuptracker", "vmbackuptrackers"],
      categories: ["all"],
      statusSubresource: true,
      columns: [
        ["SourceKind", "string", ".spec.source.kind"],
        ["SourceName", "string", ".spec.source.name"],
        ["LatestCheckpoint", "string", ".status.latestCheckpoint.name"],
        ["CheckpointTime", "date", ".status.latestCheckpoint.creationTime"],
      ],
    },
  ),
  customKind("clone.kubevirt.io", ["v1beta1", "v1alpha1"], "virtualmachineclones", "VirtualMachineClone", {
    shortNames: ["vmclone", "vmclones"],
    categories: ["all"],
    statusSubresource: true,
    columns: [
      ["Phase", "string", ".status.phase"],
      ["SourceVirtualMachine", "string", ".spec.source.name"],
      ["TargetVirtualMachine", "string", ".spec.target.name"],
    ],
  }),
  customKind("export.kubevirt.io", ["v1", "v1beta1"], "virtualmachineexports", "VirtualMachineExport", {
    shortNames: ["vmexport", "vmexports"],
    deprecated: {
      v1beta1:
        "export.kubevirt.io/v1beta1 VirtualMachineExport is now deprecated and will be removed in a future version.",
    },
    categories: ["all"],
    statusSubresource: true,
    columns: [
      ["SourceKind", "string", ".spec.source.kind"],
      ["SourceName", "string", ".spec.source.name"],
      ["Phase", "string", ".status.phase"],
    ],
  }),
  customKind(
    "instancetype.kubevirt.io",
    ["v1beta1"],
    "virtualmachineclusterinstancetypes",
    "VirtualMachineClusterInstancetype",
    { namespaced: false, shortNames: ["vmclusterinstancetype", "vmclusterinstancetypes", "vmcf", "vmcfs"] },
  ),
  customKind(
    "instancetype.kubevirt.io",
    ["v1beta1"],
    "virtualmachineclusterpreferences",
    "VirtualMachineClusterPreference",
    { namespaced: false, shortNames: ["vmcp", "vmcps"] },
  ),
  customKind(
    "instancetype.kubevirt.io",
    ["v1beta1"],
    "virtualmachineinstancetypes",
    "VirtualMachineInstancetype",
    { shortNames: ["vminstancetype", "vminstancetypes", "vmf", "vmfs"], categories: ["all"] },
  ),
  customKind(
    "instancetype.kubevirt.io",
    ["v1beta1"],
    "virtualmachinepreferences",
    "VirtualMachinePreference",
    { shortNames: ["vmpref", "vmprefs", "vmp", "vmps"], categories: ["all"] },
  ),
  customKind("kubevirt.io", ["v1", "v1alpha3"], "kubevirts", "KubeVirt", {
    shortNames: ["kv", "kvs"],
    deprecated: oldVersion,
    categories: ["all"],
    statusSubresource: true,
    columns: [
      ["Age", "date", ".metadata.creationTimestamp"],
      ["Phase", "string", ".status.phase"],
    ],
  }),
  customKind(
    "kubevirt.io",
    ["v1", "v1alpha3"],
    "virtualmachineinstancemigrations",
    "VirtualMachineInstanceMigration",
    {
      shortNames: ["vmim", "vmims"],
      deprecated: oldVersion,
      categories: ["all"],
      statusSubresource: true,
      columns: [
        ["Phase", "string", ".status.phase"],
        ["VMI", "string", ".spec.vmiName"],
      ],
    },
  ),
  customKind(
    "kubevirt.io",
    ["v1", "v1alpha3"],
    "virtualmachineinstancepresets",
    "VirtualMachineInstancePreset",
    {
      shortNames: ["vmipreset", "vmipresets"],
      categories: ["all"],
      storageVersion: "v1alpha3",
      deprecated: {
        v1: "kubevirt.io/v1 VirtualMachineInstancePresets is now deprecated and will be removed in v2.",
        v1alpha3:
          "kubevirt.io/v1alpha3 VirtualMachineInstancePresets is now deprecated and will be removed in v2.",
      },
    },
  ),
  customKind(
    "kubevirt.io",
    ["v1", "v1alpha3"],
    "virtualmachineinstancereplicasets",
    "VirtualMachineInstanceReplicaSet",
    {
      shortNames: ["vmirs", "vmirss"],
      deprecated: oldVersion,
      categories: ["all"],
      statusSubresource: true,
      scale: {
        specReplicasPath: ".spec.replicas",
        statusReplicasPath: ".status.replicas",
        selectorPath: ".status.labelSelector",
      },
      columns: [
        ["Desired", "integer", ".spec.replicas"],
        ["Current", "integer", ".status.replicas"],
        ["Ready", "integer", ".status.readyReplicas"],
        ["Age", "date", ".metadata.creationTimestamp"],
      ],
    },
  ),
  customKind("kubevirt.io", ["v1", "v1alpha3"], "virtualmachineinstances", "VirtualMachineInstance", {
    shortNames: ["vmi", "vmis"],
    deprecated: oldVersion,
    categories: ["all"],
    columns: [
      ["Age", "date", ".metadata.creationTimestamp"],
      ["Phase", "string", ".status.phase"],
      ["IP", "string", ".status.interfaces[0].ipAddress"],
      ["NodeName", "string", ".status.nodeName"],
      ["Ready", "string", ".status.conditions[?(@.type=='Ready')].status"],
      ["Live-Migratable", "string", ".status.conditions[?(@.type=='LiveMigratable')].status", 1],
      ["Paused", "string", ".status.conditions[?(@.type=='Paused')].status", 1],
    ],
  }),
  customKind("kubevirt.io", ["v1", "v1alpha3"], "virtualmachines", "VirtualMachine", {
    shortNames: ["vm", "vms"],
    deprecated: oldVersion,
    categories: ["all"],
    statusSubresource: true,
    columns: [
      ["Age", "date", ".metadata.creationTimestamp"],
      ["Status", "string", ".status.printableStatus"],
      ["Ready", "string", ".status.conditions[?(@.type=='Ready')].status"],
    ],
  }),
  customKind("migrations.kubevirt.io", ["v1alpha1"], "migrationpolicies", "MigrationPolicy", {
    namespaced: false,
    statusSubresource: true,
  }),
  customKind("plugin.kubevirt.io", ["v1alpha1"], "plugins", "Plugin", { namespaced: false }),
  customKind("pool.kubevirt.io", ["v1beta1", "v1alpha1"], "virtualmachinepools", "VirtualMachinePool", {
    shortNames: ["vmpool", "vmpools"],
    categories: ["all"],
    statusSubresource: true,
    scale: {
      specReplicasPath: ".spec.replicas",
      statusReplicasPath: ".status.replicas",
      selectorPath: ".status.labelSelector",
    },
    columns: [
      ["Desired", "integer", ".spec.replicas"],
      ["Current", "integer", ".status.replicas"],
      ["Ready", "integer", ".status.readyReplicas"],
      ["Age", "date", ".metadata.creationTimestamp"],
    ],
  }),
  customKind(
    "snapshot.kubevirt.io",
    ["v1beta1", "v1alpha1"],
    "virtualmachinerestores",
    "VirtualMachineRestore",
    {
      shortNames: ["vmrestore", "vmrestores"],
      categories: ["all"],
      statusSubresource: true,
      columns: [
        ["TargetKind", "string", ".spec.target.kind"],
        ["TargetName", "string", ".spec.target.name"],
        ["Complete", "boolean", ".status.complete"],
        ["RestoreTime", "date", ".status.restoreTime"],
      ],
    },
  ),
  customKind(
    "snapshot.kubevirt.io",
    ["v1beta1", "v1alpha1"],
    "virtualmachinesnapshotcontents",
    "VirtualMachineSnapshotContent",
    {
      shortNames: ["vmsnapshotcontent", "vmsnapshotcontents"],
      categories: ["all"],
      statusSubresource: true,
      columns: [
        ["ReadyToUse", "boolean", ".status.readyToUse"],
        ["CreationTime", "date", ".status.creationTime"],
        ["Error", "string", ".status.error.message"],
      ],
    },
  ),
  customKind(
    "snapshot.kubevirt.io",
    ["v1beta1", "v1alpha1"],
    "virtualmachinesnapshots",
    "VirtualMachineSnapshot",
    {
      shortNames: ["vmsnapshot", "vmsnapshots"],
      categories: ["all"],
      statusSubresource: true,
      columns: [
        ["SourceKind", "string", ".spec.source.kind"],
        ["SourceName", "string", ".spec.source.name"],
        ["Phase", "string", ".status.phase"],
        ["ReadyToUse", "boolean", ".status.readyToUse"],
        ["CreationTime", "date", ".status.creationTime"],
        ["Error", "string", ".status.error.message"],
      ],
    },
  ),
  customKind(
    "template.kubevirt.io",
    ["v1beta1", "v1alpha1"],
    "virtualmachinetemplaterequests",
    "VirtualMachineTemplateRequest",
    {
      shortNames: ["vmtr", "vmtrs"],
      storageVersion: "v1alpha1",
      statusSubresource: true,
      columns: [
        ["Template", "string", ".status.templateRef.name"],
        ["Age", "date", ".metadata.creationTimestamp"],
        ["Ready", "string", '.status.conditions[?(@.type=="Ready")].status'],
        ["Progressing", "string", '.status.conditions[?(@.type=="Progressing")].status'],
      ],
    },
  ),
  customKind(
    "template.kubevirt.io",
    ["v1beta1", "v1alpha1"],
    "virtualmachinetemplates",
    "VirtualMachineTemplate",
    {
      shortNames: ["vmt", "vmts"],
      storageVersion: "v1alpha1",
      statusSubresource: true,
      columns: [
        ["Age", "date", ".metadata.creationTimestamp"],
        ["Ready", "string", '.status.conditions[?(@.type=="Ready")].status'],
      ],
    },
  ),
];
