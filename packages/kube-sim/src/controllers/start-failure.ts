/** How often starting a machine failed in a row, and when it is tried again. Source: virt-controller's start back-off. */
import type { VirtualMachine, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { isFinal } from "./vm-status.ts";
import { timestamp } from "./timestamp.ts";

const crashBackOffMs = 10_000;
const maxCrashBackOffMs = 300_000;

/** A VMI that failed before it ever ran counts; one that runs, and a strategy that does not start by itself, clear the count (null). */
export function nextStartFailure(
  vm: VirtualMachine,
  vmi: VirtualMachineInstance | undefined,
  strategy: string,
  nowMs: number,
): NonNullable<VirtualMachine["status"]>["startFailure"] | null {
  if (!["Always", "RerunOnFailure", "Once"].includes(strategy)) return null;
  if (!vmi) return undefined;
  const ran =
    vmi.status?.phaseTransitionTimestamps?.some((transition) => transition.phase === "Running") ?? false;
  if (ran) return null;
  const previous = vm.status?.startFailure;
  if (!isFinal(vmi) || previous?.lastFailedVMIUID === vmi.metadata.uid) return previous;
  const consecutiveFailCount = (previous?.consecutiveFailCount ?? 0) + 1;
  const backOffMs = Math.min(maxCrashBackOffMs, crashBackOffMs * consecutiveFailCount ** 2);
  return {
    consecutiveFailCount,
    lastFailedVMIUID: vmi.metadata.uid,
    retryAfterTimestamp: timestamp(nowMs + backOffMs),
  };
}
