/** The guests' part in migrations: what moves between QEMU processes, and what a stand-in pretends. */
import type { GuestSize, MachineHost, MoveEnd, MachineMove, MovePace } from "../machines/machine.ts";
import { isTrue } from "./conditions.ts";
import type { Clock } from "./controller.ts";
import type { Growth } from "./guest-growth.ts";
import type { Migration, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { guestSize, standInAnnotation } from "./machine-spec.ts";

/** On a VMI: how long its memory takes to copy. */
export const migrationSecondsAnnotation = "kubesim.kubev.io/migration-seconds";
/** On a VMI: its migrations fail on the source when the memory is copied. */
export const migrationFailsAnnotation = "kubesim.kubev.io/migration-fails";

const standInSeconds = 2;
/** As virt-handler words what libvirt says. Source: the recorded traces. */
const domainFailed =
  "Live migration failed error:virError(Code=9, Domain=10, Message='operation failed: domain is not running')";

interface Kept {
  migration: Migration;
  move: MachineMove;
  /** What its target has room for. */
  size: GuestSize;
  end: MoveEnd | null;
}

/** How far the copy is: over, or to be looked at again after a while (null where its end wakes the migration). */
export type CopyState = { over: true; failure: string | null } | { over: false; lookAfterMs: number | null };

export class GuestMoves {
  readonly #machines: MachineHost;
  readonly #clock: Clock;
  readonly #wake: (migration: Migration) => void;
  /** By the migration's uid. */
  readonly #kept = new Map<string, Kept>();

  constructor(machines: MachineHost, clock: Clock, wake: (migration: Migration) => void) {
    this.#machines = machines;
    this.#clock = clock;
    this.#wake = wake;
  }

  /** False while its guest is not up yet. Rejects in plain words when the target cannot be started. */
  async prepare(migration: Migration, vmi: VirtualMachineInstance): Promise<boolean> {
    if (this.#isSimulated(vmi) || this.#kept.has(migration.metadata.uid)) return true;
    const { uid } = vmi.metadata;
    if (this.#machines.get(uid) === undefined) return false;
    const size = guestSize(vmi);
    const move = await this.#machines.prepareMove(uid, size);
    if (move === null) return true;
    const kept: Kept = { migration, move, size, end: null };
    this.#kept.set(migration.metadata.uid, kept);
    void move.ended.then((end) => {
      kept.end = end;
      this.#wake(migration);
    });
    return true;
  }

  async begin(migration: Migration, vmi: VirtualMachineInstance): Promise<void> {
    const pace: MovePace = { seconds: secondsOf(vmi, 0), breaks: failsByWish(vmi) };
    if (pace.breaks && pace.seconds === 0) pace.seconds = secondsOf(vmi, standInSeconds);
    await this.#kept.get(migration.metadata.uid)?.move.begin(pace);
  }

  /** `beganAt` is when the phase Running began. */
  state(migration: Migration, vmi: VirtualMachineInstance, beganAt: string | undefined): CopyState {
    const kept = this.#kept.get(migration.metadata.uid);
    if (kept !== undefined) {
      if (kept.end === null) return { over: false, lookAfterMs: null };
      if (kept.end.kind === "moved") return { over: true, failure: null };
      const reason = kept.end.kind === "failed" ? kept.end.message : "operation aborted";
      return {
        over: true,
        failure: failsByWish(vmi) ? domainFailed : `Live migration failed error:${reason}`,
      };
    }
    // A QEMU guest without a move was started anew, with this simulator: its target is gone.
    if (!this.#isSimulated(vmi)) return { over: true, failure: domainFailed };
    const doneAt = Date.parse(beganAt ?? "") + secondsOf(vmi, standInSeconds) * 1000;
    const leftMs = doneAt - this.#clock.now();
    if (leftMs > 0) return { over: false, lookAfterMs: leftMs };
    return { over: true, failure: failsByWish(vmi) ? domainFailed : null };
  }

  /** What virt-handler does on the target once the guest is there: plugs in what a live update asks for. */
  async grow(migration: Migration, vmi: VirtualMachineInstance): Promise<Growth> {
    const machine = this.#machines.get(vmi.metadata.uid);
    const { conditions } = vmi.status ?? {};
    const growth: Growth = { size: this.#kept.get(migration.metadata.uid)?.size ?? guestSize(vmi) };
    const { cpuCores, memoryBytes } = growth.size;
    const words = (error: unknown) => (error instanceof Error ? error.message : String(error));
    if (isTrue(conditions, "HotVCPUChange"))
      await machine?.growCpus(cpuCores).catch((error: unknown) => (growth.cpuFailure = words(error)));
    if (isTrue(conditions, "HotMemoryChange"))
      await machine?.growMemory(memoryBytes).catch((error: unknown) => (growth.memoryFailure = words(error)));
    return growth;
  }

  /** Gives the move up, if there is one. True when it was too late: the guest has moved. */
  async cancel(migration: Migration): Promise<boolean> {
    const kept = this.#kept.get(migration.metadata.uid);
    return kept !== undefined && (await kept.move.cancel()).kind === "moved";
  }

  /** Migrations of this name whose moves are kept. */
  named(namespace: string | undefined, name: string): Migration[] {
    return [...this.#kept.values()]
      .map(({ migration }) => migration)
      .filter(({ metadata }) => metadata.namespace === namespace && metadata.name === name);
  }

  forget(migration: Migration): void {
    this.#kept.delete(migration.metadata.uid);
  }

  #isSimulated(vmi: VirtualMachineInstance): boolean {
    return this.#machines.kind === "stand-in" || vmi.metadata.annotations?.[standInAnnotation] === "true";
  }
}

function secondsOf(vmi: VirtualMachineInstance, otherwise: number): number {
  return Number(vmi.metadata.annotations?.[migrationSecondsAnnotation] ?? otherwise);
}

function failsByWish(vmi: VirtualMachineInstance): boolean {
  return vmi.metadata.annotations?.[migrationFailsAnnotation] === "true";
}
