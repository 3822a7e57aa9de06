/** A guest for hosts without QEMU: it behaves like the demo guest (banner, echo, power button) and runs no image. */
import { type Duplex, duplexPair } from "node:stream";
import { demoBanner } from "../../guest/boot-sector.ts";
import type { GuestSize, Machine, MachineDisk, MachineExit, MachineSpec } from "../machine.ts";
import { encodePng } from "../png.ts";
import { serveRfb } from "./rfb-server.ts";
import { TextScreen } from "./text-screen.ts";

const keysymReturn = 0xff0d;
const keysymBackspace = 0xff08;

/** Two ends of one stream: when either closes, both do, as with a socket. */
function streamPair(): [Duplex, Duplex] {
  const [ours, theirs] = duplexPair();
  ours.on("close", () => theirs.destroy());
  theirs.on("close", () => ours.destroy());
  return [ours, theirs];
}

function characterOf(keysym: number): string {
  if (keysym === keysymReturn) return "\r";
  if (keysym === keysymBackspace) return "\b";
  return keysym >= 0x20 && keysym <= 0x7e ? String.fromCharCode(keysym) : "";
}

export class StandInMachine implements Machine {
  readonly uid: string;
  readonly kind = "stand-in" as const;
  readonly moving = false;
  readonly moveProgress = null;
  readonly exited: Promise<MachineExit>;
  readonly #spec: MachineSpec;
  #size: GuestSize;
  #end: (exit: MachineExit) => void = () => {};
  #screen = new TextScreen();
  #paused: boolean;
  #ended = false;
  readonly #hotDisks = new Set<string>();
  #viewers = new Map<Duplex, () => void>();
  #serial: Duplex | null = null;
  readonly #timers = new Set<NodeJS.Timeout>();
  #shuttingDown = false;
  /** Keys that arrived while paused. */
  #waiting = "";

  constructor(spec: MachineSpec) {
    this.uid = spec.uid;
    this.#spec = spec;
    this.#size = { cpuCores: spec.cpuCores, memoryBytes: spec.memoryBytes };
    this.#paused = spec.startPaused;
    this.exited = new Promise((resolve) => {
      this.#end = resolve;
    });
    this.#boot();
    if (spec.powersOffAfterMs !== undefined)
      this.#after(spec.powersOffAfterMs, () => void this.powerButton());
  }

  growCpus(cpuCores: number): Promise<void> {
    this.#size = { ...this.#size, cpuCores };
    return Promise.resolve();
  }

  growMemory(memoryBytes: number): Promise<void> {
    this.#size = { ...this.#size, memoryBytes };
    return Promise.resolve();
  }

  size(): Promise<GuestSize> {
    return Promise.resolve(this.#size);
  }

  dumpMemory(): Promise<void> {
    return Promise.reject(new Error("a stand-in guest has no memory to dump"));
  }

  connectVnc(): Promise<Duplex> {
    if (this.#ended || !this.#spec.graphics) return Promise.reject(new Error("The machine has no screen."));
    const [ours, theirs] = streamPair();
    const update = serveRfb(ours, this.#screen, `vmi-${this.uid}`, (keysym) =>
      this.#type(characterOf(keysym)),
    );
    this.#viewers.set(ours, update);
    ours.on("close", () => this.#viewers.delete(ours));
    return Promise.resolve(theirs);
  }

  connectSerial(): Promise<Duplex> {
    if (this.#ended || !this.#spec.serial)
      return Promise.reject(new Error("The machine has no serial port."));
    this.#serial?.destroy();
    const [ours, theirs] = streamPair();
    this.#serial = ours;
    ours.on("data", (data: Buffer) => this.#type(data.toString("latin1")));
    ours.on("error", () => ours.destroy());
    return Promise.resolve(theirs);
  }

  screenshot(): Promise<Buffer> {
    return Promise.resolve(encodePng(this.#screen.width, this.#screen.height, this.#screen.rgb));
  }

  pause(): Promise<void> {
    this.#paused = true;
    return Promise.resolve();
  }

  resume(): Promise<void> {
    this.#paused = false;
    const waiting = this.#waiting;
    this.#waiting = "";
    this.#type(waiting);
    return Promise.resolve();
  }

  reset(): Promise<void> {
    for (const viewer of this.#viewers.keys()) viewer.destroy();
    this.#screen = new TextScreen();
    this.#boot();
    return Promise.resolve();
  }

  powerButton(): Promise<void> {
    if (this.#paused || this.#shuttingDown) return Promise.resolve();
    this.#shuttingDown = true;
    this.#after(this.#spec.shutdownMs ?? 0, () => this.#finish({ kind: "powered-off" }));
    return Promise.resolve();
  }

  #after(delayMs: number, then: () => void): void {
    if (delayMs === 0) {
      then();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      then();
    }, delayMs);
    this.#timers.add(timer);
  }

  /** It has no kernel to notice: the words on its console stand for that. */
  attachDisk(disk: MachineDisk): Promise<void> {
    if (!this.#hotDisks.has(disk.name)) this.#say(`\r\n[disk ${disk.name} attached]\r\n> `);
    this.#hotDisks.add(disk.name);
    return Promise.resolve();
  }

  detachDisk(name: string): Promise<void> {
    if (this.#hotDisks.delete(name)) this.#say(`\r\n[disk ${name} detached]\r\n> `);
    return Promise.resolve();
  }

  /** It has no disks of its own: whoever asks grows the image. */
  resizeDisk(): Promise<boolean> {
    return Promise.resolve(false);
  }

  kill(): Promise<void> {
    this.#finish({ kind: "stopped" });
    return Promise.resolve();
  }

  #boot(): void {
    this.#say(`${demoBanner}\r\n> `);
  }

  #type(text: string): void {
    if (this.#paused) this.#waiting = (this.#waiting + text).slice(-256);
    else if (text !== "") this.#say(text.replaceAll("\r", "\r\n"));
  }

  #say(text: string): void {
    this.#screen.write(text);
    this.#serial?.write(text);
    for (const update of this.#viewers.values()) update();
  }

  #finish(exit: MachineExit): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of this.#timers) clearTimeout(timer);
    for (const viewer of this.#viewers.keys()) viewer.destroy();
    this.#serial?.destroy();
    this.#end(exit);
  }
}
