/** Two edits of one text come together, and nothing is lost. */
import { expect, test } from "vitest";
import { mergeText } from "./merge-text.ts";

const base = "a\nb\nc\nd\ne";

test("changes in different places are both kept", () => {
  expect(mergeText(base, "A\nb\nc\nd\ne", "a\nb\nc\nd\nE")).toEqual({ text: "A\nb\nc\nd\nE", conflicts: 0 });
});

test("lines added and removed by either side", () => {
  expect(mergeText(base, "a\nnew\nb\nc\nd\ne", "a\nb\nc\ne")).toEqual({
    text: "a\nnew\nb\nc\ne",
    conflicts: 0,
  });
  expect(mergeText(base, base, "x\ny")).toEqual({ text: "x\ny", conflicts: 0 });
  expect(mergeText(base, "mine", base)).toEqual({ text: "mine", conflicts: 0 });
});

test("the same change on both sides is no conflict", () => {
  expect(mergeText(base, "a\nX\nc\nd\ne", "a\nX\nc\nd\ne")).toEqual({ text: "a\nX\nc\nd\ne", conflicts: 0 });
});

test("different changes of one line are marked, nothing is lost", () => {
  const { text, conflicts } = mergeText(base, "a\nmine\nc\nd\ne", "a\ntheirs\nc\nd\ne");
  expect(conflicts).toBe(1);
  expect(text).toBe("a\n# <<<<<<< yours\nmine\n# ======= theirs\ntheirs\n# >>>>>>>\nc\nd\ne");
});

test("a removal that meets a change is a conflict", () => {
  const { text, conflicts } = mergeText(base, "a\nd\ne", "a\nb\nC\nd\ne");
  expect(conflicts).toBe(1);
  expect(text).toContain("C");
});
