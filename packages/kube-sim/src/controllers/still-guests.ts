/** Guests that stand still while their disks are copied: for as long as anybody copies one, and longer where their user paused them. */
import type { MachineHost } from "../machines/machine.ts";
import { vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

interface Hold {
  holders: Set<string>;
  /** Settles when the guest stands. */
  pausing: Promise<void>;
}

export class StillGuests {
  readonly #store: TypedStore;
  readonly #machines: MachineHost;
  readonly #holds = new Map<string, Hold>();

  constructor(store: TypedStore, machines: MachineHost) {
    this.#store = store;
    this.#machines = machines;
  }

  /** Settles when the guest stands still; `holder` is the uid of who needs it, and counts once. */
  async hold(vmi: VirtualMachineInstance, holder: string): Promise<void> {
    const { uid } = vmi.metadata;
    let hold = this.#holds.get(uid);
    if (hold === undefined) {
      const pausing = this.#isPaused(vmi) ? undefined : this.#machines.get(uid)?.pause();
      hold = { holders: new Set(), pausing: pausing ?? Promise.resolve() };
      this.#holds.set(uid, hold);
    }
    hold.holders.add(holder);
    await hold.pausing;
  }

  /** The last who lets go has it run again. Whoever held it before a restart of the simulator may let go too. */
  async release(vmi: VirtualMachineInstance, holder: string): Promise<void> {
    const { uid } = vmi.metadata;
    const holders = this.#holds.get(uid)?.holders;
    holders?.delete(holder);
    if (holders !== undefined && holders.size > 0) return;
    this.#holds.delete(uid);
    if (!this.#isPaused(vmi)) await this.#machines.get(uid)?.resume();
  }

  /** As it is now: its user may have paused it meanwhile. */
  #isPaused({ metadata }: VirtualMachineInstance): boolean {
    const now = this.#store.get(vmiKind, metadata.namespace, metadata.name);
    return now?.status?.conditions?.some(({ type }) => type === "Paused") === true;
  }
}
