/** What a VirtualMachine's printableStatus says. The order of the rules is KubeVirt's contract (`setPrintableStatus`, virt-controller). */
import { isTrue } from "./conditions.ts";
import type { VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import type { DataVolume, PersistentVolumeClaim } from "./storage-shapes.ts";

export interface VmSurroundings {
  vmi: VirtualMachineInstance | undefined;
  /** By name, for every volume that names one; undefined where it does not exist. */
  claims: Map<string, PersistentVolumeClaim | undefined>;
  dataVolumes: Map<string, DataVolume>;
  /** Binding mode of each claim's class. */
  waitsForConsumer: (claim: PersistentVolumeClaim | undefined) => boolean;
  /** Should run by its strategy. */
  wantsToRun: boolean;
  now: number;
}

export function isFinal(vmi: VirtualMachineInstance): boolean {
  return vmi.status?.phase === "Succeeded" || vmi.status?.phase === "Failed";
}

function dataVolumeFailed(dataVolume: DataVolume): boolean {
  if (dataVolume.status?.phase === "Failed") return true;
  return (
    dataVolume.status?.conditions?.some(
      (condition) =>
        condition.type === "Running" &&
        condition.status === "False" &&
        (condition.reason === "Error" || condition.reason === "ImagePullFailed"),
    ) ?? false
  );
}

function provisioning(around: VmSurroundings): boolean {
  return [...around.dataVolumes.values()].some((dataVolume) => {
    const phase = dataVolume.status?.phase ?? "";
    if (phase === "Succeeded" || phase === "PendingPopulation") return false;
    const claim = around.claims.get(dataVolume.metadata.name);
    return claim?.status?.phase === "Bound" || !around.waitsForConsumer(claim);
  });
}

function conditionReason(vmi: VirtualMachineInstance, type: string, reason: string): boolean {
  return (
    vmi.status?.conditions?.some(
      (condition) => condition.type === type && condition.status === "False" && condition.reason === reason,
    ) ?? false
  );
}

export function printableStatus(vm: VirtualMachine, around: VmSurroundings): string {
  const { vmi } = around;
  const live = vmi !== undefined && !isFinal(vmi);
  const phase = vmi?.status?.phase ?? "";
  if (vm.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (live && vmi.metadata.deletionTimestamp !== undefined) return "Stopping";
  const migration = vmi?.status?.migrationState;
  if (live && migration?.startTimestamp !== undefined && migration.endTimestamp === undefined)
    return "Migrating";
  if (live && isTrue(vmi.status?.conditions, "Paused")) return "Paused";
  if (live && phase === "Running") return "Running";
  if (
    around.wantsToRun &&
    [...around.claims].some(([name, claim]) => claim === undefined && !around.dataVolumes.has(name))
  )
    return "ErrorPvcNotFound";
  if ([...around.dataVolumes.values()].some(dataVolumeFailed)) return "DataVolumeError";
  if (live && conditionReason(vmi, "PodScheduled", "Unschedulable")) return "ErrorUnschedulable";
  if (provisioning(around)) return "Provisioning";
  if (
    around.wantsToRun &&
    [...around.claims.values()].some((claim) => claim !== undefined && claim.status?.phase !== "Bound")
  ) {
    return "WaitingForVolumeBinding";
  }
  if (live && conditionReason(vmi, "Synchronized", "ErrImagePull")) return "ErrImagePull";
  if (live && conditionReason(vmi, "Synchronized", "ImagePullBackOff")) return "ImagePullBackOff";
  if (live && ["", "Pending", "Scheduling", "Scheduled"].includes(phase)) return "Starting";
  const retryAt = Date.parse(vm.status?.startFailure?.retryAfterTimestamp ?? "");
  if (around.wantsToRun && vm.status?.startFailure && retryAt > around.now) return "CrashLoopBackOff";
  return "Stopped";
}
