/** Time that passes only when a test says so, and chance from a seed: hours of waiting in a second, the same each time. */
import type { Clock } from "../src/kube/clock.ts";

const stepMs = 500;
/** So many turns of the event loop belong to a step: enough for what was sent over loopback to be answered. */
const turnsPerStep = 10;

interface Sleeper {
  untilMs: number;
  wake: () => void;
}

/** Mulberry32: small, and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export class SteppedClock implements Clock {
  readonly random: () => number;
  readonly #sleepers = new Set<Sleeper>();
  #ms = Date.now();

  constructor(seed: number) {
    this.random = seededRandom(seed);
  }

  nowMs = () => this.#ms;
  monotonicMs = () => this.#ms;

  sleep = async (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (signal?.aborted === true) {
        resolve();
        return;
      }
      const wake = () => {
        this.#sleepers.delete(sleeper);
        signal?.removeEventListener("abort", wake);
        resolve();
      };
      const sleeper = { untilMs: this.#ms + ms, wake };
      this.#sleepers.add(sleeper);
      signal?.addEventListener("abort", wake, { once: true });
    });

  /** Wakes whoever is due, without waiting for what they do. */
  forward(ms: number): void {
    this.#ms += ms;
    for (const sleeper of this.#sleepers) if (sleeper.untilMs <= this.#ms) sleeper.wake();
  }

  /** Lets so much time pass, with turns of the event loop for all that happens in it; `onStep` looks in between. */
  async pass(ms: number, onStep: () => void = () => {}): Promise<void> {
    for (let left = ms; left > 0; left -= stepMs) {
      this.forward(Math.min(stepMs, left));
      for (let turn = 0; turn < turnsPerStep; turn += 1)
        await new Promise((resolve) => setImmediate(resolve));
      onStep();
    }
  }
}
