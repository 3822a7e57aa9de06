/** One QEMU process under its limits: a folder of its own for its sockets, its machine protocol, its end. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { qemuBinary } from "./accelerator.ts";
import { limited, qemuAddressSpaceBytes } from "./guest-limits.ts";
import type { MachineExit } from "./machine.ts";
import type { QemuSockets } from "./qemu-arguments.ts";
import { QmpClient } from "./qmp.ts";

const connectTries = 200;
const connectPauseMs = 25;
const stderrKeptBytes = 4096;

export interface QemuStart {
  /** Its name is short: paths of unix sockets end at 107 bytes. */
  folder: string;
  /** Memory that it may come to have. */
  memoryBytes: number;
  arguments: (sockets: QemuSockets) => string[];
}

export class QemuProcess {
  readonly folder: string;
  readonly sockets: QemuSockets;
  /** Settles once the process and its folder are gone. Never rejects. */
  readonly exited: Promise<MachineExit>;
  /** Called when the guest has shut down, before the process ends, if it does. */
  onShutdown: () => void = () => {};
  readonly #process: ChildProcess;
  #qmp: QmpClient | null = null;
  #killed = false;
  #guestIsOff = false;
  #stderr = "";

  private constructor({ folder, memoryBytes, arguments: argumentsFor }: QemuStart) {
    this.folder = folder;
    this.sockets = { qmp: join(folder, "qmp"), vnc: join(folder, "vnc"), serial: join(folder, "serial") };
    const [command, args] = limited(
      { addressSpaceBytes: qemuAddressSpaceBytes(memoryBytes) },
      qemuBinary,
      argumentsFor(this.sockets),
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
    const ended = new Promise<MachineExit>((resolve) => {
      this.#process.once("error", (error) => resolve({ kind: "failed", message: error.message }));
      this.#process.once("exit", (code, signal) => {
        if (this.#killed) resolve({ kind: "stopped" });
        else if (code === 0 || this.#guestIsOff) resolve({ kind: "powered-off" });
        else
          resolve({
            kind: "failed",
            message: this.#stderr.trim() || `QEMU ended with ${signal ?? `code ${code}`}.`,
          });
      });
    });
    this.exited = ended.then(async (exit) => {
      this.#qmp?.close();
      await rm(folder, { recursive: true, force: true }).catch(() => undefined); // the next start clears it
      return exit;
    });
  }

  /** Starts the process and waits until it answers. Rejects with QEMU's own words when it ends before. */
  static async start(start: QemuStart): Promise<QemuProcess> {
    await rm(start.folder, { recursive: true, force: true });
    await mkdir(start.folder, { recursive: true, mode: 0o700 });
    const started = new QemuProcess(start);
    let ended: MachineExit | null = null;
    void started.exited.then((exit) => {
      ended = exit;
    });
    for (let attempt = 0; ; attempt++) {
      try {
        started.#qmp = await QmpClient.connect(started.sockets.qmp, (event) => started.#heard(event));
        break;
      } catch (error) {
        if (ended !== null || attempt >= connectTries) {
          started.#process.kill("SIGKILL");
          const exit = await started.exited;
          throw new Error(exit.kind === "failed" ? exit.message : "QEMU did not answer.", { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, connectPauseMs));
      }
    }
    await writeFile(join(start.folder, "pid"), String(started.#process.pid));
    return started;
  }

  #heard(event: string): void {
    if (event === "RESET") this.#guestIsOff = false;
    if (event !== "SHUTDOWN") return;
    this.#guestIsOff = true;
    this.onShutdown();
  }

  /** Runs one command of the machine protocol. Rejects with QEMU's own words. */
  readonly execute = (command: string, args?: Record<string, unknown>): Promise<unknown> => {
    if (!this.#qmp) return Promise.reject(new Error("The machine is still starting."));
    return this.#qmp.execute(command, args);
  };

  async kill(): Promise<void> {
    this.#killed = true;
    this.#process.kill("SIGKILL");
    await this.exited;
  }
}
