/** Which hosts could take a running machine, and why the others cannot: placement for one load. Pure; the scheduler has the last word. */
import type { MigrationTarget } from "@kubev/api-types/vm-migrations";
import type { ActionDecision } from "@kubev/api-types/reason";
import type { Load, Misfit, Room } from "./host-placement.ts";
import { misfitOf } from "./host-placement.ts";
import { allowed, denied } from "./reasons.ts";
import type { HostFit } from "./schedulability.ts";

export interface MovingMachine {
  host: string;
  /** Its launcher pod; the labels that its CPU model needs are among its node selector. */
  load: Load;
}

const amountsOf = ({ cpuCores, memoryBytes }: { cpuCores: number; memoryBytes: number }) => ({
  cpu: cpuCores,
  memory: memoryBytes,
});

function roomOf({ host, refusal, requested }: HostFit): Room {
  return {
    host: host.name,
    open: refusal === null,
    forMachines: refusal === null,
    labels: host.labels,
    taints: host.taintList,
    allocatable: amountsOf(host.allocatable),
    requested: amountsOf(requested),
  };
}

function misfitDecision(misfit: Misfit): ActionDecision {
  switch (misfit.cause) {
    case "taint":
      return denied("host-tainted", { taint: misfit.key });
    case "selector":
      return denied("host-lacks-label", { label: misfit.label });
    case "resource":
      return misfit.resource === "cpu"
        ? denied("host-lacks-cpu", { needed: misfit.needed, free: misfit.free })
        : denied("host-lacks-memory", { neededBytes: misfit.needed, freeBytes: misfit.free });
    default:
      return denied("host-not-for-machines");
  }
}

export function migrationDecision({ host, load }: MovingMachine, fit: HostFit): ActionDecision {
  if (fit.host.name === host) return denied("host-is-current");
  // the host's own refusal says more than "closed"
  if (fit.refusal !== null) return { allowed: false, reason: fit.refusal };
  const misfit = misfitOf(load, roomOf(fit));
  return misfit === null ? allowed : misfitDecision(misfit);
}

/** Hosts that can take it first, then by name. `machines` counts those that run on each. */
export function migrationTargets(
  machine: MovingMachine,
  fits: readonly (HostFit & { machines: number })[],
): MigrationTarget[] {
  return fits
    .map((fit) => ({
      host: fit.host.name,
      decision: migrationDecision(machine, fit),
      freeCpuCores: Math.max(0, fit.host.allocatable.cpuCores - fit.requested.cpuCores),
      freeMemoryBytes: Math.max(0, fit.host.allocatable.memoryBytes - fit.requested.memoryBytes),
      machines: fit.machines,
    }))
    .toSorted(
      (a, b) =>
        Number(b.decision.allowed) - Number(a.decision.allowed) ||
        a.host.localeCompare(b.host, "en", { numeric: true }),
    );
}
