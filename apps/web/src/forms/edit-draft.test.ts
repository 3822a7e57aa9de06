/** A draft over something that exists: what is typed, what was seen of others' changes, and when nothing is left of it. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { draftDecided, draftWith, isDraftOf, isSame, withField } from "./edit-draft.ts";

interface Words {
  name: string;
  labels: Record<string, string>;
}
const stored: Words = { name: "a", labels: { team: "x", tier: "1" } };
const theirs = { path: "name", theirs: "theirs" };

test("typing begins a draft over what is stored, and goes on in it", () => {
  const first = draftWith(null, stored, { name: "b" });
  expect(first).toEqual({ was: stored, now: { ...stored, name: "b" } });
  expect(draftWith(first, stored, { labels: {} })).toEqual({ was: stored, now: { name: "b", labels: {} } });
});

test("typing back to the original leaves no draft, whatever was typed first", () => {
  const typed = draftWith(null, stored, { name: "b", labels: {} });
  expect(draftWith(typed, stored, { name: "a", labels: { tier: "1", team: "x" } })).toBeNull();
});

test("a refetch moves no draft: what was typed over stays what it was", () => {
  const typed = draftWith(null, stored, { name: "b" });
  const later = { ...stored, name: "c" };
  expect(draftWith(typed, later, { labels: {} })?.was).toEqual(stored);
});

test("a conflict answered with mine keeps what was typed, and theirs counts as seen", () => {
  const typed = draftWith(null, stored, { name: "b" });
  expect(draftDecided(typed, stored, theirs, false)).toEqual({
    was: { ...stored, name: "theirs" },
    now: { ...stored, name: "b" },
  });
});

test("a conflict answered with theirs shows it, and is not lost though nothing of mine is left", () => {
  const typed = draftWith(null, stored, { name: "b" });
  const taken = { ...stored, name: "theirs" };
  const decided = draftDecided(typed, stored, theirs, true);
  expect(decided).toEqual({ was: taken, now: taken });
  // the stored words of the page are older than what was seen: typing and taking it back must not bring them back
  const again = draftWith(draftWith(decided, stored, { labels: {} }), stored, { labels: stored.labels });
  expect(again).toEqual({ was: taken, now: taken });
  // once the page has read them itself, nothing is left to keep
  expect(draftWith(again, taken, {})).toBeNull();
});

test("one label is decided alone; one that others removed goes", () => {
  const typed = draftWith(null, stored, { labels: { team: "mine", tier: "2" } });
  const decided = draftDecided(typed, stored, { path: "labels.team", theirs: undefined }, true);
  expect(decided).toEqual({
    was: { name: "a", labels: { tier: "1" } },
    now: { name: "a", labels: { tier: "2" } },
  });
});

test("one field is put in its place, also within labels, and absent ones go", () => {
  const form = { name: "a", labels: { team: "x", tier: "1" } };
  expect(withField(form, "name", "b")).toEqual({ ...form, name: "b" });
  expect(withField(form, "labels.team", "y")).toEqual({ name: "a", labels: { team: "y", tier: "1" } });
  expect(withField(form, "labels.team", undefined)).toEqual({ name: "a", labels: { tier: "1" } });
  expect(form.labels.team).toBe("x");
});

test("fields are the same whatever their order; lists are not", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
      expect(isSame(fields, Object.fromEntries(Object.entries(fields).toReversed()))).toBe(true);
    }),
  );
  expect(isSame(["a", "b"], ["b", "a"])).toBe(false);
  expect(isSame({ a: "" }, { a: null })).toBe(false);
});

test("a label's name may hold dots", () => {
  const labelled = { name: "a", labels: { "app.kubernetes.io/name": "shop", team: "x" } };
  const path = "labels.app.kubernetes.io/name";
  expect(withField(labelled, path, "web").labels).toEqual({ "app.kubernetes.io/name": "web", team: "x" });
  expect(withField(labelled, path, undefined).labels).toEqual({ team: "x" });
});

test("what another version of the form kept is none of its drafts", () => {
  const draft = { was: stored, now: { ...stored, name: "b" } };
  expect(isDraftOf(stored, draft)).toBe(true);
  for (const other of [null, "text", { was: stored, values: stored }, { was: { name: "b" }, now: stored }])
    expect(isDraftOf(stored, other)).toBe(false);
});
