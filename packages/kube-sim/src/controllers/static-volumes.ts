/**
 * Which volume that somebody made by hand a claim gets. Source: Kubernetes' pkg/controller/volume/persistentvolume,
 * syncUnboundClaim and findMatchingVolume of pkg/volume/util.
 */
import { parseQuantity } from "./quantity.ts";
import type { PersistentVolume, PersistentVolumeClaim } from "./storage-shapes.ts";

/** Whether the volume is nobody's, or kept for this claim. */
function isOpenTo({ spec }: PersistentVolume, { metadata }: PersistentVolumeClaim): boolean {
  const { claimRef } = spec;
  if (claimRef === undefined) return true;
  const isNamed = claimRef.namespace === metadata.namespace && claimRef.name === metadata.name;
  return isNamed && (claimRef.uid === undefined || claimRef.uid === "" || claimRef.uid === metadata.uid);
}

function fits(volume: PersistentVolume, claim: PersistentVolumeClaim, className: string): boolean {
  const { accessModes = [], capacity, storageClassName = "", volumeMode = "Filesystem" } = volume.spec;
  return (
    volume.metadata.deletionTimestamp === undefined &&
    volume.status?.phase !== "Released" &&
    storageClassName === className &&
    volumeMode === (claim.spec.volumeMode ?? "Filesystem") &&
    (claim.spec.accessModes ?? []).every((mode) => accessModes.includes(mode)) &&
    parseQuantity(capacity?.storage) >= parseQuantity(claim.spec.resources?.requests?.storage)
  );
}

/** Of the volumes that are bound to no claim: the one that is kept for it, else the smallest that is large enough. */
export function matchingVolume(
  open: readonly PersistentVolume[],
  claim: PersistentVolumeClaim,
  className: string,
): PersistentVolume | undefined {
  const named = claim.spec.volumeName;
  const fitting = open
    .filter((volume) => isOpenTo(volume, claim) && fits(volume, claim, className))
    .filter(({ metadata }) => named === undefined || named === "" || metadata.name === named)
    .toSorted((a, b) => parseQuantity(a.spec.capacity?.storage) - parseQuantity(b.spec.capacity?.storage));
  return fitting.find(({ spec }) => spec.claimRef !== undefined) ?? fitting[0];
}
