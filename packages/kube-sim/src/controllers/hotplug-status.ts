/**
 * What virt-controller says of hotplugged volumes in a VMI's status: claims, attachment pods, and what of them goes on after a
 * volume was taken away. Pure. Source: updateVolumeStatus and processHotplugVolumeStatus in KubeVirt's watch/vmi/storage.go.
 */
import type { Pod } from "./core-shapes.ts";
import type { VirtualMachineInstance, Volume, VolumeStatus } from "./kubevirt-shapes.ts";
import { isHotplugged } from "./live-update.ts";
import { byName } from "./vmi-volumes.ts";

export interface SeenClaim {
  phase: string;
  info: NonNullable<VolumeStatus["persistentVolumeClaimInfo"]>;
}

export const claimNameOf = (volume: Volume): string =>
  volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName ?? "";

export const hotpluggedOf = (vmi: VirtualMachineInstance): Volume[] =>
  (vmi.spec.volumes ?? []).filter(isHotplugged);

export const podVolumes = (pod: Pod): string[] =>
  (pod.spec.volumes ?? []).filter((one) => one.persistentVolumeClaim).map(({ name }) => name);

const carriesClaim = (pod: Pod, volume: Volume): boolean =>
  (pod.spec.volumes ?? []).some(
    (one) => one.name === volume.name && one.persistentVolumeClaim?.claimName === claimNameOf(volume),
  );

/** In the guest, which was asked to let go of it and has not. */
export const heldReason = "VolumeNotDetached";
export const isHeld = ({ phase, reason }: VolumeStatus): boolean =>
  phase === "Detaching" && reason === heldReason;

/** The living pod that carries exactly these. */
export const podOf = (pods: readonly Pod[], volumes: readonly Volume[]): Pod | undefined =>
  pods.find((pod) => {
    const carried = new Set(podVolumes(pod));
    return (
      pod.metadata.deletionTimestamp === undefined &&
      carried.size === volumes.length &&
      volumes.every((volume) => carriesClaim(pod, volume))
    );
  });

function claimState(claimName: string, claim: SeenClaim | undefined) {
  if (claim === undefined)
    return { phase: "Pending", reason: "FailedPvcNotFound", message: `PVC ${claimName} not found` };
  const { phase } = claim;
  return {
    phase: phase === "Bound" ? "Bound" : "Pending",
    reason: "PVCNotReady",
    message: `PVC is in phase ${phase === "Pending" ? "ClaimPending" : phase}`,
  };
}

function wantedStatus(
  volume: Volume,
  before: VolumeStatus,
  pod: Pod | undefined,
  claim: SeenClaim | undefined,
): VolumeStatus {
  const { attachPodUID: _uid, ...named } = before.hotplugVolume ?? {};
  const withClaim = { ...before, ...(claim && { persistentVolumeClaimInfo: claim.info }) };
  const byClaim = claimState(claimNameOf(volume), claim);
  if (pod === undefined)
    return before.phase === "Ready" ? withClaim : { ...withClaim, hotplugVolume: named, ...byClaim };
  const { name, uid } = pod.metadata;
  const ready = pod.status?.phase === "Running";
  const hotplugVolume = { ...named, attachPodName: name, ...(ready && { attachPodUID: uid }) };
  const next = { ...withClaim, hotplugVolume };
  if (["", "Bound", "Pending"].includes(before.phase ?? ""))
    return {
      ...next,
      phase: "AttachedToNode",
      reason: "SuccessfulCreate",
      message: `Created hotplug attachment pod ${name}, for volume ${volume.name}`,
    };
  return before.phase === "Detaching" ? { ...next, ...byClaim } : next;
}

/** The status of a volume that was taken away lasts as long as a pod carries it. */
function partingStatus(before: VolumeStatus, pods: readonly Pod[]): VolumeStatus[] {
  const pod = pods.find((one) => podVolumes(one).includes(before.name));
  if (pod === undefined) return [];
  const { name, uid, deletionTimestamp } = pod.metadata;
  const status = { ...before, hotplugVolume: { attachPodName: name, attachPodUID: uid } };
  if (before.phase === "Ready" || before.phase === "MountedToPod") return [status];
  if (deletionTimestamp === undefined) return [{ ...status, phase: "Detaching" }];
  const message = `Deleted hotplug attachment pod ${name}, for volume ${before.name}`;
  return [{ ...status, phase: "Detaching", reason: "SuccessfulDelete", message }];
}

/** All volumes' statuses, by name. `claimOf` gives what there is of a claim. */
export function hotplugStatuses(
  vmi: VirtualMachineInstance,
  pods: readonly Pod[],
  claimOf: (claimName: string) => SeenClaim | undefined,
): VolumeStatus[] {
  const before = vmi.status?.volumeStatus ?? [];
  const wanted = hotpluggedOf(vmi);
  const names = new Set(wanted.map(({ name }) => name));
  const pod = podOf(pods, wanted);
  return [
    ...before.filter((one) => one.hotplugVolume === undefined && !names.has(one.name)),
    ...wanted.map((volume) => {
      const old = before.find(({ name }) => name === volume.name) ?? { name: volume.name, target: "" };
      return wantedStatus(volume, old, pod, claimOf(claimNameOf(volume)));
    }),
    ...before
      .filter((one) => one.hotplugVolume !== undefined && !names.has(one.name))
      .flatMap((one) => partingStatus(one, pods)),
  ].toSorted(byName);
}
