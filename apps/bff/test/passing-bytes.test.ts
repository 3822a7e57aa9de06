/** What passes through the server has none of what it knows collected. */
import { constants, PerformanceObserver } from "node:perf_hooks";
import { setImmediate as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { until } from "./console-under-test.ts";
import { notePassing } from "../src/http/passing-bytes.ts";

const chunkBytes = 16 * 1024;
const totalBytes = 1024 ** 3;

test("a gigabyte that passes is cleared away among the young objects", async () => {
  let all = 0;
  let young = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      const { kind } = (entry as unknown as { detail: { kind: number } }).detail; // what entries of type gc have
      if (kind === constants.NODE_PERFORMANCE_GC_MAJOR) all += 1;
      if (kind === constants.NODE_PERFORMANCE_GC_MINOR) young += 1;
    }
  });
  observer.observe({ entryTypes: ["gc"] });
  for (let passed = 0; passed < totalBytes; passed += chunkBytes) {
    notePassing(Buffer.allocUnsafeSlow(chunkBytes).length);
    if (passed % (64 * chunkBytes) === 0) await nextTurn();
  }
  // told a while after
  await until(() => young > 30);
  observer.disconnect();
  expect(all).toBeLessThanOrEqual(2); // what the test itself makes grows old, too
});
