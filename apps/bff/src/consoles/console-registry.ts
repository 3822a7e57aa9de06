/**
 * Which consoles are open through this replica, and who gives way to whom: the cluster lets the newest in and cuts the one
 * before without a word, so two people who only hear "it ended" would take the console from each other for ever.
 */
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import type { MachineSubject, PodShellSubject } from "../store/ticket-store.ts";
import type { Splice } from "./splice.ts";

export interface OpenConsole {
  splice: Pick<Splice, "close">;
  sessionHash: string;
  /** Of `personKey`. */
  person: string;
  /** Of `placeOf`, or one of its own where everybody may be at once. */
  place: string;
  /** Its page comes back by itself and goes on where it was: a server that stops need not wait for it. */
  comesBack?: true;
}

/** There is one place per kind on an instance; every shell has one of its own. */
export function placeOf({ kind, uid }: Pick<MachineSubject | PodShellSubject, "uid" | "kind">): string {
  return `${kind} ${kind === "shell" ? crypto.randomUUID() : uid}`;
}

export class ConsoleRegistry {
  readonly #open = new Set<OpenConsole>();
  readonly #dials = new Map<string, Set<Promise<unknown>>>();
  /** People whose dials are under way, once for each dial. */
  readonly #dialling: string[] = [];

  get count(): number {
    return this.#open.size;
  }

  /** Consoles of a person, those that are being dialled included: many upgrades at once must not pass a cap. */
  countOf(person: string): number {
    const open = [...this.#open].filter((entry) => entry.person === person).length;
    return open + this.#dialling.filter((one) => one === person).length;
  }

  add(entry: OpenConsole): void {
    this.#open.add(entry);
  }

  delete(entry: OpenConsole): void {
    this.#open.delete(entry);
  }

  close(code: number, reason: string, which: (entry: OpenConsole) => boolean = () => true): void {
    for (const entry of this.#open) if (which(entry)) entry.splice.close(code, reason);
  }

  /** Dials for a place; once it is let in, whoever had that place before is told that he was replaced. */
  async dial<T>(place: string, person: string, dial: () => Promise<T>): Promise<T> {
    const dials = this.#dials.get(place) ?? new Set();
    this.#dials.set(place, dials);
    const dialled = (async () => {
      const upstream = await dial();
      this.close(consoleCloseCodes.replaced, "console-replaced", (entry) => entry.place === place);
      return upstream;
    })();
    dials.add(dialled);
    this.#dialling.push(person);
    try {
      return await dialled;
    } finally {
      this.#dialling.splice(this.#dialling.indexOf(person), 1);
      dials.delete(dialled);
      if (dials.size === 0 && this.#dials.get(place) === dials) this.#dials.delete(place);
    }
  }

  /** The cluster cuts the old console before it answers the new one: resolves once every dial under way is decided. */
  async dialsDecided(place: string): Promise<void> {
    const dials = this.#dials.get(place);
    if (dials !== undefined) await Promise.allSettled(dials);
  }
}
