/** How a machine is, and the one cause to show beside it, from KubeVirt's own status (order of causes: api-surface §3). */
import { printableStatus } from "@kubev/api-types/virtual-machines";
import type { PrintableStatus, VmState } from "@kubev/api-types/virtual-machines";
import { vmTones } from "@kubev/api-types/vm-tones";
import type { Reason } from "@kubev/api-types/reason";
import { deletionReason } from "./deletion.ts";
import type { Amounts } from "./host-placement.ts";
import { reasonOf } from "./reasons.ts";
import { excessOf } from "./schedulability.ts";
import type { ClaimRecord, DataVolumeRecord } from "./storage-records.ts";
import { isStuckDataVolume } from "./stuck-data-volume.ts";
import type { InstanceRecord, PodRecord, VmRecord } from "./vm-records.ts";

/** Everything known about one machine; absent parts are null. */
export interface VmFacts {
  vm: VmRecord;
  instance: InstanceRecord | null;
  pod: PodRecord | null;
  /** DataVolumes and claims behind its volumes, by claim name. */
  dataVolume: (name: string) => DataVolumeRecord | undefined;
  claim: (name: string) => ClaimRecord | undefined;
  /** It is being deleted, for so long that somebody should look at it. */
  hangs: boolean;
  /** Of each resource as much as any host has; null where the console may not see hosts. */
  largestHost: () => Amounts | null;
}

function unschedulable({ instance, pod, largestHost }: VmFacts): Reason {
  const excess = pod === null ? null : excessOf(pod, largestHost());
  return excess === null
    ? reasonOf("vm-unschedulable", undefined, instance?.unschedulable)
    : reasonOf("vm-too-large-for-hosts", excess, instance?.unschedulable);
}

function dataVolumeError(facts: VmFacts): Reason | undefined {
  for (const { claim } of facts.vm.volumes) {
    const dataVolume = claim === "" ? undefined : facts.dataVolume(claim);
    if (dataVolume !== undefined && isStuckDataVolume(dataVolume))
      return reasonOf("vm-data-volume-failed", { disk: claim }, dataVolume.running?.message);
  }
  return undefined;
}

function preparing(facts: VmFacts): Reason | undefined {
  for (const { claim } of facts.vm.volumes) {
    const dataVolume = claim === "" ? undefined : facts.dataVolume(claim);
    if (dataVolume === undefined || dataVolume.phase === "Succeeded") continue;
    const percent = dataVolume.progressPercent;
    return reasonOf("vm-disk-preparing", percent === null ? { disk: claim } : { disk: claim, percent });
  }
  return undefined;
}

function missingDisk(facts: VmFacts): Reason | undefined {
  const missing = facts.vm.volumes.find(
    ({ claim }) => claim !== "" && facts.claim(claim) === undefined && facts.dataVolume(claim) === undefined,
  );
  return missing === undefined ? undefined : reasonOf("vm-disk-missing", { disk: missing.claim });
}

function waitingDisk(facts: VmFacts): Reason | undefined {
  const waiting = facts.vm.volumes.find(({ claim }) => claim !== "" && facts.claim(claim)?.phase !== "Bound");
  return waiting === undefined ? undefined : reasonOf("vm-disk-waiting", { disk: waiting.claim });
}

function failure(facts: VmFacts): Reason | undefined {
  const condition = facts.vm.failure;
  if (condition === null) return undefined;
  switch (condition.reason) {
    case "FailedCreate":
      return reasonOf("vm-create-failed", undefined, condition.message);
    case "FailedFindInstancetype":
      return reasonOf("vm-instance-type-missing", { name: facts.vm.instanceType }, condition.message);
    case "FailedFindPreference":
      return reasonOf("vm-preference-missing", { name: facts.vm.preference }, condition.message);
    default:
      return reasonOf("vm-failure", { failure: condition.reason }, condition.message);
  }
}

function podTrouble(pod: PodRecord | null): Reason | undefined {
  if (pod === null || pod.waitingReason === "") return undefined;
  if (pod.waitingReason === "ErrImagePull" || pod.waitingReason === "ImagePullBackOff")
    return reasonOf("vm-image-pull-failed", undefined, pod.waitingMessage);
  return undefined;
}

/** The one cause, chosen by status first and conditions after. */
export function causeOf(status: PrintableStatus, facts: VmFacts): Reason | undefined {
  const { vm, instance, pod } = facts;
  switch (status) {
    case "ErrorUnschedulable":
      return unschedulable(facts);
    case "DataVolumeError":
      return dataVolumeError(facts) ?? failure(facts);
    case "ErrorPvcNotFound":
      return missingDisk(facts) ?? failure(facts);
    case "CrashLoopBackOff": {
      const params: Record<string, string | number> = {};
      if (vm.retryAfter !== "") params["until"] = vm.retryAfter;
      if (vm.startFailures > 0) params["failures"] = vm.startFailures;
      return reasonOf("vm-crash-loop", params, vm.failure?.message);
    }
    case "ErrImagePull":
    case "ImagePullBackOff":
      return podTrouble(pod) ?? reasonOf("vm-image-pull-failed");
    case "Provisioning":
      return dataVolumeError(facts) ?? preparing(facts);
    case "WaitingForVolumeBinding":
      return missingDisk(facts) ?? waitingDisk(facts);
    case "Starting":
      return podTrouble(pod) ?? failure(facts);
    case "Migrating":
      return instance !== null && instance.migratingTo !== ""
        ? reasonOf("vm-migrating-to", { host: instance.migratingTo })
        : undefined;
    case "WaitingForReceiver":
      return reasonOf("vm-receiver");
    case "Unknown":
      return failure(facts) ?? reasonOf("vm-unknown");
    case "Stopped":
      if (vm.recoveryRequired) return reasonOf("vm-volumes-need-recovery");
      if (instance?.phase === "Failed") return failure(facts) ?? reasonOf("vm-guest-failed");
      return failure(facts);
    case "Terminating":
      return deletionReason(vm.deletion) ?? failure(facts);
    case "Running":
    case "Paused":
    case "Stopping":
      return failure(facts);
  }
}

/** A status that KubeVirt wrote and we know; anything newer shows as Unknown. */
export function knownStatus(text: string): PrintableStatus {
  const parsed = printableStatus.safeParse(text === "" ? "Stopped" : text);
  return parsed.success ? parsed.data : "Unknown";
}

export function vmState(facts: VmFacts): VmState {
  const status = facts.vm.deletion !== null ? "Terminating" : knownStatus(facts.vm.status);
  const cause = causeOf(status, facts);
  const broken = status === "Stopped" && cause !== undefined;
  return {
    status,
    tone: broken ? "error" : facts.hangs ? "attention" : vmTones[status],
    ...(cause === undefined ? {} : { reason: cause }),
  };
}
