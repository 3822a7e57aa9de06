/** What two people change in one form, brought together. */
import { assert, constantFrom, dictionary, property } from "fast-check";
import { expect, test } from "vitest";
import { mergeFields } from "../src/domain/field-merge.ts";

test("what only one of two touched is his", () => {
  const was = { a: 1, list: ["x"], gone: true, both: "old" };
  const theirs = { a: 1, list: ["x", "y"], gone: true, both: "same" };
  const yours = { a: 2, list: ["x"], both: "same", fresh: { b: 1 } };
  expect(mergeFields(was, theirs, yours)).toEqual({
    merged: { a: 2, list: ["x", "y"], both: "same", fresh: { b: 1 } },
    conflicts: [],
  });
});

test("a field that both changed differently is told with both values, a whole list as one", () => {
  expect(mergeFields({ list: ["x"] }, { list: ["x", "y"] }, { list: ["x", "z"] }).conflicts).toEqual([
    { path: "list", theirs: ["x", "y"], yours: ["x", "z"] },
  ]);
  expect(mergeFields({ a: 1 }, {}, { a: 2 }).conflicts).toEqual([{ path: "a", theirs: undefined, yours: 2 }]);
});

test("labels are merged one by one", () => {
  const { merged, conflicts } = mergeFields(
    { labels: { team: "a", tier: "1", old: "" } },
    { labels: { team: "b", tier: "1", old: "", theirs: "" } },
    { labels: { team: "c", tier: "2", yours: "" } },
    ["labels"],
  );
  expect(merged["labels"]).toEqual({ team: "c", tier: "2", theirs: "", yours: "" });
  expect(conflicts).toEqual([{ path: "labels.team", theirs: "b", yours: "c" }]);
});

test("the order of keys is no change", () => {
  expect(mergeFields({ a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, { a: { x: 3, y: 2 } })).toEqual({
    merged: { a: { x: 3, y: 2 } },
    conflicts: [],
  });
});

test("nothing changed by one side is the other side, and what one chose after a conflict is no conflict", () => {
  const fields = dictionary(constantFrom("a", "b", "c"), constantFrom<unknown>(1, "x", ["x"], { y: 1 }));
  assert(
    property(fields, fields, fields, (was, theirs, yours) => {
      expect(mergeFields(was, theirs, was)).toEqual({ merged: theirs, conflicts: [] });
      expect(mergeFields(was, was, yours)).toEqual({ merged: yours, conflicts: [] });
      const { conflicts } = mergeFields(was, theirs, yours);
      const decided = { ...was, ...Object.fromEntries(conflicts.map((each) => [each.path, each.theirs])) };
      expect(mergeFields(decided, theirs, yours).conflicts).toEqual([]);
    }),
  );
});
