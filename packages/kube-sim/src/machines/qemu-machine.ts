/** One guest in QEMU: its power, its screen, its devices, and the process that it is in now. */
import { once } from "node:events";
import { readFile, rm } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import type {
  GuestSize,
  Machine,
  MachineDisk,
  MachineExit,
  MachineKind,
  MachineMove,
  MachineSpec,
  MoveEnd,
  MoveProgress,
} from "./machine.ts";
import { pngFromPpm } from "./png.ts";
import { bootNodeName, qemuArguments, type QemuEnvironment } from "./qemu-arguments.ts";
import { QemuHotplug } from "./qemu-hotplug.ts";
import { QemuMove } from "./qemu-move.ts";
import { QemuProcess } from "./qemu-process.ts";
import { QemuSize } from "./qemu-size.ts";

const dumpPollMs = 50;

async function connected(path: string): Promise<Socket> {
  const socket = createConnection(path);
  await once(socket, "connect");
  // A guest that ends resets its sockets; "close" follows and says all there is to say.
  socket.on("error", () => socket.destroy());
  return socket;
}

export class QemuMachine implements Machine {
  readonly uid: string;
  readonly kind: MachineKind;
  readonly exited: Promise<MachineExit>;
  readonly #spec: MachineSpec;
  readonly #runDir: string;
  readonly #environment: QemuEnvironment;
  readonly #hotplug = new QemuHotplug((command, args) => this.#execute(command, args));
  /** Names of the block nodes that it booted with, by their image's path. */
  readonly #bootNodes: ReadonlyMap<string, string>;
  readonly #size = new QemuSize((command, args) => this.#execute(command, args));
  readonly #ended: (exit: MachineExit) => void;
  #process: QemuProcess;
  #move: QemuMove | null = null;
  #moves = 0;
  /** What its process has room for. */
  #memoryBytes: number;
  #paused: boolean;
  #serial: Socket | null = null;

  private constructor(spec: MachineSpec, runDir: string, environment: QemuEnvironment, started: QemuProcess) {
    this.uid = spec.uid;
    this.kind = environment.accelerator;
    this.#spec = spec;
    this.#bootNodes = new Map(spec.disks.map(({ path }, index) => [path, bootNodeName(index)]));
    this.#runDir = runDir;
    this.#environment = environment;
    this.#memoryBytes = spec.memoryBytes;
    this.#paused = spec.startPaused;
    this.#process = started;
    const { promise, resolve } = Promise.withResolvers<MachineExit>();
    this.exited = promise;
    this.#ended = resolve;
    this.#watch(started);
  }

  /** Starts its process and waits until it answers. Rejects with QEMU's own words when it ends before. */
  static async start(spec: MachineSpec, runDir: string, environment: QemuEnvironment): Promise<QemuMachine> {
    const started = await QemuProcess.start({
      folder: join(runDir, spec.uid.slice(0, 8)),
      memoryBytes: spec.memoryBytes,
      arguments: (sockets) => qemuArguments(spec, sockets, environment),
    });
    return new QemuMachine(spec, runDir, environment, started);
  }

  get moving(): boolean {
    return this.#move !== null;
  }

  get moveProgress(): MoveProgress | null {
    return this.#move?.progress ?? null;
  }

