/** One guest as a QEMU process: its sockets, its power, its screen, its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createConnection, type Socket } from "node:net";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { qemuBinary } from "./accelerator.ts";
import { limited, qemuAddressSpaceBytes } from "./guest-limits.ts";
import type { Machine, MachineDisk, MachineExit, MachineKind, MachineSpec } from "./machine.ts";
import { pngFromPpm } from "./png.ts";
import { bootNodeName, qemuArguments, type QemuEnvironment, type QemuSockets } from "./qemu-arguments.ts";
import { QemuHotplug } from "./qemu-hotplug.ts";
import { QmpClient } from "./qmp.ts";

const connectTries = 200;
const connectPauseMs = 25;
const stderrKeptBytes = 4096;

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
  readonly #process: ChildProcess;
  readonly #folder: string;
  readonly #sockets: QemuSockets;
  readonly #hotplug = new QemuHotplug((command, args) => this.#execute(command, args));
  /** Names of the block nodes that it booted with, by their image's path. */
  readonly #bootNodes: ReadonlyMap<string, string>;
  #qmp: QmpClient | null = null;
  #serial: Socket | null = null;
  #killed = false;
  #guestShutDown = false;
  #stderr = "";

  private constructor(spec: MachineSpec, folder: string, sockets: QemuSockets, environment: QemuEnvironment) {
    this.uid = spec.uid;
    this.kind = environment.accelerator;
    this.#folder = folder;
    this.#sockets = sockets;
    this.#bootNodes = new Map(spec.disks.map(({ path }, index) => [path, bootNodeName(index)]));
    const [command, args] = limited(
      { addressSpaceBytes: qemuAddressSpaceBytes(spec.memoryBytes) },
      qemuBinary,
      qemuArguments(spec, sockets, environment),
    );
    this.#process = spawn(command, args, {
      stdio: ["ignore", "ignore", "pipe"],
      // Its own process group: a Ctrl-C in the terminal reaches us, and we power the guests off in order.
      detached: true,
      env: { PATH: process.env["PATH"] ?? "" },
    });
    this.#process.stderr?.on("data", (data: Buffer) => {
      this.#stderr = (this.#stderr + data.toString("utf8")).slice(-stderrKeptBytes);
    });
    this.exited = new Promise((resolve) => {
      this.#process.once("error", (error) => resolve({ kind: "failed", message: error.message }));
      this.#process.once("exit", (code, signal) => {
        this.#qmp?.close();
        void rm(folder, { recursive: true, force: true });
        if (this.#killed) resolve({ kind: "stopped" });
        else if (code === 0 || this.#guestShutDown) resolve({ kind: "powered-off" });
        else
          resolve({
            kind: "failed",
            message: this.#stderr.trim() || `QEMU ended with ${signal ?? `code ${code}`}.`,
          });
      });
    });
  }

  /** Starts the process and waits until it answers. Rejects with QEMU's own words when it ends before. */
  static async start(spec: MachineSpec, runDir: string, environment: QemuEnvironment): Promise<QemuMachine> {
    // Unix socket paths end at 107 bytes: the folder's name stays short.
    const folder = join(runDir, spec.uid.slice(0, 8));
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const sockets = { qmp: join(folder, "qmp"), vnc: join(folder, "vnc"), serial: join(folder, "serial") };
    const machine = new QemuMachine(spec, folder, sockets, environment);
    let ended: MachineExit | null = null;
    void machine.exited.then((exit) => {
      ended = exit;
    });
    for (let attempt = 0; ; attempt++) {
      try {
        machine.#qmp = await QmpClient.connect(sockets.qmp, (event) => {
          if (event === "SHUTDOWN") machine.#guestShutDown = true;
        });
        break;
      } catch (error) {
        if (ended !== null || attempt >= connectTries) {
          machine.#process.kill("SIGKILL");
          const exit = await machine.exited;
          throw new Error(exit.kind === "failed" ? exit.message : "QEMU did not answer.", { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, connectPauseMs));
      }
    }
    await writeFile(join(folder, "pid"), String(machine.#process.pid));
    return machine;
  }

  connectVnc(): Promise<Duplex> {
    return connected(this.#sockets.vnc);
  }

  async connectSerial(): Promise<Duplex> {
    // QEMU's character device takes one client; the one before must be gone first.
    const previous = this.#serial;
    if (previous && !previous.destroyed) {
      previous.destroy();
      await once(previous, "close");
    }
    this.#serial = await connected(this.#sockets.serial);
    return this.#serial;
  }

  async screenshot(): Promise<Buffer> {
    const file = join(this.#folder, `screen-${process.hrtime.bigint()}.ppm`);
    await this.#execute("screendump", { filename: file });
    const ppm = await readFile(file);
    await rm(file, { force: true });
    return pngFromPpm(ppm);
  }

  async pause(): Promise<void> {
    await this.#execute("stop");
  }

  async resume(): Promise<void> {
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

  async kill(): Promise<void> {
    this.#killed = true;
    this.#process.kill("SIGKILL");
    await this.exited;
  }

  #execute(command: string, args?: Record<string, unknown>): Promise<unknown> {
    if (!this.#qmp) return Promise.reject(new Error("The machine is still starting."));
    return this.#qmp.execute(command, args);
  }
}
