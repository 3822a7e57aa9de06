/** The parts of KubeVirt objects that controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition } from "./core-shapes.ts";
import type { DataVolumeSpec } from "./storage-shapes.ts";
import type { VolumeRequest } from "./volume-requests.ts";

export interface Disk {
  name: string;
  serial?: string;
  bootOrder?: number;
  disk?: { bus?: string; readonly?: boolean };
  cdrom?: { bus?: string; readonly?: boolean };
  lun?: { bus?: string };
}

export interface Volume {
  name: string;
  dataVolume?: { name: string; hotpluggable?: boolean };
  persistentVolumeClaim?: { claimName: string; hotpluggable?: boolean };
  containerDisk?: { image: string; imagePullPolicy?: string };
  cloudInitNoCloud?: CloudInitSource;
  cloudInitConfigDrive?: CloudInitSource;
  emptyDisk?: { capacity: string };
  ephemeral?: { persistentVolumeClaim?: { claimName: string } };
  configMap?: { name?: string; optional?: boolean; volumeLabel?: string };
  secret?: { secretName?: string; optional?: boolean; volumeLabel?: string };
}

export interface CloudInitSource {
  userData?: string;
  userDataBase64?: string;
  secretRef?: { name: string };
  networkData?: string;
  networkDataBase64?: string;
}

export interface Interface {
  name: string;
  macAddress?: string;
  model?: string;
  /** `absent` asks for its removal from a running machine. */
  state?: string;
  masquerade?: object;
  bridge?: object;
  sriov?: object;
}

export interface Network {
  name: string;
  pod?: object;
  multus?: { networkName: string; default?: boolean };
}

export interface VmiSpec {
  architecture?: string;
  domain: {
    cpu?: {
      cores?: number;
      sockets?: number;
      threads?: number;
      model?: string;
      maxSockets?: number;
      dedicatedCpuPlacement?: boolean;
    };
    memory?: { guest?: string; maxGuest?: string; hugepages?: { pageSize: string } };
    resources?: { requests?: Record<string, string>; limits?: Record<string, string> };
    firmware?: { bootloader?: { efi?: object; bios?: object }; uuid?: string; serial?: string };
    features?: { smm?: { enabled?: boolean }; [name: string]: unknown };
    machine?: { type?: string };
    devices: {
      disks?: Disk[];
      interfaces?: Interface[];
      autoattachGraphicsDevice?: boolean;
      autoattachSerialConsole?: boolean;
      autoattachPodInterface?: boolean;
      gpus?: { deviceName?: string }[];
      hostDevices?: { deviceName?: string }[];
    };
  };
  networks?: Network[];
  volumes?: Volume[];
  accessCredentials?: {
    sshPublicKey?: {
      source?: { secret?: { secretName?: string } };
      propagationMethod?: { noCloud?: object };
    };
  }[];
  nodeSelector?: Record<string, string>;
  tolerations?: { key?: string; operator?: string; effect?: string; value?: string }[];
  hostname?: string;
  evictionStrategy?: string;
  startStrategy?: string;
  priorityClassName?: string;
  terminationGracePeriodSeconds?: number;
}

export interface StateChangeRequest {
  action: "Start" | "Stop";
  uid?: string;
  data?: Record<string, string>;
}

export interface MemoryDumpRequest {
  claimName: string;
  phase: "Associating" | "InProgress" | "Unmounting" | "Completed" | "Failed" | "Dissociating";
  remove?: boolean;
  startTimestamp?: string;
  endTimestamp?: string;
  fileName?: string;
  message?: string;
}

export interface Matcher {
  name: string;
  kind?: string;
  revisionName?: string;
}

/** A type as it was captured. */
export interface TypeRef {
  name: string;
  kind?: string;
  controllerRevisionRef?: { name: string };
}

export interface VirtualMachine extends KubeObject {
  spec: {
    runStrategy?: string;
    running?: boolean;
    instancetype?: Matcher;
    preference?: Matcher;
    template: {
      metadata?: { labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: VmiSpec;
    };
    dataVolumeTemplates?: {
      metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
      spec: DataVolumeSpec;
    }[];
  };
  status?: {
    printableStatus?: string;
    created?: boolean;
    ready?: boolean;
    conditions?: Condition[];
    stateChangeRequests?: StateChangeRequest[];
    volumeRequests?: VolumeRequest[];
    runStrategy?: string;
    startFailure?: { consecutiveFailCount: number; lastFailedVMIUID: string; retryAfterTimestamp: string };
    desiredGeneration?: number;
    observedGeneration?: number;
    volumeSnapshotStatuses?: { name: string; enabled: boolean; reason?: string }[];
    snapshotInProgress?: string;
    restoreInProgress?: string;
    memoryDumpRequest?: MemoryDumpRequest;
    instancetypeRef?: TypeRef;
    preferenceRef?: TypeRef;
  };
}

export interface MigrationState {
  migrationUid?: string;
  migrationConfiguration?: object;
  mode?: string;
  startTimestamp?: string;
  endTimestamp?: string;
  sourceNode?: string;
  sourcePod?: string | undefined;
  targetNode?: string;
  targetPod?: string;
  targetNodeAddress?: string;
  targetDirectMigrationNodePorts?: Record<string, number>;
  targetNodeDomainDetected?: boolean;
  targetNodeDomainReadyTimestamp?: string;
  targetMemoryOverhead?: string;
  abortRequested?: boolean;
  abortStatus?: string;
  completed?: boolean;
  failed?: boolean;
  failureReason?: string;
}

export interface Migration extends KubeObject {
  spec: { vmiName?: string; addedNodeSelector?: Record<string, string> };
  status?: {
    phase?: string;
    conditions?: Condition[];
    phaseTransitionTimestamps?: { phase: string; phaseTransitionTimestamp: string }[];
    migrationState?: MigrationState;
  };
}

export interface VolumeStatus {
  name: string;
  target: string;
  size?: number;
  phase?: string;
  reason?: string;
  message?: string;
  hotplugVolume?: { attachPodName?: string; attachPodUID?: string };
  persistentVolumeClaimInfo?: { claimName?: string; accessModes?: string[]; [field: string]: unknown };
}

export interface VirtualMachineInstance extends KubeObject {
  spec: VmiSpec;
  status?: {
    phase?: string;
    nodeName?: string;
    /** The host it was asked to leave, while it is still there. */
    evacuationNodeName?: string;
    conditions?: Condition[];
    reason?: string;
    activePods?: Record<string, string>;
    interfaces?: {
      name: string;
      ipAddress?: string;
      ipAddresses?: string[];
      mac?: string;
      infoSource?: string;
      linkState?: string;
      podInterfaceName?: string;
      queueCount?: number;
    }[];
    guestOSInfo?: Record<string, string>;
    migrationState?: MigrationState;
    phaseTransitionTimestamps?: { phase: string; phaseTransitionTimestamp: string }[];
    volumeStatus?: VolumeStatus[];
    virtualMachineRevisionName?: string;
    [field: string]: unknown;
  };
}
