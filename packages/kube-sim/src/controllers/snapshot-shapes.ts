/** The parts of KubeVirt's snapshot, restore and clone objects that controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition } from "./core-shapes.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";

interface Reference {
  apiGroup?: string;
  kind: string;
  name: string;
}

export interface VmSnapshot extends KubeObject {
  spec: { source: Reference; deletionPolicy?: "Delete" | "Retain"; failureDeadline?: string };
  status?: {
    phase?: string;
    readyToUse?: boolean;
    sourceUID?: string;
    creationTime?: string;
    conditions?: Condition[];
    indications?: string[];
    sourceIndications?: { indication: string; message: string }[];
    virtualMachineSnapshotContentName?: string;
    snapshotVolumes?: { includedVolumes?: string[]; excludedVolumes?: string[] };
    error?: { message: string; time: string };
  };
}

export interface VolumeBackup {
  volumeName: string;
  persistentVolumeClaim: Pick<PersistentVolumeClaim, "metadata" | "spec">;
  volumeSnapshotName: string;
}

export interface VmSnapshotContent extends KubeObject {
  spec: {
    virtualMachineSnapshotName?: string;
    source: { virtualMachine?: Pick<VirtualMachine, "metadata" | "spec"> };
    volumeBackups?: VolumeBackup[];
  };
  status?: {
    readyToUse?: boolean;
    creationTime?: string;
    volumeSnapshotStatus?: { volumeSnapshotName: string; readyToUse?: boolean; creationTime?: string }[];
  };
}

export interface VmRestore extends KubeObject {
  spec: {
    target: Reference;
    virtualMachineSnapshotName: string;
    targetReadinessPolicy?: "StopTarget" | "WaitGracePeriod" | "FailImmediate" | "WaitEventually";
    patches?: string[];
  };
  status?: {
    complete?: boolean;
    restoreTime?: string;
    conditions?: Condition[];
    restores?: { volumeName: string; persistentVolumeClaim: string; volumeSnapshotName: string }[];
    deletedDataVolumes?: string[];
  };
}

export interface VmClone extends KubeObject {
  spec: {
    source: Reference;
    target?: Reference;
    annotationFilters?: string[];
    labelFilters?: string[];
    template?: { annotationFilters?: string[]; labelFilters?: string[] };
    newMacAddresses?: Record<string, string>;
    newSMBiosSerial?: string;
    patches?: string[];
  };
  status?: {
    phase?: string;
    conditions?: Condition[];
    snapshotName?: string;
    restoreName?: string;
    targetName?: string;
  };
}
