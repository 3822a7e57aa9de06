/** The parts of storage and CDI objects that controllers read and write. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Condition } from "./core-shapes.ts";

export interface StorageClass extends KubeObject {
  provisioner: string;
  volumeBindingMode?: "Immediate" | "WaitForFirstConsumer";
  reclaimPolicy?: string;
  allowVolumeExpansion?: boolean;
  parameters?: Record<string, string>;
}

interface ClaimProperties {
  accessModes?: string[];
  volumeMode?: string;
}

export interface StorageProfile extends KubeObject {
  spec?: {
    claimPropertySets?: ClaimProperties[];
    cloneStrategy?: string;
    dataImportCronSourceFormat?: string;
    snapshotClass?: string;
  };
  status?: {
    claimPropertySets?: ClaimProperties[];
    cloneStrategy?: string;
    conditions?: Condition[];
    dataImportCronSourceFormat?: string;
    provisioner?: string;
    snapshotClass?: string;
    storageClass?: string;
  };
}

export interface ClaimSpec {
  accessModes?: string[];
  volumeMode?: string;
  storageClassName?: string;
  volumeName?: string;
  resources?: { requests?: { storage?: string } };
  dataSource?: { kind: string; name: string; apiGroup?: string };
  dataSourceRef?: { kind: string; name: string; apiGroup?: string; namespace?: string };
}

export interface PersistentVolumeClaim extends KubeObject {
  spec: ClaimSpec;
  status?: {
    phase?: string;
    capacity?: { storage?: string };
    accessModes?: string[];
    conditions?: Condition[];
  };
}

export interface PersistentVolume extends KubeObject {
  spec: ClaimSpec & {
    capacity?: { storage?: string };
    /** Without a uid it is kept for a claim that is not bound yet. */
    claimRef?: { namespace: string; name: string; uid?: string };
    persistentVolumeReclaimPolicy?: string;
    csi?: { driver: string; volumeHandle: string };
  };
  status?: { phase?: string };
}

export interface DataVolumeSource {
  upload?: object;
  blank?: object;
  pvc?: { namespace?: string; name: string };
  snapshot?: { namespace?: string; name: string };
  http?: {
    url: string;
    checksum?: string;
    secretRef?: string;
    extraHeaders?: string[];
    secretExtraHeaders?: string[];
  };
  registry?: { url?: string };
}

export interface DataVolumeSpec {
  contentType?: string;
  source?: DataVolumeSource;
  sourceRef?: { kind: string; name: string; namespace?: string };
  storage?: ClaimSpec;
  pvc?: ClaimSpec;
}

export interface DataVolume extends KubeObject {
  spec: DataVolumeSpec;
  status?: {
    phase?: string;
    progress?: string;
    claimName?: string;
    conditions?: Condition[];
    restartCount?: number;
  };
}

export interface DataSource extends KubeObject {
  spec: {
    source?: {
      pvc?: { namespace?: string; name: string };
      snapshot?: { namespace?: string; name: string };
      dataSource?: { namespace?: string; name: string };
    };
  };
  status?: { conditions?: Condition[]; source?: unknown };
}

export interface VolumeSnapshot extends KubeObject {
  spec: {
    source: { persistentVolumeClaimName?: string; volumeSnapshotContentName?: string };
    volumeSnapshotClassName?: string;
  };
  status?: {
    readyToUse?: boolean;
    restoreSize?: string;
    creationTime?: string;
    boundVolumeSnapshotContentName?: string;
    error?: { message: string; time: string };
  };
}

export interface VolumeSnapshotClass extends KubeObject {
  driver: string;
  deletionPolicy: string;
}

export interface VolumeSnapshotContent extends KubeObject {
  spec: {
    volumeSnapshotRef: { namespace: string; name: string; uid: string };
    deletionPolicy: string;
    driver: string;
    source: { volumeHandle?: string; snapshotHandle?: string };
    volumeSnapshotClassName?: string;
  };
  status?: {
    readyToUse?: boolean;
    restoreSize?: number;
    snapshotHandle?: string;
    creationTime?: number;
    error?: { message: string; time: string };
  };
}

export interface CsiDriver extends KubeObject {
  spec: { attachRequired?: boolean; storageCapacity?: boolean };
}

export interface CsiNode extends KubeObject {
  spec: { drivers?: { name: string; allocatable?: { count?: number } }[] };
}

export interface VolumeAttachment extends KubeObject {
  spec: { attacher: string; nodeName: string; source: { persistentVolumeName?: string } };
  status?: { attached: boolean; attachError?: { message: string; time: string } };
}

export interface StorageCapacity extends KubeObject {
  storageClassName: string;
  capacity?: string;
  maximumVolumeSize?: string;
}

export interface DataImportCron extends KubeObject {
  status?: {
    conditions?: Condition[];
    lastExecutionTimestamp?: string;
    lastImportedPVC?: { namespace: string; name: string };
  };
}
