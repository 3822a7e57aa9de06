/**
 * Lets only so many reviews be under way at once. More would wait in the cluster instead, and those that are given up there
 * take their connection with them: a burst then costs a handshake for each question, and the cluster falls further behind.
 */
import type { Clock } from "../kube/clock.ts";
import { KubeUnreachableError } from "../kube/kube-error.ts";

const mostUnderWay = 64;

export class ReviewQueue {
  readonly #clock: Clock;
  readonly #waiting: (() => void)[] = [];
  #underWay = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws KubeUnreachableError where it was not asked within `withinMs`, as if the cluster had not answered */
  async ask<T>(withinMs: number, question: () => Promise<T>): Promise<T> {
    const cameMs = this.#clock.monotonicMs();
    if (this.#underWay >= mostUnderWay) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#underWay += 1;
    try {
      if (this.#clock.monotonicMs() - cameMs > withinMs)
        throw new KubeUnreachableError("timeout", "The cluster answers access reviews too slowly");
      return await question();
    } finally {
      // whoever waits longest takes this one's place
      const next = this.#waiting.shift();
      if (next === undefined) this.#underWay -= 1;
      else next();
    }
  }
}
