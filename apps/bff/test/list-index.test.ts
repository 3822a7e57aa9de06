/** The kept orders are always what sorting from scratch would give, whatever changed in between. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { ListIndex, naturalKey } from "../src/inventory/list-index.ts";

interface Entry {
  key: string;
  uid: string;
  project: string;
  size: number;
}

const change = fc.record({
  key: fc.integer({ min: 0, max: 60 }).map(String),
  size: fc.integer({ min: 0, max: 9 }),
  gone: fc.boolean(),
  read: fc.boolean(),
});

test("kept orders equal fresh ones", () => {
  const property = fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
    const index = new ListIndex<Entry>({ size: (entry) => entry.size, name: (entry) => entry.key });
    const truth = new Map<string, Entry>();
    const look = () => {
      for (const column of ["size", "name"] as const) {
        const fresh = [...truth.values()].toSorted((a, b) => {
          const left = column === "size" ? a.size - b.size : 0;
          return left === 0 ? (a.key < b.key ? -1 : 1) : left;
        });
        expect(index.ordered(column).map((slot) => slot.entry)).toEqual(fresh);
      }
    };
    for (const { key, size, gone, read } of changes) {
      if (gone) {
        truth.delete(key);
        index.delete(key);
      } else {
        const entry = { key, uid: key, project: "", size };
        truth.set(key, entry);
        index.set(entry);
      }
      if (read) look();
    }
    look();
  });
  expect(() => fc.assert(property)).not.toThrow();
});

test("numbers in names compare by value", () => {
  expect(["web-10", "web-2", "Web-1"].toSorted((a, b) => (naturalKey(a) < naturalKey(b) ? -1 : 1))).toEqual([
    "Web-1",
    "web-2",
    "web-10",
  ]);
});
