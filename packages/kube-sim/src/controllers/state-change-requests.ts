/** status.stateChangeRequests of a VM: what the API asked for and virt-controller has not done yet. Source: watch/vm/vm.go. */
import type { StateChangeRequest, VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { isFinal } from "./vm-status.ts";

const firstOf = (vm: VirtualMachine): StateChangeRequest | undefined => vm.status?.stateChangeRequests?.[0];

export const hasStartRequest = (vm: VirtualMachine): boolean => firstOf(vm)?.action === "Start";

export const hasStartPausedRequest = (vm: VirtualMachine): boolean =>
  hasStartRequest(vm) && firstOf(vm)?.data?.["paused"] === "true";

export const hasStopRequestFor = (vm: VirtualMachine, vmi: VirtualMachineInstance): boolean =>
  firstOf(vm)?.action === "Stop" && firstOf(vm)?.uid === vmi.metadata.uid;

/** Whether the first request is done, or can never be. Source: isTrimFirstChangeRequestNeeded. */
function isDone(request: StateChangeRequest, vmi: VirtualMachineInstance | undefined): boolean {
  if (request.action === "Stop") return vmi === undefined || request.uid !== vmi.metadata.uid;
  return vmi !== undefined && vmi.metadata.deletionTimestamp === undefined && !isFinal(vmi);
}

/** The requests that are left; one goes at a time. */
export function remainingRequests(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
): StateChangeRequest[] {
  const [first, ...rest] = vm.status?.stateChangeRequests ?? [];
  if (first === undefined) return [];
  return isDone(first, vmi) ? rest : [first, ...rest];
}
