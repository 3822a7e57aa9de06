/** Deciding a conflict changes one field, and values read as a person writes them. */
import { expect, test } from "vitest";
import { shownValue, withField } from "./ConflictNotice.tsx";

test("one field is put in its place, also within labels, and absent ones go", () => {
  const form = { name: "a", labels: { team: "x", tier: "1" } };
  expect(withField(form, "name", "b")).toEqual({ ...form, name: "b" });
  expect(withField(form, "labels.team", "y")).toEqual({ name: "a", labels: { team: "y", tier: "1" } });
  expect(withField(form, "labels.team", undefined)).toEqual({ name: "a", labels: { tier: "1" } });
  expect(form.labels.team).toBe("x");
});

test("values are said in words", () => {
  expect([true, false, "", [], 4, "text", ["a", "b"], [{ a: 1 }]].map((value) => shownValue(value))).toEqual([
    "on",
    "off",
    "nothing",
    "nothing",
    "4",
    "text",
    "a, b",
    '{"a":1}',
  ]);
});
