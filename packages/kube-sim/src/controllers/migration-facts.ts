/** What every migration of a default KubeVirt shows in its state. */

/** KubeVirt's defaults, as a VMI shows them. Source: the recorded traces. */
export const configuration = {
  allowAutoConverge: false,
  allowPostCopy: false,
  allowWorkloadDisruption: false,
  bandwidthPerMigration: "0",
  completionTimeoutPerGiB: 150,
  maxDowntimeMs: 900,
  nodeDrainTaintKey: "kubevirt.io/drain",
  parallelMigrationsPerCluster: 5,
  parallelOutboundMigrationsPerNode: 2,
  progressTimeout: 150,
  unsafeMigrationOverride: false,
  utilityVolumesTimeout: 150,
};

/** What virt-handler would listen on for libvirt and its two streams; nobody does. Source: the recorded traces. */
export const targetPorts = { "40931": 49_153, "44670": 49_152, "36517": 0 };
