/** What the console keeps of disks, images and storage classes. */
import type { ConditionFact, RecordBase } from "./vm-records.ts";

export interface ClaimRecord extends RecordBase {
  phase: string;
  capacityBytes: number;
  requestBytes: number;
  storageClass: string;
  accessModes: readonly string[];
  volumeMode: string;
  /** The DataVolume that owns it, or ''. */
  dataVolume: string;
  volumeName: string;
  /** A file system that grows when it is next mounted. */
  growthPending: boolean;
}

export interface DataVolumeRecord extends RecordBase {
  phase: string;
  progressPercent: number | null;
  running: ConditionFact | null;
  claim: string;
  /** `upload`, `http`, `registry`, `blank`, `pvc`, `snapshot`, … or `sourceRef`. */
  source: string;
  /** `project/name` of its DataSource, or ''. */
  image: string;
  ownerKind: string;
  ownerName: string;
  requestBytes: number;
  storageClass: string;
  /** Bytes that the person declared for the upload; 0 where unknown. */
  uploadBytes: number;
  uploadCut: string;
}

export interface ImageRecord extends RecordBase {
  displayName: string;
  media: "disk" | "iso";
  claimNamespace: string;
  claimName: string;
  snapshotName: string;
  ready: ConditionFact | null;
  defaultInstanceType: string;
  defaultPreference: string;
  managedByCron: boolean;
  /** Whether this console made it, so that the DataVolume of the same name belongs to it. */
  ownDisk: boolean;
}

export interface StorageClassRecord extends RecordBase {
  provisioner: string;
  isDefault: boolean;
  isDefaultForMachines: boolean;
  bindingMode: string;
  expandable: boolean;
}

export interface StorageProfileRecord extends RecordBase {
  accessModes: readonly string[];
  volumeMode: string;
  /** Every pair of modes that it names, as `ReadWriteMany Block`; the first are the ones above. */
  modes: readonly string[];
  snapshotClass: string;
  cloneStrategy: string;
}

export interface SnapshotClassRecord extends RecordBase {
  driver: string;
  isDefault: boolean;
}

export interface VolumeSnapshotRecord extends RecordBase {
  claim: string;
  ready: boolean;
  restoreBytes: number;
}
