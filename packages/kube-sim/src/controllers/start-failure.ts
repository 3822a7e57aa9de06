/** How often starting a machine failed in a row, and when it is tried again. Source: virt-controller's start back-off. */
import type { VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { timestamp } from "./timestamp.ts";

const crashBackOffMs = 10_000;
const maxCrashBackOffMs = 300_000;

/** A VMI that failed before it ever ran counts; one that runs clears the count (null). */
export function nextStartFailure(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  nowMs: number,
): NonNullable<VirtualMachine["status"]>["startFailure"] | null {
  if (!vmi) return undefined;
  const ran =
    vmi.status?.phaseTransitionTimestamps?.some((transition) => transition.phase === "Running") ?? false;
  if (ran) return null;
  const previous = vm.status?.startFailure;
  if (vmi.status?.phase !== "Failed" || previous?.lastFailedVMIUID === vmi.metadata.uid) return previous;
  const consecutiveFailCount = (previous?.consecutiveFailCount ?? 0) + 1;
  const backOffMs = Math.min(maxCrashBackOffMs, crashBackOffMs * consecutiveFailCount ** 2);
  return {
    consecutiveFailCount,
    lastFailedVMIUID: vmi.metadata.uid,
    retryAfterTimestamp: timestamp(nowMs + backOffMs),
  };
}
