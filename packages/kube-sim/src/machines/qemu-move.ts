/**
 * A running guest's way from one QEMU process into another: its memory over a unix socket in the target's folder, its disks
 * by the files that both name. QEMU keeps them apart itself: a process that waits for a guest holds its images inactive,
 * without locks, until the source has let go of them. Source: QEMU docs/devel/migration.rst, qapi/migration.json.
 */
import { chmod } from "node:fs/promises";
import { join } from "node:path";
import type { MachineMove, MoveEnd, MovePace, MoveProgress } from "./machine.ts";
import type { QemuProcess } from "./qemu-process.ts";

const pollMs = 50;
/** KubeVirt's default, maxDowntimeMs. */
const downtimeMs = 900;
const pageBytes = 4096;
/** What QEMU sends to name one empty page. */
const emptyPageBytes = 9;
/** Of a paced move, what is left for the end. */
const pacedShare = 0.95;
/** Bytes a second that hold a move: QEMU counts tenths of a second, and takes 0 for no limit. */
const leastBandwidth = 20;

/** QEMU's own answer to `query-migrate`, as far as it is read. */
interface MigrateInfo {
  status?: string;
  "error-desc"?: string;
  ram?: {
    total: number;
    remaining: number;
    transferred: number;
    mbps: number;
    "dirty-pages-rate": number;
  };
}

const over = new Set(["completed", "failed", "cancelled"]);

const pause = () => new Promise((resolve) => setTimeout(resolve, pollMs));

export class QemuMove implements MachineMove {
  readonly ended: Promise<MoveEnd>;
  readonly #source: QemuProcess;
  readonly #target: QemuProcess;
  readonly #end: (end: MoveEnd) => void;
  #begun = false;
  #bandwidth = 0;
  #progress: MoveProgress | null = null;

  /** `settle` makes the target the guest's process, or leaves the guest to the source; the end is told after it. */
  constructor(source: QemuProcess, target: QemuProcess, settle: (end: MoveEnd) => Promise<void>) {
    this.#source = source;
    this.#target = target;
    const { promise, resolve } = Promise.withResolvers<MoveEnd>();
    this.#end = resolve;
    this.ended = promise.then(async (end) => {
      await settle(end);
      return end;
    });
    void source.exited.then(() => resolve({ kind: "failed", message: "the guest ended while it was moved" }));
    void target.exited.then((exit) => {
      // Once memory flows, the source itself says what became of it.
      if (!this.#begun)
        resolve({ kind: "failed", message: exit.kind === "failed" ? exit.message : "the target ended" });
    });
  }

  get progress(): MoveProgress | null {
    return this.#progress;
  }

  async begin(pace: MovePace): Promise<void> {
    try {
      await this.#send(pace);
    } catch (error) {
      this.#end({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  async #send(pace: MovePace): Promise<void> {
    const path = join(this.#target.folder, "migrate");
    await this.#target.execute("migrate-incoming", { uri: `unix:${path}` });
    await chmod(path, 0o600);
    const paced = pace.seconds > 0 || pace.breaks;
    await this.#setLimits(paced ? leastBandwidth : 0, paced ? 0 : downtimeMs);
    await this.#source.execute("migrate", { uri: `unix:${path}` });
    this.#begun = true;
    void this.#follow(paced ? pace : null);
  }

  async cancel(): Promise<MoveEnd> {
    // Refused where the source has ended, which is an end too.
    if (this.#begun) await this.#source.execute("migrate_cancel").catch(() => undefined);
    else this.#end({ kind: "cancelled" });
    return this.ended;
  }

  async #setLimits(bandwidth: number, downtime: number): Promise<void> {
    this.#bandwidth = bandwidth;
    await this.#source.execute("migrate-set-parameters", {
      "max-bandwidth": bandwidth,
      "downtime-limit": downtime,
    });
  }

  /** Looks until QEMU says how it ended. */
  async #follow(asked: MovePace | null): Promise<void> {
    let pace = asked;
    const beganAtMs = performance.now();
    try {
      for (;;) {
        const info = (await this.#source.execute("query-migrate")) as MigrateInfo; // QMP's own shape
        this.#note(info);
        if (over.has(info.status ?? "")) {
          this.#end(await this.#endOf(info));
          return;
        }
        if (pace !== null) {
          const share = (performance.now() - beganAtMs) / (pace.seconds * 1000);
          if (share < 1) await this.#keepPace(share, pace.seconds);
          else {
            if (pace.breaks) await this.#target.kill();
            pace = null;
            await this.#setLimits(0, downtimeMs);
          }
        }
        await pause();
      }
    } catch (error) {
      this.#end({ kind: "failed", message: error instanceof Error ? error.message : String(error) });
    }
  }

  /** More bandwidth when less has gone over than the time asks for, less when more has: pages cost from 9 bytes to 4 KiB. */
  async #keepPace(share: number, seconds: number): Promise<void> {
    if (this.#progress === null || this.#progress.totalBytes === 0) return;
    const { totalBytes, remainingBytes } = this.#progress;
    const behind = (totalBytes - remainingBytes) / totalBytes < share * pacedShare;
    const start = ((totalBytes / pageBytes) * emptyPageBytes) / seconds;
    const bandwidth = behind
      ? Math.ceil(Math.max(this.#bandwidth * 1.5, start))
      : Math.max(leastBandwidth, Math.floor(this.#bandwidth / 2));
    if (bandwidth !== this.#bandwidth) await this.#setLimits(bandwidth, 0);
  }

  async #endOf({ status, "error-desc": reason }: MigrateInfo): Promise<MoveEnd> {
    if (status === "cancelled") return { kind: "cancelled" };
    if (status === "failed") return { kind: "failed", message: reason ?? "QEMU gives no reason" };
    // All is sent; the guest has moved when the target has taken it in.
    try {
      for (;;) {
        const { status: state } = (await this.#target.execute("query-status")) as { status: string }; // QMP's own shape
        if (state !== "inmigrate") return { kind: "moved" };
        await pause();
      }
    } catch (error) {
      return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
    }
  }

  #note({ ram }: MigrateInfo): void {
    if (ram === undefined) return;
    this.#progress = {
      totalBytes: ram.total,
      remainingBytes: ram.remaining,
      transferredBytes: ram.transferred,
      dirtyBytesPerSecond: ram["dirty-pages-rate"] * pageBytes,
      sentBytesPerSecond: (ram.mbps * 1_000_000) / 8,
    };
  }
}