  /** Starts a process beside the guest's own that waits for it, with room for so much. Rejects with QEMU's own words. */
  async prepareMove(memoryBytes: number): Promise<MachineMove> {
    if (this.#move !== null) throw new Error("The machine is being moved already.");
    const source = this.#process;
    // By turns: the folder of the process before is gone with it.
    const folder = `${this.uid.slice(0, 8)}${this.#moves % 2 === 0 ? "-b" : ""}`;
    const target = await QemuProcess.start({
      folder: join(this.#runDir, folder),
      memoryBytes,
      arguments: (sockets) =>
        qemuArguments(this.#spec, sockets, this.#environment, {
          pluggedArguments: [...this.#size.arguments(), ...this.#hotplug.arguments()],
        }),
    });
    const move = new QemuMove(source, target, async (end) => {
      await this.#settle(source, target, end);
      if (end.kind === "moved") this.#memoryBytes = memoryBytes;
    });
    this.#move = move;
    return move;
  }

  connectVnc(): Promise<Duplex> {
    return connected(this.#process.sockets.vnc);
  }

  async connectSerial(): Promise<Duplex> {
    // QEMU's character device takes one client; the one before must be gone first.
    const previous = this.#serial;
    if (previous && !previous.destroyed) {
      previous.destroy();
      await once(previous, "close");
    }
    this.#serial = await connected(this.#process.sockets.serial);
    return this.#serial;
  }

  async screenshot(): Promise<Buffer> {
    const file = join(this.#process.folder, `screen-${process.hrtime.bigint()}.ppm`);
    await this.#execute("screendump", { filename: file });
    const ppm = await readFile(file);
    await rm(file, { force: true });
    return pngFromPpm(ppm);
  }

  async pause(): Promise<void> {
    this.#paused = true;
    await this.#execute("stop");
  }

  async resume(): Promise<void> {
    this.#paused = false;
    await this.#execute("cont");
  }

  async reset(): Promise<void> {
    await this.#execute("system_reset");
  }

  async powerButton(): Promise<void> {
    await this.#execute("system_powerdown");
  }

  attachDisk(disk: MachineDisk): Promise<void> {
    return this.#hotplug.attach(disk);
  }

  detachDisk(name: string): Promise<void> {
    return this.#hotplug.detach(name);
  }

  async resizeDisk(path: string, sizeBytes: number): Promise<boolean> {
    const node = this.#hotplug.nodeOf(path) ?? this.#bootNodes.get(path);
    if (node === undefined) return false;
    await this.#execute("block_resize", { "node-name": node, size: sizeBytes });
    return true;
  }

  growCpus(cpuCores: number): Promise<void> {
    return this.#size.growCpus(cpuCores);
  }

  async growMemory(bytes: number): Promise<void> {
    if (bytes > this.#memoryBytes) throw new Error("The machine's process has no room for more memory.");
    await this.#size.growMemory(bytes);
  }

  size(): Promise<GuestSize> {
    return this.#size.size();
  }

  async dumpMemory(path: string): Promise<void> {
    await this.#execute("dump-guest-memory", { paging: false, protocol: `file:${path}`, detach: true });
    for (;;) {
      const { status } = (await this.#execute("query-dump")) as { status: string }; // QMP's own shape
      if (status === "completed") return;
      if (status === "failed") throw new Error("QEMU could not write the guest's memory.");
      await new Promise((resolve) => setTimeout(resolve, dumpPollMs));
    }
  }

  async kill(): Promise<void> {
    await this.#process.kill();
    await this.#move?.ended;
    await this.#process.kill(); // a move may have ended in between, and the guest with it in its target
    await this.exited;
  }

  #execute(command: string, args?: Record<string, unknown>): Promise<unknown> {
    return this.#process.execute(command, args);
  }

  /** The guest has ended when the process ends that it is in. */
  #watch(running: QemuProcess): void {
    void running.exited.then(async (exit) => {
      await this.#move?.ended; // it may just have left
      if (this.#process === running) this.#ended(exit);
    });
  }

  /** After a move: one process goes, and consoles of the source end with it. */
  async #settle(source: QemuProcess, target: QemuProcess, end: MoveEnd): Promise<void> {
    if (end.kind === "moved") {
      this.#process = target;
      this.#moves++;
      this.#watch(target);
    }
    await (end.kind === "moved" ? source : target).kill();
    this.#move = null;
    // A pause that came with the last of the memory met the process that the guest had left; and a source whose target
    // died after all was sent stands still.
    await this.#execute(this.#paused ? "stop" : "cont").catch(() => undefined);
  }
}
