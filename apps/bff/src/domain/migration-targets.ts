/** Which hosts could take a running machine, and why the others cannot. Pure; the scheduler has the last word. */
import type { MigrationTarget } from "@kubev/api-types/vm-migrations";
import type { ActionDecision } from "@kubev/api-types/reason";
import type { Toleration } from "./host-placement.ts";
import { tolerates } from "./host-placement.ts";
import { allowed, denied } from "./reasons.ts";
import type { HostFit } from "./schedulability.ts";

export interface MovingMachine {
  host: string;
  /** What its launcher pod requests. */
  cpuCores: number;
  memoryBytes: number;
  /** Labels that its host must bear, those of its CPU model included. */
  nodeSelector: Readonly<Record<string, string>>;
  tolerations: readonly Toleration[];
}

export function migrationDecision(machine: MovingMachine, fit: HostFit): ActionDecision {
  const { host, refusal, requested } = fit;
  if (host.name === machine.host) return denied("host-is-current");
  if (refusal !== null) return { allowed: false, reason: refusal };
  const taint = host.taintList.find(
    (candidate) =>
      candidate.effect !== "PreferNoSchedule" &&
      !machine.tolerations.some((toleration) => tolerates(toleration, candidate)),
  );
  if (taint !== undefined) return denied("host-tainted", { taint: taint.key });
  for (const [label, value] of Object.entries(machine.nodeSelector))
    if (host.labels[label] !== value) return denied("host-lacks-label", { label: `${label}=${value}` });
  const freeCores = host.allocatable.cpuCores - requested.cpuCores;
  if (freeCores < machine.cpuCores)
    return denied("host-lacks-cpu", { needed: machine.cpuCores, free: Math.max(0, freeCores) });
  const freeBytes = host.allocatable.memoryBytes - requested.memoryBytes;
  if (freeBytes < machine.memoryBytes)
    return denied("host-lacks-memory", {
      neededBytes: machine.memoryBytes,
      freeBytes: Math.max(0, freeBytes),
    });
  return allowed;
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
