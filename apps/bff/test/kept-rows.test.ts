/** Rows are shared while they are shown, and do not stay behind once others are. */
import { expect, test } from "vitest";
import { KeptRows } from "../src/inventory/kept-rows.ts";

test("a row is made once for each variant, and anew after four thousand others", () => {
  const kept = new KeptRows<{ key: number }, string>();
  const entries = Array.from({ length: 4001 }, (_, key) => ({ key }));
  const [first = { key: -1 }, second = { key: -1 }] = entries;
  let made = 0;
  const ask = (entry: { key: number }, variant: string) =>
    kept.rowOf(entry, variant, () => {
      made += 1;
      return `${entry.key} ${variant}`;
    });
  expect([ask(first, "a"), ask(first, "b"), ask(first, "a"), ask(first, "b")]).toEqual([
    "0 a",
    "0 b",
    "0 a",
    "0 b",
  ]);
  expect(made).toBe(2);
  for (const entry of entries.slice(0, 4000)) ask(entry, "a");
  expect(made).toBe(4001);
  for (const entry of entries.slice(0, 4000)) ask(entry, "a");
  expect(made).toBe(4001);
  ask(entries[4000] ?? first, "a");
  made = 0;
  ask(second, "a");
  expect(made).toBe(0);
  ask(first, "a");
  expect(made).toBe(1);
});
