/**
 * An export of a machine's snapshot: a claim of its own for each volume, restored from the snapshot, which goes with the
 * export. Source: vmsnapshot-source.go of KubeVirt's pkg/storage/export/export, CreateRestorePVCDef of its pkg/storage/snapshot.
 */
import { type ExportSource, notReady } from "./export-sources.ts";
import type { VmExport } from "./export-shapes.ts";
import {
  claimKind,
  vmExportKind,
  vmSnapshotContentKind,
  vmSnapshotKind,
  volumeSnapshotKind,
} from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";
import type { VmSnapshotContent, VolumeBackup } from "./snapshot-shapes.ts";
import type { PersistentVolumeClaim } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

const contentTypeAnnotation = "cdi.kubevirt.io/storage.contentType";
/** Of the source's annotations these are not carried over. */
const droppedPrefixes = [
  "pv.kubernetes.io",
  "volume.beta.kubernetes.io",
  "cdi.kubevirt.io",
  "volume.kubernetes.io",
  "k8s.io/CloneRequest",
  "k8s.io/CloneOf",
];

export function snapshotSource(store: TypedStore, vmExport: VmExport): ExportSource {
  const { namespace } = vmExport.metadata;
  const { name } = vmExport.spec.source;
  const shown = `VirtualMachineSnapshot ${namespace ?? ""}/${name}`;
  const snapshot = store.get(vmSnapshotKind, namespace, name);
  const common = { inUse: false, hasManifest: true, virtualMachineName: snapshot?.spec.source.name ?? "" };
  const without = (ready: [string, string], reason: string, message: string): ExportSource => ({
    ...common,
    claims: [],
    isPopulated: false,
    ready: notReady(...ready),
    condition: { type: "VolumesCreated", status: "False", reason, message },
    isSkipped: reason === "VMSnapshotNoVolumes",
  });
  const noVolumes = `${shown} does not contain any volume snapshots`;
  if (snapshot === undefined)
    return without(["VMSnapshotNotFound", `${shown} not found`], "VMSnapshotNoVolumes", noVolumes);
  if (snapshot.status?.readyToUse !== true) {
    const words = `${shown} is not ready to use`;
    return without(["NotAllPVCsCreated", words], "NotAllPVCsCreated", words);
  }
  const contentName = snapshot.status.virtualMachineSnapshotContentName ?? "";
  const content = store.get(vmSnapshotContentKind, namespace, contentName);
  const total = content?.status?.volumeSnapshotStatus?.length ?? 0;
  if (content === undefined || total === 0)
    return without(["Initializing", ""], "VMSnapshotNoVolumes", noVolumes);
  const claims = (content.spec.volumeBackups ?? []).map((backup) =>
    restoredClaim(store, vmExport, content, backup),
  );
  if (claims.length !== total)
    return without(["Initializing", ""], "NotAllPVCsCreated", "Not all PVCs have been successfully restored");
  const areBound = claims.every(({ status }) => status?.phase === "Bound");
  return {
    ...common,
    claims,
    isPopulated: true,
    ready: notReady("Initializing"),
    condition: areBound
      ? { type: "VolumesCreated", status: "True", reason: "AllPVCsReady" }
      : {
          type: "VolumesCreated",
          status: "False",
          reason: "NotAllPVCsReady",
          message: "Not all PVCs are ready",
        },
    isSkipped: false,
  };
}

function restoredClaim(
  store: TypedStore,
  vmExport: VmExport,
  content: VmSnapshotContent,
  backup: VolumeBackup,
): PersistentVolumeClaim {
  const { namespace, name, uid } = vmExport.metadata;
  const source = backup.persistentVolumeClaim;
  const claimName = `${name}-${source.metadata.name}`;
  const known = store.get(claimKind, namespace, claimName);
  if (known !== undefined) return known;
  const volumeSnapshot = store.get(volumeSnapshotKind, namespace, backup.volumeSnapshotName);
  if (volumeSnapshot === undefined) throw new Error(`VolumeSnapshot missing ${backup.volumeSnapshotName}`);
  const { accessModes, volumeMode, storageClassName, resources } = source.spec;
  const { restoreSize } = volumeSnapshot.status ?? {};
  const asked = resources?.requests?.storage;
  const grows = restoreSize !== undefined && !(parseQuantity(asked) >= parseQuantity(restoreSize));
  const isDisk = content.spec.source.virtualMachine?.spec.template.spec.volumes?.some(
    (volume) =>
      volume.name === backup.volumeName &&
      (volume.dataVolume !== undefined || volume.persistentVolumeClaim !== undefined),
  );
  const kept = Object.entries(source.metadata.annotations ?? {}).filter(
    ([key]) => key === contentTypeAnnotation || !droppedPrefixes.some((prefix) => key.startsWith(prefix)),
  );
  const dataSource = {
    apiGroup: "snapshot.storage.k8s.io",
    kind: "VolumeSnapshot",
    name: backup.volumeSnapshotName,
  };
  return store.create(claimKind, {
    metadata: {
      name: claimName,
      ...(namespace !== undefined && { namespace }),
      ...(source.metadata.labels && { labels: source.metadata.labels }),
      annotations: {
        ...Object.fromEntries(kept),
        ...(isDisk === true && { [contentTypeAnnotation]: "kubevirt" }),
      },
      ownerReferences: [
        {
          apiVersion: vmExportKind.apiVersion,
          kind: vmExportKind.kind,
          name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
      finalizers: ["kubernetes.io/pvc-protection"],
    },
    spec: {
      accessModes,
      volumeMode,
      storageClassName,
      resources: grows
        ? { ...resources, requests: { ...resources?.requests, storage: restoreSize } }
        : resources,
      dataSource,
      dataSourceRef: dataSource,
    },
    status: { phase: "Pending" },
  });
}
