/** Starts and keeps the guests of this simulator: QEMU processes where QEMU is installed, else stand-ins. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findEfiFirmware, probeMachineKind } from "./accelerator.ts";
import { hostSize, refusalOfDisk, refusalOfGuest, withinHost } from "./guest-limits.ts";
import type { GuestSize, Machine, MachineHost, MachineKind, MachineMove, MachineSpec } from "./machine.ts";
import { QemuMachine } from "./qemu-machine.ts";
import { StandInMachine } from "./stand-in/stand-in-machine.ts";

export interface MachineHostOptions {
  mode: "auto" | "qemu" | "stand-in";
  /** Unix sockets live below it; a path too long for them is replaced by a short one in the system's temporary folder. */
  runDir: string;
  guestInternet: boolean;
  /** How many QEMU processes may run at once. */
  maxMachines?: number;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

const defaultMaxMachines = 32;

/** Ends guests that an earlier simulator left behind when it was killed. Only processes that are provably ours. */
async function endLeftovers(runDir: string, log: MachineHostOptions["log"]): Promise<void> {
  for (const folder of await readdir(runDir).catch(() => [])) {
    const pid = Number(await readFile(join(runDir, folder, "pid"), "utf8").catch(() => "0"));
    if (pid > 1) {
      const commandLine = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      if (commandLine.includes(join(runDir, folder, "qmp"))) {
        process.kill(pid, "SIGKILL");
        log("Ended a guest that an earlier run left behind.", { pid });
      }
    }
    await rm(join(runDir, folder), { recursive: true, force: true });
  }
}

class Host implements MachineHost {
  readonly kind: MachineKind;
  readonly #options: MachineHostOptions;
  readonly #efiFirmware = findEfiFirmware();
  readonly #machines = new Map<string, Machine>();
  readonly #hostSize = hostSize();
  /** What each QEMU process was given, by its guest's uid, from before it starts until it has ended. */
  readonly #memoryBytes = new Map<string, number>();

  constructor(kind: MachineKind, options: MachineHostOptions) {
    this.kind = kind;
    this.#options = options;
  }

  async start(spec: MachineSpec): Promise<Machine> {
    const machine = await this.#create(spec);
    this.#machines.set(spec.uid, machine);
    void machine.exited.then(() => {
      if (this.#machines.get(spec.uid) !== machine) return;
      this.#machines.delete(spec.uid);
      this.#memoryBytes.delete(spec.uid);
    });
    return machine;
  }

  get(uid: string): Machine | undefined {
    return this.#machines.get(uid);
  }

  async prepareMove(uid: string, size: GuestSize): Promise<MachineMove | null> {
    const machine = this.#machines.get(uid);
    if (!(machine instanceof QemuMachine)) return null;
    // What it has it keeps.
    const memoryBytes = Math.max(size.memoryBytes, this.#memoryBytes.get(uid) ?? 0);
    const key = `${uid}/target`;
    const move = await this.#taking({ ...size, memoryBytes }, key, () => machine.prepareMove(memoryBytes));
    void move.ended.then((end) => {
      this.#memoryBytes.delete(key);
      if (end.kind === "moved" && this.#machines.get(uid) === machine)
        this.#memoryBytes.set(uid, memoryBytes);
    });
    return move;
  }

  async close(graceMs: number): Promise<void> {
    const machines = [...this.#machines.values()];
    await Promise.allSettled(
      machines.map(async (machine) => {
        await machine.resume(); // a paused guest hears no button, and everybody would wait for it in vain
        await machine.powerButton();
      }),
    );
    const { promise: graceOver, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, graceMs);
    await Promise.race([Promise.all(machines.map((machine) => machine.exited)), graceOver]);
    clearTimeout(timer);
    await Promise.all(machines.map((machine) => machine.kill()));
  }

  #guestBytes(): number {
    return [...this.#memoryBytes.values()].reduce((sum, bytes) => sum + bytes, 0);
  }

  async #create(spec: MachineSpec): Promise<Machine> {
    if (this.kind === "stand-in" || spec.standIn === true) return new StandInMachine(spec);
    if (spec.firmware === "efi" && this.#efiFirmware === null) {
      throw new Error(
        "This machine wants UEFI firmware, and none is installed here (Debian: apt-get install ovmf).",
      );
    }
    const environment = {
      accelerator: this.kind,
      efiFirmware: this.#efiFirmware,
      guestInternet: this.#options.guestInternet,
    };
    const bounded = withinHost(spec, this.#hostSize);
    return this.#taking(spec, spec.uid, () => QemuMachine.start(bounded, this.#options.runDir, environment));
  }

  /** Runs `start` with its share of the host kept under `key`; rejects in plain words where there is none. */
  async #taking<Started>(size: GuestSize, key: string, start: () => Promise<Started>): Promise<Started> {
    const limit = this.#options.maxMachines ?? defaultMaxMachines;
    if (this.#memoryBytes.size >= limit)
      throw new Error(`This simulator runs at most ${limit} guests at once.`);
    const refusal =
      refusalOfGuest(size, this.#guestBytes(), this.#hostSize) ?? refusalOfDisk(this.#options.runDir);
    if (refusal !== null) throw new Error(refusal);
    this.#memoryBytes.set(key, size.memoryBytes);
    try {
      return await start();
    } catch (error) {
      this.#memoryBytes.delete(key);
      throw error;
    }
  }
}

/** A unix socket's path has at most 107 bytes; ours end in `/xxxxxxxx-b/migrate` at most. */
function socketFolder(runDir: string): string {
  if (Buffer.byteLength(runDir) <= 85) return runDir;
  return join(tmpdir(), `kube-sim-${createHash("sha256").update(runDir).digest("hex").slice(0, 12)}`);
}

/** Throws when QEMU is asked for and cannot start here. */
export async function openMachineHost(asked: MachineHostOptions): Promise<MachineHost> {
  const options = { ...asked, runDir: socketFolder(asked.runDir) };
  if (existsSync(options.runDir)) await endLeftovers(options.runDir, options.log);
  await mkdir(options.runDir, { recursive: true, mode: 0o700 });
  const kind = options.mode === "stand-in" ? "stand-in" : await probeMachineKind();
  if (options.mode === "qemu" && kind === "stand-in")
    throw new Error("QEMU was asked for, and it does not start here.");
  return new Host(kind, options);
}
