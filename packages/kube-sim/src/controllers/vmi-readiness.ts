/** A VMI's Ready condition, and the readiness gate it has on its pod. Source: syncReadyConditionFromPod and syncPausedConditionToPod in watch/vmi/lifecycle.go. */
import { isTrue, withCondition } from "./conditions.ts";
import type { Condition, Pod } from "./core-shapes.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";

export const unpausedGate = "kubevirt.io/virtual-machine-unpaused";

const notReady = (reason: string, message: string): Condition => ({
  type: "Ready",
  status: "False",
  reason,
  message,
});

/** Undefined where nobody knows: a scenario's pod that has no conditions. */
export function readyCondition(vmi: VirtualMachineInstance, pod: Pod | undefined): Condition | undefined {
  if (pod === undefined) return notReady("PodNotExists", "virt-launcher pod has not yet been scheduled");
  const over = pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed";
  if (over || pod.metadata.deletionTimestamp !== undefined)
    return notReady("PodTerminating", "virt-launcher pod is terminating");
  if (vmi.status?.phase !== "Running")
    return notReady("GuestNotRunning", "Guest VM is not reported as running");
  const theirs = pod.status?.conditions?.find(({ type }) => type === "Ready");
  if (theirs === undefined) return undefined;
  const { status, reason, message } = theirs;
  return {
    type: "Ready",
    status,
    ...(reason !== undefined && { reason }),
    ...(message !== undefined && { message }),
  };
}

/** The pod with the gate that fits the VMI; the same pod when it has it already. */
export function withUnpausedGate(pod: Pod, vmi: VirtualMachineInstance, now: string): Pod {
  const paused = isTrue(vmi.status?.conditions, "Paused");
  const gate: Condition = paused
    ? { type: unpausedGate, status: "False", reason: "Paused", message: "the virtual machine is paused" }
    : {
        type: unpausedGate,
        status: "True",
        reason: "NotPaused",
        message: "the virtual machine is not paused",
      };
  const before = pod.status?.conditions;
  // A pod that starts with a paused guest has no gate until the guest goes on.
  if (paused && !isTrue(before, unpausedGate)) return pod;
  const conditions = withCondition(before, gate, now);
  return conditions === before ? pod : { ...pod, status: { ...pod.status, conditions } };
}
