/** The real time, set forward by hand: hours pass in a test without waiting. */
import type { Clock } from "../src/kube/clock.ts";
import { systemClock } from "../src/kube/clock.ts";

export class ShiftedClock implements Clock {
  #shiftMs = 0;
  forward(ms: number): void {
    this.#shiftMs += ms;
  }
  nowMs = () => systemClock.nowMs() + this.#shiftMs;
  monotonicMs = () => systemClock.monotonicMs() + this.#shiftMs;
  sleep = async (ms: number, signal?: AbortSignal) => systemClock.sleep(ms, signal);
  random = () => systemClock.random();
}
