/** Disks, images and storage classes to records. */
import { clusterAnnotations, clusterLabels } from "../domain/cluster-labels.ts";
import type {
  ClaimRecord,
  DataVolumeRecord,
  ImageRecord,
  SnapshotClassRecord,
  StorageClassRecord,
  StorageProfileRecord,
  VolumeSnapshotRecord,
} from "../domain/storage-records.ts";
import { consoleAnnotations, consoleLabels } from "../domain/console-labels.ts";
import { quantityOrZero } from "../domain/quantity.ts";
import type { RawCondition } from "../domain/conditions.ts";
import type { Quantity, RawMeta, RawObject } from "./raw.ts";
import { conditionOf, recordBase } from "./record-base.ts";
import { sharedList, sharedText } from "./shared-text.ts";

interface RawClaimSpec {
  accessModes: string[];
  volumeMode: string;
  volumeName: string;
  storageClassName: string;
  resources: { requests?: { storage?: Quantity } };
}

export function projectClaim(
  raw: RawObject<
    RawClaimSpec,
    { phase: string; capacity: { storage?: Quantity }; conditions: RawCondition[] }
  >,
): ClaimRecord {
  const { spec, status, metadata } = raw;
  const base = recordBase(metadata);
  return {
    namespace: base.namespace,
    name: base.name,
    uid: base.uid,
    createdAt: base.createdAt,
    deletion: base.deletion,
    phase: status?.phase ?? "",
    capacityBytes: quantityOrZero(status?.capacity?.storage),
    requestBytes: quantityOrZero(spec?.resources?.requests?.storage),
    storageClass: sharedText(spec?.storageClassName ?? ""),
    accessModes: sharedList(spec?.accessModes ?? []),
    volumeMode: sharedText(spec?.volumeMode ?? "Filesystem"),
    dataVolume: metadata?.ownerReferences?.find((owner) => owner.kind === "DataVolume")?.name ?? "",
    volumeName: spec?.volumeName ?? "",
    growthPending: (status?.conditions ?? []).some((one) => one.type === "FileSystemResizePending"),
  };
}

interface RawDataVolumeSpec {
  source: Record<string, unknown>;
  sourceRef: { kind?: string; name?: string; namespace?: string };
  storage: Partial<RawClaimSpec>;
  pvc: Partial<RawClaimSpec>;
}

/** `"45.20%"` → 45.2; `N/A` and nothing → null. */
export function progressOf(text: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text ?? "");
  return match === null ? null : Number(match[1]);
}

export function projectDataVolume(
  raw: RawObject<
    RawDataVolumeSpec,
    { phase: string; progress: string; claimName: string; conditions: RawCondition[] }
  >,
): DataVolumeRecord {
  const { spec, status, metadata } = raw;
  const base = recordBase(metadata);
  const target = spec?.storage ?? spec?.pvc;
  const owner =
    metadata?.ownerReferences?.find((entry) => entry.controller === true) ?? metadata?.ownerReferences?.[0];
  const ref = spec?.sourceRef;
  return {
    namespace: base.namespace,
    name: base.name,
    uid: base.uid,
    createdAt: base.createdAt,
    deletion: base.deletion,
    phase: status?.phase ?? "",
    progressPercent: progressOf(status?.progress),
    running: conditionOf(status?.conditions, "Running"),
    claim: sharedText(status?.claimName ?? base.name),
    source: ref === undefined ? (Object.keys(spec?.source ?? {})[0] ?? "") : "sourceRef",
    image: ref?.name === undefined ? "" : sharedText(`${ref.namespace ?? base.namespace}/${ref.name}`),
    ownerKind: sharedText(owner?.kind ?? ""),
    ownerName: owner?.name ?? "",
    requestBytes: quantityOrZero(target?.resources?.requests?.storage),
    storageClass: sharedText(target?.storageClassName ?? ""),
    uploadBytes: Number(metadata?.annotations?.[consoleAnnotations.uploadBytes] ?? 0) || 0,
    uploadCut: metadata?.annotations?.[consoleAnnotations.uploadCut] ?? "",
  };
}

interface RawSource {
  pvc?: { name?: string; namespace?: string };
  snapshot?: { name?: string; namespace?: string };
}

export function projectImage(
  raw: RawObject<{ source: RawSource }, { source: RawSource; conditions: RawCondition[] }>,
): ImageRecord {
  const { metadata } = raw;
  const base = recordBase(metadata);
  const source = raw.spec?.source ?? raw.status?.source;
  const labels = metadata?.labels ?? {};
  return {
    ...base,
    displayName: metadata?.annotations?.[consoleAnnotations.displayName] ?? "",
    media: labels[consoleLabels.media] === "iso" ? "iso" : "disk",
    claimNamespace: source?.pvc?.namespace ?? base.namespace,
    claimName: source?.pvc?.name ?? "",
    snapshotName: source?.snapshot?.name ?? "",
    ready: conditionOf(raw.status?.conditions, "Ready"),
    defaultInstanceType: labels[clusterLabels.defaultInstanceType] ?? "",
    defaultPreference: labels[clusterLabels.defaultPreference] ?? "",
    managedByCron: labels[clusterLabels.importCron] !== undefined,
    ownDisk: labels[consoleLabels.media] !== undefined,
  };
}

interface RawStorageClass {
  metadata?: RawMeta;
  provisioner?: string;
  volumeBindingMode?: string;
  allowVolumeExpansion?: boolean;
}

export function projectStorageClass(raw: RawStorageClass): StorageClassRecord {
  const annotations = raw.metadata?.annotations ?? {};
  return {
    ...recordBase(raw.metadata),
    provisioner: raw.provisioner ?? "",
    isDefault: annotations[clusterAnnotations.defaultClass] === "true",
    isDefaultForMachines: annotations[clusterAnnotations.defaultClassForMachines] === "true",
    bindingMode: raw.volumeBindingMode ?? "Immediate",
    expandable: raw.allowVolumeExpansion === true,
  };
}

export function projectStorageProfile(
  raw: RawObject<
    Record<string, never>,
    {
      claimPropertySets: { accessModes?: string[]; volumeMode?: string }[];
      snapshotClass: string;
      cloneStrategy: string;
    }
  >,
): StorageProfileRecord {
  const sets = raw.status?.claimPropertySets ?? [];
  const [first] = sets;
  return {
    ...recordBase(raw.metadata),
    accessModes: first?.accessModes ?? [],
    volumeMode: first?.volumeMode ?? "",
    modes: sets.flatMap((set) =>
      (set.accessModes ?? []).map((mode) => `${mode} ${set.volumeMode ?? "Filesystem"}`),
    ),
    snapshotClass: raw.status?.snapshotClass ?? "",
    cloneStrategy: raw.status?.cloneStrategy ?? "",
  };
}

export function projectSnapshotClass(raw: { metadata?: RawMeta; driver?: string }): SnapshotClassRecord {
  return {
    ...recordBase(raw.metadata),
    driver: raw.driver ?? "",
    isDefault: raw.metadata?.annotations?.[clusterAnnotations.defaultSnapshotClass] === "true",
  };
}

export function projectVolumeSnapshot(
  raw: RawObject<
    { source: { persistentVolumeClaimName?: string } },
    { readyToUse: boolean; restoreSize: Quantity }
  >,
): VolumeSnapshotRecord {
  return {
    ...recordBase(raw.metadata),
    claim: raw.spec?.source?.persistentVolumeClaimName ?? "",
    ready: raw.status?.readyToUse === true,
    restoreBytes: quantityOrZero(raw.status?.restoreSize),
  };
}
