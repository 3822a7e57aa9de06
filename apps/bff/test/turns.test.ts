/** Whoever works through much lets the event loop go on, and each of several comes to its turn. */
import { expect, test } from "vitest";
import { Turns } from "../src/kube/turns.ts";

function busyFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

test("two workers take turns, and timers run between them", async () => {
  const turns = new Turns();
  const order: string[] = [];
  let ticks = 0;
  const timer = setInterval(() => {
    ticks += 1;
  }, 1);
  const work = async (name: string) => {
    for (let step = 0; step < 5; step += 1) {
      busyFor(10);
      order.push(name);
      if (turns.over) await turns.next();
    }
  };
  await Promise.all([work("a"), work("b")]);
  clearInterval(timer);
  const firstOfB = order.indexOf("b");
  expect(firstOfB).toBeLessThan(3);
  expect(order.filter((name) => name === "a")).toHaveLength(5);
  expect(order.filter((name) => name === "b")).toHaveLength(5);
  expect(ticks).toBeGreaterThan(3);
});

test("a share that is not used up is not over", () => {
  expect(new Turns().over).toBe(false);
});
