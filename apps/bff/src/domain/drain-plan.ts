/** What becomes of everything on a host that is to be emptied. Pure; the rules are kubectl drain's and KubeVirt's evictions'. */
import type { DrainOptions, DrainOutcome, DrainPlanItem } from "@kubev/api-types/host-drain";
import type { Reason } from "@kubev/api-types/reason";
import type { Load, Room } from "./host-placement.ts";
import { noRoomReason, place } from "./host-placement.ts";
import { isLivePhase } from "./live-phase.ts";
import { reasonOf } from "./reasons.ts";

/** The machine that a pod carries. */
export interface DrainMachine {
  name: string;
  /** KubeVirt's evictionStrategy. */
  strategy: string;
  migratable: boolean;
  /** Why not, in KubeVirt's words. */
  notMigratableText: string;
  /** '' where no VirtualMachine keeps the instance. */
  runStrategy: string;
  /** False on the far end of a migration. */
  runsHere: boolean;
}

export interface DrainPod {
  project: string;
  name: string;
  phase: string;
  labels: Readonly<Record<string, string>>;
  ownerKind: string;
  ownerName: string;
  /** The kubelet's own pod, which no API can evict. */
  mirror: boolean;
  /** Volumes with scratch space on the host. */
  scratchVolumes: readonly string[];
  load: Load;
  machine: DrainMachine | null;
}

export interface Budget {
  project: string;
  name: string;
  /** Whether it covers a pod of these labels. */
  covers: (labels: Readonly<Record<string, string>>) => boolean;
  disruptionsAllowed: number;
}

const restarting = new Set(["Always", "RerunOnFailure"]);

interface Verdict {
  outcome: DrainOutcome;
  reason?: Reason;
  /** Whether it needs a place elsewhere. */
  moves: boolean;
}

const verdict = (outcome: DrainOutcome, moves: boolean, reason?: Reason): Verdict =>
  reason === undefined ? { outcome, moves } : { outcome, moves, reason };

export function machineVerdict(machine: DrainMachine): Verdict {
  if (!machine.runsHere) return verdict("goes", false);
  const { strategy } = machine;
  if (strategy === "External") return verdict("blocked", false, reasonOf("drain-external"));
  if (machine.migratable && (strategy === "LiveMigrate" || strategy === "LiveMigrateIfPossible"))
    return verdict("migrates", true);
  if (strategy === "LiveMigrate")
    return verdict("blocked", false, reasonOf("drain-not-migratable", undefined, machine.notMigratableText));
  return restarting.has(machine.runStrategy)
    ? verdict("restarts", true, reasonOf("drain-strategy-none"))
    : verdict("stops", false, reasonOf("drain-comes-not-back", { strategy: machine.runStrategy || "–" }));
}

export function podVerdict(pod: DrainPod, options: DrainOptions, budgets: readonly Budget[]): Verdict {
  if (pod.mirror) return verdict("stays", false, reasonOf("drain-mirror"));
  if (pod.ownerKind === "DaemonSet")
    return verdict("stays", false, reasonOf("drain-daemon", { owner: pod.ownerName }));
  if (!isLivePhase(pod.phase)) return verdict("goes", false, reasonOf("drain-finished"));
  if (pod.machine !== null) return machineVerdict(pod.machine);
  if (pod.ownerKind === "" && !options.deleteUnmanaged)
    return verdict("blocked", false, reasonOf("drain-unmanaged"));
  if (pod.scratchVolumes.length > 0 && !options.deleteLocalData)
    return verdict(
      "blocked",
      false,
      reasonOf("drain-local-data", { volumes: pod.scratchVolumes.join(", ") }),
    );
  const spent = budgets.find(
    (budget) => budget.project === pod.project && budget.disruptionsAllowed < 1 && budget.covers(pod.labels),
  );
  if (spent !== undefined) return verdict("blocked", false, reasonOf("drain-budget", { budget: spent.name }));
  return verdict("goes", pod.ownerKind !== "");
}

const order: readonly DrainOutcome[] = ["blocked", "stops", "restarts", "migrates", "goes", "stays"];

/** `rooms` are the other hosts. What cannot go comes first. */
export function drainPlan(
  pods: readonly DrainPod[],
  rooms: readonly Room[],
  options: DrainOptions,
  budgets: readonly Budget[],
): DrainPlanItem[] {
  const judged = pods.map((pod) => ({ pod, verdict: podVerdict(pod, options, budgets) }));
  const placements = place(
    judged.filter((one) => one.verdict.moves).map((one) => one.pod.load),
    rooms,
  );
  const items = judged.map(({ pod, verdict: { outcome, reason } }): DrainPlanItem => {
    const placement = placements.get(pod.load.key);
    const stuck = placement !== undefined && placement.host === null ? noRoomReason(placement) : undefined;
    // A machine without a place does not leave; whatever starts anew elsewhere leaves, and then waits.
    const end =
      stuck === undefined
        ? outcome
        : outcome === "migrates"
          ? "blocked"
          : outcome === "restarts"
            ? "stops"
            : outcome;
    const why = stuck ?? reason;
    return {
      kind: pod.machine === null ? "pod" : "machine",
      project: pod.project,
      name: pod.machine?.name ?? pod.name,
      pod: pod.name,
      owner: pod.ownerKind === "" ? "" : `${pod.ownerKind} ${pod.ownerName}`,
      cpuCores: pod.load.requests["cpu"] ?? 0,
      memoryBytes: pod.load.requests["memory"] ?? 0,
      outcome: end,
      target: placement?.host ?? null,
      ...(why === undefined ? {} : { reason: why }),
    };
  });
  return items.toSorted(
    (a, b) =>
      order.indexOf(a.outcome) - order.indexOf(b.outcome) ||
      (a.kind === b.kind ? 0 : a.kind === "machine" ? -1 : 1) ||
      a.project.localeCompare(b.project) ||
      a.name.localeCompare(b.name),
  );
}
