/**
 * Shares the event loop between everything that works through much at once: after its share of a turn, each waits until the
 * others, and whoever asks over HTTP meanwhile, had theirs.
 */

const shareMs = 8;

export class Turns {
  readonly #waiting: (() => void)[] = [];
  #turnStartedMs = -1;

  /** True when this turn's share is used up; then `await next()` before going on. */
  get over(): boolean {
    const nowMs = performance.now();
    if (this.#turnStartedMs < 0) {
      this.#turnStartedMs = nowMs;
      setImmediate(() => this.#next());
    }
    return nowMs - this.#turnStartedMs > shareMs;
  }

  /** One of those who wait goes on in each turn, in the order in which they came. */
  async next(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #next(): void {
    this.#turnStartedMs = -1;
    const resume = this.#waiting.shift();
    if (resume === undefined) return;
    this.#turnStartedMs = performance.now();
    setImmediate(() => this.#next());
    resume();
  }
}

/** Of this process: there is one event loop. */
export const turns = new Turns();
