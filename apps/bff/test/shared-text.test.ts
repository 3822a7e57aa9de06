/** What is kept once for all that say it alike: never another's, and never without bound. */
import { expect, test } from "vitest";
import { sharedList, sharedText } from "../src/inventory/shared-text.ts";

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
