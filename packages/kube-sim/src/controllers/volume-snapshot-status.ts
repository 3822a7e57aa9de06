/** status.volumeSnapshotStatuses of a VM: which of its volumes a snapshot would keep. Source: getVolumeSnapshotStatus in pkg/storage/snapshot. */
import type { VirtualMachine, Volume } from "./kubevirt-shapes.ts";
import { claimKind, dataVolumeKind, storageClassKind, volumeSnapshotClassKind } from "./kinds.ts";
import type { TypedStore } from "./typed-store.ts";

interface VolumeSnapshotStatus {
  name: string;
  enabled: boolean;
  reason?: string;
}

/** The class's name ("" for none given), or why it is not known. */
function storageClassOf(
  store: TypedStore,
  namespace: string | undefined,
  volume: Volume,
): { name: string } | { reason: string } {
  const { dataVolume } = volume;
  const claimName = dataVolume?.name ?? volume.persistentVolumeClaim?.claimName ?? "";
  const claim = store.get(claimKind, namespace, claimName);
  if (claim !== undefined) return { name: claim.spec.storageClassName ?? "" };
  const filling = dataVolume && store.get(dataVolumeKind, namespace, dataVolume.name);
  if (filling === undefined) return { reason: "PVC not found" };
  return { name: (filling.spec.storage ?? filling.spec.pvc)?.storageClassName ?? "" };
}

export function volumeSnapshotStatuses(store: TypedStore, vm: VirtualMachine): VolumeSnapshotStatus[] {
  return (vm.spec.template.spec.volumes ?? []).map((volume) => {
    const { name } = volume;
    if (volume.dataVolume === undefined && volume.persistentVolumeClaim === undefined)
      return {
        name,
        enabled: false,
        reason: `Snapshot is not supported for this volumeSource type [${name}]`,
      };
    const found = storageClassOf(store, vm.metadata.namespace, volume);
    if ("reason" in found) return { name, enabled: false, reason: found.reason };
    const provisioner = store.get(storageClassKind, undefined, found.name)?.provisioner;
    const taken = store
      .list(volumeSnapshotClassKind)
      .some(({ driver }) => provisioner !== undefined && driver === provisioner);
    return taken
      ? { name, enabled: true }
      : {
          name,
          enabled: false,
          reason: `No VolumeSnapshotClass: Volume snapshots are not configured for this StorageClass [${found.name}] [${name}]`,
        };
  });
}
