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
  runStrategy: string;
  /** An instance was made that the VM's controller has not looked at yet. */
  starting: boolean;
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

function conditionReason(vmi: VirtualMachineInstance | undefined, type: string, reason: string): boolean {
  return (
    vmi?.status?.conditions?.some(
      (condition) => condition.type === type && condition.status === "False" && condition.reason === reason,
    ) ?? false
  );
}

/** Source: isSetToStart in watch/vm/vm.go. */
function isSetToStart(vm: VirtualMachine, { vmi, runStrategy }: VmSurroundings): boolean {
  const [request] = vm.status?.stateChangeRequests ?? [];
  switch (runStrategy) {
    case "Always":
      return true;
    case "Manual":
      return vmi === undefined
        ? request?.action === "Start"
        : request?.action !== "Stop" || request.uid !== vmi.metadata.uid;
    case "RerunOnFailure":
      if (vmi !== undefined) return vmi.status?.phase !== "Succeeded";
      return request?.action === "Start" || vm.status?.runStrategy !== runStrategy;
    case "Once":
      return vmi === undefined;
    default:
      return false;
  }
}

export function printableStatus(vm: VirtualMachine, around: VmSurroundings): string {
  const { vmi } = around;
  const phase = vmi?.status?.phase ?? "";
  const live = vmi !== undefined && !isFinal(vmi);
  if (vm.metadata.deletionTimestamp !== undefined) return "Terminating";
  if (live && vmi.metadata.deletionTimestamp !== undefined) return "Stopping";
  const migration = vmi?.status?.migrationState;
  if (live && migration?.startTimestamp !== undefined && migration.endTimestamp === undefined)
    return "Migrating";
  if (phase === "Running") return isTrue(vmi?.status?.conditions, "Paused") ? "Paused" : "Running";
  if (conditionReason(vmi, "Synchronized", "FailedPvcNotFound")) return "ErrorPvcNotFound";
  if ([...around.dataVolumes.values()].some(dataVolumeFailed)) return "DataVolumeError";
  if (conditionReason(vmi, "PodScheduled", "Unschedulable")) return "ErrorUnschedulable";
  if (provisioning(around)) return "Provisioning";
  if (
    isSetToStart(vm, around) &&
    [...around.claims.values()].some((claim) => claim !== undefined && claim.status?.phase !== "Bound")
  ) {
    return "WaitingForVolumeBinding";
  }
  if (conditionReason(vmi, "Synchronized", "ErrImagePull")) return "ErrImagePull";
  if (conditionReason(vmi, "Synchronized", "ImagePullBackOff")) return "ImagePullBackOff";
  if (vmi === undefined ? around.starting : ["", "Pending", "Scheduling", "Scheduled"].includes(phase))
    return "Starting";
  if (
    !live &&
    vm.status?.startFailure !== undefined &&
    ["Always", "RerunOnFailure", "Once"].includes(around.runStrategy)
  )
    return "CrashLoopBackOff";
  if (!live) return "Stopped";
  return phase === "WaitingForSync" && around.runStrategy === "WaitAsReceiver"
    ? "WaitingForReceiver"
    : "Unknown";
}
