/** Numbers, sizes, dates and durations as people read them. */
import { describe, expect, test } from "vitest";
import { formatAge, formatAgo, formatDuration, formatExact } from "./dates.ts";
import { formatBytes, formatCount, formatList, formatPercent, formatPlural, formatRate } from "./numbers.ts";

describe("bytes", () => {
  test.each([
    [0, "0 B"],
    [1023, "1,023 B"],
    [1024, "1 KiB"],
    [1.5 * 1024 ** 3, "1.5 GiB"],
    [1024 ** 3 - 1, "1 GiB"],
    [20 * 1024 ** 3, "20 GiB"],
    [2048 * 1024 ** 5, "2,048 PiB"],
    [-5, "0 B"],
  ])("%d is %s", (bytes, text) => expect(formatBytes(bytes)).toBe(text));
});

test("counts, percents, rates and lists", () => {
  expect(formatCount(12_345)).toBe("12,345");
  expect(formatPercent(45.2)).toBe("45 %");
  expect(formatRate(1024 ** 2)).toBe("1 MiB/s");
  expect(formatPlural(1, "disk", "disks")).toBe("1 disk");
  expect(formatPlural(0, "disk", "disks")).toBe("0 disks");
  expect(formatList(["a", "b", "c"])).toBe("a, b and c");
});

describe("durations show the largest unit", () => {
  const second = 1000;
  test.each([
    [0, "0 s"],
    [59 * second, "59 s"],
    [60 * second, "1 min"],
    [3599 * second, "59 min"],
    [86_400 * second, "1 d"],
    [41.9 * 86_400 * second, "41 d"],
    [-4 * second, "0 s"],
  ])("%d ms is %s", (ms, text) => expect(formatDuration(ms)).toBe(text));
});

test("ages count from the given moment", () => {
  const now = Date.parse("2026-11-22T08:00:00Z");
  expect(formatAge("2026-11-22T05:00:00Z", now)).toBe("3 h");
  expect(formatAgo("2026-11-22T07:59:58Z", now)).toBe("just now");
  expect(formatAgo("2026-11-22T07:57:00Z", now)).toBe("3 min ago");
});

test("a text that is no date is shown as it is", () => {
  expect(formatExact("soon")).toBe("soon");
  expect(formatAge("soon", 0)).toBe("soon");
});
