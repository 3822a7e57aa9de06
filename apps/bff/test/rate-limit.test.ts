/** A bucket of questions: a burst passes, a flood does not, and time fills it up to its brim. */
import { expect, test } from "vitest";
import { RateLimit } from "../src/live/rate-limit.ts";

const passed = (limit: RateLimit, times: number, nowMs: number) =>
  Array.from({ length: times }, () => limit.take(nowMs)).filter(Boolean).length;

test("a burst passes once and comes back with time, never beyond its size", () => {
  const limit = new RateLimit(100, 10, 0);
  expect(passed(limit, 150, 0)).toBe(100);
  expect(passed(limit, 150, 50)).toBe(0);
  expect(passed(limit, 150, 1150)).toBe(11);
  expect(passed(limit, 150, 3_600_000)).toBe(100);
});
