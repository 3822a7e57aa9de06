/** docs/nouns.md says what the table and the catalogue say, and every test it names exists. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { dangling, nounLines, nounsPage } from "./nouns.ts";
import { root } from "./paths.ts";

/** A formatter may pad the tables; that says nothing else. */
const words = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");

it("is made anew: node tools/nouns.ts", () => {
  expect(words(readFileSync(join(root, "docs/nouns.md"), "utf8"))).toBe(words(nounsPage()));
});

it("names tests and operations that exist", () => {
  expect(dangling(nounLines)).toEqual([]);
});

it("finds a test that does not exist", () => {
  const [first] = nounLines;
  if (first === undefined) throw new Error("There is no noun.");
  const broken = { ...first, journey: ["e2e/tests/journey.spec.ts", "no such journey"] as [string, string] };
  expect(dangling([broken])).toHaveLength(1);
});
