/** What virt-controller knows of a VMI's claims before its pod exists, and what it notes of them when it does. */
import type { Condition } from "./core-shapes.ts";
import { claimKind, dataVolumeKind } from "./kinds.ts";
import type { VirtualMachineInstance, Volume, VolumeStatus } from "./kubevirt-shapes.ts";
import { isHotplugged } from "./live-update.ts";
import type { TypedStore } from "./typed-store.ts";

const claimNameOf = (volume: Volume): string | undefined =>
  volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;

/** The first claim of the VMI that does not exist. Source: areDataVolumesReady in watch/vmi/datavolumes.go. */
export function missingClaim(store: TypedStore, vmi: VirtualMachineInstance): string | undefined {
  return (vmi.spec.volumes ?? [])
    .filter((volume) => !isHotplugged(volume))
    .map(claimNameOf)
    .find((name) => name !== undefined && !store.get(claimKind, vmi.metadata.namespace, name));
}

/** Source: aggregateDataVolumesConditions in watch/vmi/datavolumes.go. Undefined for a VMI without DataVolumes. */
export function dataVolumesReady(store: TypedStore, vmi: VirtualMachineInstance): Condition | undefined {
  const filling = (vmi.spec.volumes ?? []).flatMap(({ dataVolume }) => {
    const found =
      dataVolume === undefined
        ? undefined
        : store.get(dataVolumeKind, vmi.metadata.namespace, dataVolume.name);
    return found === undefined ? [] : [found];
  });
  if (filling.length === 0) return undefined;
  const states = filling.map(
    ({ status }) => status?.conditions?.find(({ type }) => type === "Ready")?.status ?? "Unknown",
  );
  const type = "DataVolumesReady";
  if (states.every((state) => state === "True"))
    return {
      type,
      status: "True",
      reason: "AllDVsReady",
      message: "All of the VMI's DVs are bound and ready",
    };
  const status = states.includes("False") ? "False" : "Unknown";
  return { type, status, reason: "NotAllDVsReady", message: "Not all of the VMI's DVs are ready" };
}

/** Each volume with what is known of its claim, by name. Source: updateVolumeStatus in watch/vmi/storage.go. */
export function initialVolumeStatus(store: TypedStore, vmi: VirtualMachineInstance): VolumeStatus[] {
  return (vmi.spec.volumes ?? [])
    .filter((volume) => !isHotplugged(volume))
    .map((volume) => {
      const info = claimInfo(store, vmi.metadata.namespace, claimNameOf(volume));
      return { name: volume.name, target: "", ...(info && { persistentVolumeClaimInfo: info }) };
    })
    .toSorted(byName);
}

export const byName = (one: { name: string }, other: { name: string }): number =>
  one.name < other.name ? -1 : 1;

/** CDI's default for claims with a file system; blocks have the same number beside them. */
const filesystemOverhead = "0.055";

export function claimInfo(
  store: TypedStore,
  namespace: string | undefined,
  name: string | undefined,
): VolumeStatus["persistentVolumeClaimInfo"] {
  const claim = name === undefined ? undefined : store.get(claimKind, namespace, name);
  if (claim === undefined) return undefined;
  const { accessModes, resources, volumeMode } = claim.spec;
  return {
    claimName: claim.metadata.name,
    ...(accessModes && { accessModes }),
    ...(volumeMode !== undefined && { volumeMode }),
    ...(claim.status?.capacity && { capacity: claim.status.capacity }),
    ...(resources?.requests && { requests: resources.requests }),
    filesystemOverhead,
  };
}
