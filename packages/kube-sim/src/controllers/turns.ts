/** Shares the event loop between all work queues and everybody else: a turn of work ends after a few milliseconds. */

/** A queue with work left. Handles one item; false says that nothing can be done now. */
export type WorkStep = () => boolean;

/** Short enough that a request waits for one turn and never notices, long enough to be worth the switch. */
const turnMs = 6;

export class Turns {
  readonly #ready = new Set<WorkStep>();
  #scheduled = false;

  /** Has `step` called until it returns false, in turns with the others. */
  add(step: WorkStep): void {
    this.#ready.add(step);
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => this.#run());
  }

  #run(): void {
    const until = performance.now() + turnMs;
    while (this.#ready.size > 0) {
      for (const step of this.#ready) {
        if (!step()) this.#ready.delete(step);
        if (performance.now() < until) continue;
        // The one just served goes last, so that a long queue does not starve the others.
        if (this.#ready.delete(step)) this.#ready.add(step);
        setImmediate(() => this.#run());
        return;
      }
    }
    this.#scheduled = false;
  }
}
