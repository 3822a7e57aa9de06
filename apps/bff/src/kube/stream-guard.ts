/** Gives a stream up that says nothing for too long, or goes on for longer than agreed, in the time of the given clock. */
import type { Clock } from "./clock.ts";

const lookEveryMs = 5000;

export interface StreamLimits {
  silenceMs: number;
  /** Counted from the beginning, whatever is said. */
  longestMs: number;
}

export class StreamGuard {
  /** Aborts with the one that was given, when a limit is passed, and at `end`. */
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #clock: Clock;
  #heardMs: number;

  /** `onLook` is called every few seconds for as long as it lasts. */
  constructor(clock: Clock, given: AbortSignal, limits: StreamLimits, onLook: () => void) {
    this.#clock = clock;
    this.#heardMs = clock.monotonicMs();
    this.signal = AbortSignal.any([given, this.#abort.signal]);
    void this.#watch(limits, onLook);
  }

  async #watch(limits: StreamLimits, onLook: () => void): Promise<void> {
    const endsMs = this.#clock.monotonicMs() + limits.longestMs;
    for (;;) {
      await this.#clock.sleep(lookEveryMs, this.signal);
      if (this.signal.aborted) return;
      onLook();
      if (this.silentMs > limits.silenceMs || this.#clock.monotonicMs() > endsMs) this.#abort.abort();
    }
  }

  /** Something was said. */
  heard(): void {
    this.#heardMs = this.#clock.monotonicMs();
  }

  get silentMs(): number {
    return this.#clock.monotonicMs() - this.#heardMs;
  }

  end(): void {
    this.#abort.abort();
  }
}
