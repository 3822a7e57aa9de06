/**
 * vCPUs and memory that are plugged into a running QEMU. Nothing is taken out again. Source: QEMU docs/system/cpu-hotplug.rst
 * and docs/memory-hotplug.txt.
 */
import type { GuestSize, MachineSpec } from "./machine.ts";
import type { Execute } from "./qemu-hotplug.ts";

/** One for each growth of a running guest. */
const memorySlots = 16;
const mebibyte = 1024 ** 2;

/** `-smp` and `-m`: what the guest boots with, and what it may grow to. */
export function sizeArguments(spec: MachineSpec): string[] {
  const { cpuCores, topology } = spec;
  const boot = Math.ceil(spec.memoryBytes / mebibyte);
  const most = Math.floor((spec.maxMemoryBytes ?? 0) / mebibyte);
  return [
    "-smp",
    topology === undefined
      ? String(cpuCores)
      : `cpus=${cpuCores},maxcpus=${topology.maxSockets * topology.cores * topology.threads},sockets=${topology.maxSockets},cores=${topology.cores},threads=${topology.threads}`,
    "-m",
    most > boot ? `size=${boot}M,slots=${memorySlots},maxmem=${most}M` : `${boot}M`,
  ];
}

/** QEMU's own answers, as far as they are read. */
interface HotpluggableCpu {
  type: string;
  props: { "socket-id"?: number; "core-id"?: number; "thread-id"?: number };
  "qom-path"?: string;
}
interface MemoryDevice {
  data: { id?: string; addr: number; slot: number };
}

/** A vCPU's place, so that they are plugged in one after the other. */
const placeOf = ({ props }: HotpluggableCpu): number =>
  ((props["socket-id"] ?? 0) * 1024 + (props["core-id"] ?? 0)) * 1024 + (props["thread-id"] ?? 0);

export class QemuSize {
  readonly #execute: Execute;
  readonly #cpus: Record<string, unknown>[] = [];
  readonly #memory: {
    backend: Record<string, unknown>;
    device: Record<string, unknown>;
  }[] = [];

  constructor(execute: Execute) {
    this.#execute = execute;
  }

  async growCpus(wanted: number): Promise<void> {
    const known = (await this.#execute("query-hotpluggable-cpus")) as HotpluggableCpu[]; // QMP's own shape
    const free = known
      .filter((cpu) => cpu["qom-path"] === undefined)
      .toSorted((a, b) => placeOf(a) - placeOf(b));
    const missing = wanted - (known.length - free.length);
    if (missing > free.length)
      throw new Error(
        `This machine was started for at most ${known.length} vCPUs, and ${wanted} are wanted.`,
      );
    for (const { type, props } of free.slice(0, Math.max(0, missing))) {
      const device = { driver: type, id: `cpu-hot${this.#cpus.length}`, ...props };
      await this.#execute("device_add", device);
      this.#cpus.push(device);
    }
  }

  async growMemory(wanted: number): Promise<void> {
    const missing = wanted - (await this.size()).memoryBytes;
    if (missing < 0) throw new Error("Memory that was plugged in is not taken out again.");
    if (missing === 0) return;
    const id = `memory-hot${this.#memory.length}`;
    const backend = { "qom-type": "memory-backend-ram", id, size: missing };
    await this.#execute("object-add", backend);
    const device = { driver: "pc-dimm", id: `dimm-${id}`, memdev: id };
    try {
      await this.#execute("device_add", device);
    } catch (error) {
      await this.#execute("object-del", { id }).catch(() => undefined);
      throw error;
    }
    const devices = (await this.#execute("query-memory-devices")) as MemoryDevice[]; // QMP's own shape
    const plugged = devices.find(({ data }) => data.id === device.id)?.data;
    // Where it is, so that a process that takes the guest over has it there too.
    this.#memory.push({
      backend,
      device: { ...device, ...(plugged && { addr: plugged.addr, slot: plugged.slot }) },
    });
  }

  /** What is plugged in now, for the command line of a process that takes the guest over. */
  arguments(): string[] {
    return [
      ...this.#cpus.flatMap((device) => ["-device", JSON.stringify(device)]),
      ...this.#memory.flatMap(({ backend, device }) => [
        "-object",
        JSON.stringify(backend),
        "-device",
        JSON.stringify(device),
      ]),
    ];
  }

  /** What the guest has now. */
  async size(): Promise<GuestSize> {
    const cpus = (await this.#execute("query-cpus-fast")) as unknown[]; // QMP's own shape
    const memory = (await this.#execute("query-memory-size-summary")) as {
      "base-memory": number;
      "plugged-memory"?: number;
    }; // QMP's own shape
    return {
      cpuCores: cpus.length,
      memoryBytes: memory["base-memory"] + (memory["plugged-memory"] ?? 0),
    };
  }
}
