/** Labels as lines: half a line is no label yet, and does not make the form forget what is typed. */
import { expect, test } from "vitest";
import { labelLines, labelsOf, saySame } from "./LabelLines.tsx";

const stored = { team: "web", "kubernetes.io/metadata.name": "a" };

test("labels that are not a person's are neither shown nor lost", () => {
  expect(labelLines(stored)).toEqual([{ key: "team", value: "web" }]);
  expect(labelsOf(labelLines(stored), stored)).toEqual(stored);
});

test("an empty line, half a line and the same key twice say what the form holds", () => {
  for (const lines of [
    [...labelLines(stored), { key: "", value: "" }],
    [...labelLines(stored), { key: "", value: "typed first" }],
    [{ key: "team", value: "old" }, ...labelLines(stored)],
  ])
    expect(saySame(lines, labelsOf(lines, stored))).toBe(true);
});

test("labels that came from elsewhere are not what was typed", () => {
  expect(saySame(labelLines(stored), { ...stored, team: "db" })).toBe(false);
  expect(saySame([...labelLines(stored), { key: "tier", value: "1" }], stored)).toBe(false);
  expect(saySame([], stored)).toBe(false);
});
