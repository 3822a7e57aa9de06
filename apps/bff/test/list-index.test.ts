/** The kept orders are always what sorting from scratch would give, whatever changed in between. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { everything } from "../src/access/rights.ts";
import type { Scope } from "../src/access/rights.ts";
import { ListIndex, naturalKey } from "../src/inventory/list-index.ts";
import { runListQuery } from "../src/inventory/list-query.ts";
import type { ListDefinition } from "../src/inventory/list-query.ts";

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

const definition: ListDefinition<Entry> = {
  defaultSort: "name",
  haystack: (entry) => entry.key,
  facet: (entry) => (entry.size > 4 ? "large" : "small"),
  fields: { size: { kind: "number", get: (entry) => entry.size, parse: Number } },
};

test("a remembered answer is never that of another state, query, scope or index", () => {
  const ask = fc.record({
    q: fc.constantFrom("", "1", "size>4", "-size>4"),
    sort: fc.constantFrom("name", "-name", "size", "-size"),
    project: fc.constantFrom(undefined, "a", "b"),
    scope: fc.constantFrom<Scope>(
      everything,
      { all: false, projects: new Set(["a"]) },
      { all: false, projects: new Set(["a", "b"]) },
    ),
    page: fc.integer({ min: 1, max: 3 }),
    twice: fc.boolean(),
  });
  const step = fc.record({
    change,
    project: fc.constantFrom("a", "b", "c"),
    asks: fc.array(ask, { maxLength: 3 }),
  });
  const property = fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
    const sorts = { size: (entry: Entry) => entry.size, name: (entry: Entry) => entry.key };
    const index = new ListIndex<Entry>(sorts);
    for (const { change: one, project, asks } of steps) {
      if (one.gone) index.delete(one.key);
      else index.set({ key: one.key, uid: one.key, project, size: one.size });
      for (const { scope, twice, ...query } of asks) {
        const fresh = new ListIndex<Entry>(sorts);
        for (const entry of index.values()) fresh.set(entry);
        const run = (of: ListIndex<Entry>) => runListQuery(of, definition, scope, { ...query, pageSize: 5 });
        if (twice) run(index);
        expect(run(index)).toEqual(run(fresh));
      }
    }
  });
  fc.assert(property, { numRuns: 100 });
});

test("behind the last page is the last page, and the answer says which it is", () => {
  const index = new ListIndex<Entry>({ name: (entry) => entry.key });
  const run = (page: number) => runListQuery(index, definition, everything, { page, pageSize: 2 });
  expect(run(3)).toMatchObject({ entries: [], page: 1, total: 0 });
  for (const key of ["a", "b", "c"]) index.set({ key, uid: key, project: "p", size: 1 });
  expect(run(2)).toMatchObject({ entries: [{ key: "c" }], page: 2, total: 3 });
  index.delete("c");
  expect(run(2)).toMatchObject({ entries: [{ key: "a" }, { key: "b" }], page: 1, total: 2 });
});
