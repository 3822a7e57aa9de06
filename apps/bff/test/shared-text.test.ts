/** What is kept once for all that say it alike: never another's, and never without bound. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { sharedList, sharedText, sharedValues } from "../src/inventory/shared-text.ts";

test("lists that only look alike when joined stay apart", () => {
  expect(sharedList(["a", "b"])).toBe(sharedList(["a", "b"]));
  expect(sharedList(["a\nb"])).toEqual(["a\nb"]);
  expect(sharedList(['a","b'])).toEqual(['a","b']);
  expect(sharedList([])).toEqual([]);
  expect(sharedList([""])).toEqual([""]);
});

test("texts and lists are what was given, however many and however long", () => {
  for (let index = 0; index < 120_000; index += 1) expect(sharedText(`t${index}`)).toBe(`t${index}`);
  const long = "x".repeat(100_000);
  expect(sharedText(long)).toBe(long);
  expect(sharedList([long])).toEqual([long]);
});

function heapBytes(): number {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void; // what the flag exposes
  collect();
  return process.memoryUsage().heapUsed;
}

test.each([
  ["a text", (json: string) => sharedText(JSON.parse(json) as string)],
  ["a value", (json: string) => sharedValues({ of: JSON.parse(json) as string })["of"]],
])(
  "however often %s is parsed, it is kept once, and of all that is used no more only the newest are kept",
  (_what, shared) => {
    const json = JSON.stringify("n".repeat(120));
    const kept: unknown[] = Array.from({ length: 50_000 }, () => "");
    const before = heapBytes();
    for (let index = 0; index < kept.length; index += 1) kept[index] = shared(json);
    expect(heapBytes() - before).toBeLessThan(1_000_000);
    kept.length = 0;
    for (let index = 0; index < 300_000; index += 1) shared(JSON.stringify(`${index}`.padStart(120, "n")));
    // 65,536 places of 136 bytes, where 300,000 texts are 41 MB
    expect(heapBytes() - before).toBeLessThan(10_000_000);
  },
);
