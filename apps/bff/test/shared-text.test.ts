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
])("however often %s is parsed, it is kept once, and no longer than it is used", (_what, shared) => {
  const json = JSON.stringify("n".repeat(250));
  const kept: unknown[] = Array.from({ length: 50_000 }, () => "");
  const before = heapBytes();
  for (let index = 0; index < kept.length; index += 1) kept[index] = shared(json);
  expect(heapBytes() - before).toBeLessThan(1_000_000);
  for (let index = 0; index < kept.length; index += 1)
    kept[index] = shared(JSON.stringify(`${index} of many`));
  kept.length = 0;
  expect(heapBytes() - before).toBeLessThan(1_000_000);
});
