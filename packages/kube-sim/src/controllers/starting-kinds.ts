/** In which order controllers look at what is stored when they start. */
import type { KubeObject } from "../store/kube-object.ts";
import {
  claimKind,
  dataSourceKind,
  dataVolumeKind,
  ipKind,
  migrationKind,
  nodeKind,
  podKind,
  quotaKind,
  subnetKind,
  vmExportKind,
  vmKind,
  vmiKind,
  vmiReplicaSetKind,
  vmPoolKind,
  volumeKind,
  volumeSnapshotKind,
  vpcKind,
  type Kind,
} from "./kinds.ts";

/** From the last of these to the first: networks and disks before those who need them. */
export const startingKinds: Kind<KubeObject>[] = [
  nodeKind,
  vmExportKind,
  migrationKind,
  volumeSnapshotKind,
  vmPoolKind,
  vmiReplicaSetKind,
  vmKind,
  vmiKind,
  podKind,
  dataSourceKind,
  dataVolumeKind,
  volumeKind,
  claimKind,
  quotaKind,
  ipKind,
  subnetKind,
  vpcKind,
];
