/** How a live message changes the page of a list. */
import { expect, test } from "vitest";
import { applyRows, rowKey } from "./list-window.ts";

const row = (uid: string, value = 0) => ({
  ref: { cluster: "c", noun: "virtual-machine" as const, project: "p", name: uid, uid },
  value,
});
const list = {
  rows: [row("a"), row("b"), row("c")],
  total: 3,
  totalUnfiltered: 5,
  staleSince: null,
  page: 1,
};
const message = (part: object) => ({
  type: "rows" as const,
  id: "s1",
  seq: 1,
  upserts: [],
  total: 3,
  totalUnfiltered: 5,
  staleSince: null,
  ...part,
});

test("a changed row is replaced in place; the others stay the same objects", () => {
  const next = applyRows(list, message({ upserts: [row("b", 9)] }));
  expect(next?.rows.map((each) => each.value)).toEqual([0, 9, 0]);
  expect(next?.rows[0]).toBe(list.rows[0]);
  expect(next?.page).toBe(1);
});

test("the page is the one that the rows are of", () => {
  const last = { ...list, page: 2 };
  expect(applyRows(last, message({ order: ["a", "b", "c"], page: 1 }))?.page).toBe(1);
});

test("order decides membership and sequence", () => {
  const next = applyRows(list, message({ upserts: [row("d")], order: ["d", "c", "a"], total: 4 }));
  expect(next?.rows.map(rowKey)).toEqual(["d", "c", "a"]);
  expect(next?.total).toBe(4);
});

test("an order that names a row nobody has asks for a fetch", () => {
  expect(applyRows(list, message({ order: ["a", "x"] }))).toBeNull();
});

test("a row outside of the window is not added without an order", () => {
  expect(applyRows(list, message({ upserts: [row("z")] }))?.rows.map(rowKey)).toEqual(["a", "b", "c"]);
});
