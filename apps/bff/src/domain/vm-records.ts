/** What the console keeps of each machine object: facts only, small, and no secret (cloud-init never gets this far). */
import type { Deletion } from "./deletion.ts";

/** Identity of every record. `namespace` is '' for cluster-scoped kinds. */
export interface RecordBase {
  namespace: string;
  name: string;
  uid: string;
  createdAt: string;
  /** Null where it is not deleted. */
  deletion: Deletion | null;
}

export interface ConditionFact {
  status: string;
  reason: string;
  message: string;
}

export interface VolumeFact {
  name: string;
  /** PVC or DataVolume name; '' for volumes without a claim. */
  claim: string;
}

export interface VmRecord extends RecordBase {
  labels: Readonly<Record<string, string>>;
  runStrategy: string;
  status: string;
  failure: ConditionFact | null;
  restartRequired: boolean;
  recoveryRequired: boolean;
  startFailures: number;
  retryAfter: string;
  requestPending: boolean;
  snapshotInProgress: string;
  restoreInProgress: boolean;
  cpuCores: number;
  memoryBytes: number;
  instanceType: string;
  /** As forms name it (type-id.ts); '' where it names none. */
  instanceTypeId: string;
  preference: string;
  preferenceId: string;
  volumes: readonly VolumeFact[];
  dataVolumeTemplates: readonly string[];
  /** `project/name` of DataSources its disks are copied from. */
  images: readonly string[];
  graphics: boolean;
  serial: boolean;
  acpi: boolean;
  /** A liveness probe other than guestAgentPing forbids pausing. */
  livenessProbe: boolean;
  deleteProtected: boolean;
  subnet: string;
  /** Of its first interface. */
  securityGroups: readonly string[];
}

export interface InstanceRecord extends RecordBase {
  phase: string;
  host: string;
  ips: readonly string[];
  macs: readonly string[];
  guestOs: string;
  startedAt: string;
  paused: boolean;
  agentConnected: boolean;
  migratingTo: string;
  /** When the migration under way began; '' where there is none or it has only been asked for. */
  migratingSince: string;
  /** Why it cannot be live-migrated, in KubeVirt's words; '' when it can or it is not known. */
  migrationBlock: string;
  unschedulable: string;
  cpuCores: number;
  memoryBytes: number;
  ownedByVm: boolean;
}

export interface PodRecord extends RecordBase {
  phase: string;
  host: string;
  cpuCores: number;
  memoryBytes: number;
  /** Requests besides processors and memory: scratch space, KVM, huge pages, GPUs. */
  otherRequests: Readonly<Record<string, number>>;
  /** What controls it, e.g. DaemonSet; '' where nothing does. */
  ownerKind: string;
  ownerName: string;
  /** The VirtualMachineInstance of a virt-launcher pod, else ''. */
  instance: string;
  waitingReason: string;
  waitingMessage: string;
}

export interface MigrationRecord extends RecordBase {
  instance: string;
  phase: string;
}

/** A restore or a clone: all that its machines' pages need is that it changed. */
export interface VmCopyRecord extends RecordBase {
  /** The machines it is shown with. */
  machines: readonly string[];
  /** Of a restore, else ''. */
  snapshot: string;
  /** Neither done nor failed. */
  underWay: boolean;
  /** Everything of its state that is shown. */
  progress: string;
}

export interface VmSnapshotRecord extends RecordBase {
  vm: string;
  phase: string;
  readyToUse: boolean;
  error: string;
  /** When, how and of which volumes it was taken, as the cluster says it. */
  taken: string;
}
