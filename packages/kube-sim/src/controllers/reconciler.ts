/** A work queue of object keys: each key is handled one at a time, again after a failure with growing pauses. */
import type { KubeObject } from "../store/kube-object.ts";
import type { Clock } from "./controller.ts";

export type Reconcile = (namespace: string | undefined, name: string) => void | Promise<void>;

const firstRetryMs = 100;
const lastRetryMs = 30_000;

export class Reconciler {
  readonly #name: string;
  readonly #clock: Clock;
  readonly #reconcile: Reconcile;
  readonly #log: (message: string, fields?: Record<string, unknown>) => void;
  readonly #queue = new Set<string>();
  readonly #running = new Set<string>();
  readonly #timers = new Map<string, { cancel(): void }>();
  readonly #failures = new Map<string, number>();
  #scheduled = false;
  #closed = false;

  constructor(
    name: string,
    clock: Clock,
    log: (message: string, fields?: Record<string, unknown>) => void,
    reconcile: Reconcile,
  ) {
    this.#name = name;
    this.#clock = clock;
    this.#log = log;
    this.#reconcile = reconcile;
  }

  /** Looks at the object soon, or after a pause; the latest pause asked for wins. */
  enqueue(namespace: string | undefined, name: string, delayMs = 0): void {
    if (this.#closed) return;
    const key = `${namespace ?? ""}/${name}`;
    if (delayMs > 0) {
      this.#timers.get(key)?.cancel();
      this.#timers.set(
        key,
        this.#clock.setTimeout(() => {
          this.#timers.delete(key);
          this.#add(key);
        }, delayMs),
      );
      return;
    }
    this.#add(key);
  }

  enqueueObject(object: KubeObject, delayMs = 0): void {
    this.enqueue(object.metadata.namespace, object.metadata.name, delayMs);
  }

  /** Settles when nothing is being handled any more. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const timer of this.#timers.values()) timer.cancel();
    this.#timers.clear();
    this.#queue.clear();
    while (this.#running.size > 0) await new Promise((resolve) => setImmediate(resolve));
  }

  #add(key: string): void {
    this.#queue.add(key);
    if (this.#scheduled || this.#closed) return;
    this.#scheduled = true;
    setImmediate(() => this.#drain());
  }

  #drain(): void {
    this.#scheduled = false;
    for (const key of this.#queue) {
      if (this.#running.has(key)) continue;
      this.#queue.delete(key);
      this.#running.add(key);
      void this.#handle(key);
    }
  }

  async #handle(key: string): Promise<void> {
    const slash = key.indexOf("/");
    const namespace = slash === 0 ? undefined : key.slice(0, slash);
    const name = key.slice(slash + 1);
    try {
      await this.#reconcile(namespace, name);
      this.#failures.delete(key);
    } catch (error) {
      const failures = (this.#failures.get(key) ?? 0) + 1;
      this.#failures.set(key, failures);
      if (!this.#closed) {
        this.#log(`${this.#name} failed on ${key}`, {
          error: error instanceof Error ? error.message : String(error),
        });
        this.enqueue(namespace, name, Math.min(lastRetryMs, firstRetryMs * 2 ** failures));
      }
    } finally {
      this.#running.delete(key);
      if (this.#queue.has(key)) this.#add(key);
    }
  }
}
