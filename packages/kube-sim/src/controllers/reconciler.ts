/** A work queue of object keys: each key is handled one at a time, again after a failure with growing pauses. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Clock } from "./controller.ts";
import type { Turns } from "./turns.ts";

export type Reconcile = (namespace: string | undefined, name: string) => void | Promise<void>;

const firstRetryMs = 100;
const lastRetryMs = 30_000;
/** Handlers that wait for a disk or a process; more than this would only queue up there. */
const mostAtOnce = 8;

export class Reconciler {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #turns: Turns;
  readonly #reconcile: Reconcile;
  readonly #log: (message: string, fields?: Record<string, unknown>) => void;
  readonly #queue = new Set<string>();
  readonly #running = new Set<string>();
  /** `at` in the clock's milliseconds. */
  readonly #timers = new Map<string, { cancel(): void; at: number }>();
  readonly #failures = new Map<string, number>();
  readonly #step = () => this.#handleNext();
  readonly #paceMs: number;
  readonly #paced = new Map<string, { cancel(): void }>();
  #closed = false;

  constructor(
    name: string,
    clock: Clock,
    turns: Turns,
    log: (message: string, fields?: Record<string, unknown>) => void,
    reconcile: Reconcile,
    /** How long it takes to notice a change. */
    paceMs = 0,
  ) {
    this.#name = name;
    this.#clock = clock;
    this.#turns = turns;
    this.#log = log;
    this.#reconcile = reconcile;
    this.#paceMs = paceMs;
  }

  /** Looks at the object soon, or after a pause; the latest pause asked for wins. */
  enqueue(namespace: string | undefined, name: string, delayMs = 0): void {
    if (this.#closed) return;
    const key = `${namespace ?? ""}/${name}`;
    if (delayMs > 0) {
      this.#timers.get(key)?.cancel();
      const timer = this.#clock.setTimeout(() => {
        this.#timers.delete(key);
        this.#add(key);
      }, delayMs);
      this.#timers.set(key, { cancel: () => timer.cancel(), at: this.#clock.now() + delayMs });
      return;
    }
    this.#add(key);
  }

  /** Looks at the object within `withinMs`, once for all the changes until then: for sums over many objects. */
  enqueueWithin(namespace: string | undefined, name: string, withinMs: number): void {
    const key = `${namespace ?? ""}/${name}`;
    const due = this.#timers.get(key)?.at ?? Infinity;
    if (due > this.#clock.now() + withinMs && !this.#queue.has(key)) this.enqueue(namespace, name, withinMs);
  }

  enqueueObject(object: KubeObject, delayMs = 0): void {
    this.enqueue(object.metadata.namespace, object.metadata.name, delayMs);
  }

  /** Settles when nothing is being handled any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    for (const timer of this.#paced.values()) timer.cancel();
    this.#queue.clear();
    while (this.#running.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #add(key: string): void {
    if (this.#closed) return;
    if (this.#paceMs === 0) {
      this.#ready(key);
      return;
    }
    if (this.#paced.has(key)) return;
    const timer = this.#clock.setTimeout(() => {
      this.#paced.delete(key);
      if (!this.#closed) this.#ready(key);
    }, this.#paceMs);
    this.#paced.set(key, timer);
  }

  #ready(key: string): void {
    this.#queue.add(key);
    this.#turns.add(this.#step);
  }

  /** Starts on one key; false when there is none that may be started now. */
  #handleNext(): boolean {
    if (this.#running.size >= mostAtOnce) return false;
    for (const key of this.#queue) {
      if (this.#running.has(key)) continue;
      this.#queue.delete(key);
      this.#running.add(key);
      void this.#handle(key);
      return true;
    }
    return false;
  }

  /** Undefined when it was done at once. */
  #handle(key: string): Promise<void> | undefined {
    const slash = key.indexOf("/");
    const namespace = slash === 0 ? undefined : key.slice(0, slash);
    const name = key.slice(slash + 1);
    try {
      const pending = this.#reconcile(namespace, name);
      if (pending !== undefined) return this.#finish(key, pending);
      this.#succeeded(key);
    } catch (error) {
      this.#failed(key, error);
    }
    return undefined;
  }

  async #finish(key: string, pending: Promise<void>): Promise<void> {
    try {
      await pending;
      this.#succeeded(key);
    } catch (error) {
      this.#failed(key, error);
    }
  }

  #succeeded(key: string): void {
    this.#failures.delete(key);
    this.#release(key);
  }

  #failed(key: string, error: unknown): void {
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.set(key, failures);
    // What the failing pass wrote has woken its own key: that must not cut the pause short, or it spins.
    this.#queue.delete(key);
    this.#paced.get(key)?.cancel();
    this.#paced.delete(key);
    this.#release(key);
    if (this.#closed) return;
    this.#log(`${this.#name} failed on ${key}`, {
      error: error instanceof Error ? error.message : String(error),
    });
    const slash = key.indexOf("/");
    this.enqueue(
      slash === 0 ? undefined : key.slice(0, slash),
      key.slice(slash + 1),
      Math.min(lastRetryMs, firstRetryMs * 2 ** failures),
    );
  }

  #release(key: string): void {
    this.#running.delete(key);
    if (this.#queue.size > 0 && !this.#closed) this.#turns.add(this.#step);
  }
}
