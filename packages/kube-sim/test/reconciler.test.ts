/** The pauses of the work queue: what fails is tried again later and later, whatever the failing pass wrote. */
import { expect, test } from "vitest";
import { Reconciler } from "../src/controllers/reconciler.ts";
import { Turns } from "../src/controllers/turns.ts";

/** A clock that stands until it is told. */
function handClock() {
  let now = 0;
  const timers = new Set<{ at: number; run: () => void }>();
  return {
    now: () => now,
    setTimeout: (run: () => void, delayMs: number) => {
      const timer = { at: now + delayMs, run };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    advance: (ms: number) => {
      now += ms;
      for (const timer of timers) {
        if (timer.at > now || !timers.delete(timer)) continue;
        timer.run();
      }
    },
  };
}

const idle = async () => {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test.each([
  ["at once", 0, false],
  ["at once, and notices changes late", 5, false],
  ["after a while", 0, true],
])("a pass that fails %s and wakes its own key keeps its pause", async (_how, paceMs, later) => {
  const clock = handClock();
  let passes = 0;
  const failing = (namespace: string | undefined, name: string): void | Promise<void> => {
    passes += 1;
    queue.enqueue(namespace, name); // as a write of its own object would
    if (!later) throw new Error("no");
    return Promise.reject(new Error("no"));
  };
  const queue = new Reconciler("test", clock, new Turns(), () => {}, failing, paceMs);
  queue.enqueue("project", "one");
  clock.advance(paceMs);
  await idle();
  expect(passes).toBe(1);
  for (const [count, pauseMs] of [200, 400, 800].entries()) {
    clock.advance(pauseMs - 1);
    await idle();
    expect(passes).toBe(count + 1);
    clock.advance(1);
    clock.advance(paceMs);
    await idle();
    expect(passes).toBe(count + 2);
  }
  await queue.close();
});
