/**
 * Keys whose entries are others from a moment on though no object changes. Whoever reads next notices it, or a timer where
 * nobody reads.
 */
import type { Clock } from "../kube/clock.ts";

/** A moment may be days ahead, and longer waits than this end at once. */
const longestWaitMs = 60 * 60_000;

export class DueKeys {
  readonly #clock: Clock;
  readonly #onDue: (key: string) => void;
  /** Last moment of each key, epoch milliseconds: it is due after that. */
  readonly #untilMs = new Map<string, number>();
  /** No key is due before that. */
  #nextMs = Number.POSITIVE_INFINITY;
  #timer: NodeJS.Timeout | null = null;

  constructor(clock: Clock, onDue: (key: string) => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /**
   * Takes the place of what was said of the key before; null where time alone changes nothing any more. A moment that is past was told
   * of, or is known to whoever says it.
   */
  expect(key: string, untilMs: number | null): void {
    if (untilMs === null || untilMs === Number.POSITIVE_INFINITY || this.#clock.nowMs() > untilMs) {
      this.#untilMs.delete(key);
      return;
    }
    this.#untilMs.set(key, untilMs);
    if (untilMs >= this.#nextMs) return;
    this.#nextMs = untilMs;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#wake();
  }

  /** Tells of the keys that are due, each once. */
  tell(): void {
    const nowMs = this.#clock.nowMs();
    if (nowMs <= this.#nextMs) return;
    this.#nextMs = Number.POSITIVE_INFINITY;
    for (const [key, untilMs] of this.#untilMs) {
      if (nowMs > untilMs) {
        this.#untilMs.delete(key);
        this.#onDue(key);
      } else this.#nextMs = Math.min(this.#nextMs, untilMs);
    }
    this.#wake();
  }

  #wake(): void {
    if (this.#timer !== null || this.#nextMs === Number.POSITIVE_INFINITY) return;
    const waitMs = Math.min(longestWaitMs, Math.max(1000, this.#nextMs - this.#clock.nowMs() + 1));
    this.#timer = setTimeout(() => {
      this.#timer = null;
      this.tell();
      this.#wake();
    }, waitMs);
    this.#timer.unref();
  }
}
