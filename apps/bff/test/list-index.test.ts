/** The kept orders are always what sorting from scratch would give, whatever changed in between. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { everything, noNames } from "../src/access/scope.ts";
import type { Scope } from "../src/access/scope.ts";
import { type ListEntry, ListIndex } from "../src/inventory/list-index.ts";
import { naturalKey, SortedEntries, unknownValue } from "../src/inventory/sorted-entries.ts";
import { runListQuery } from "../src/inventory/list-query.ts";
import type { ListDefinition } from "../src/inventory/list-query.ts";

interface Entry extends ListEntry {
  size: number;
}

const entryOf = (key: string, size: number, project = "", openTo?: Entry["openTo"]): Entry => ({
  key,
  uid: key,
  project,
  size,
  ...(openTo === undefined ? {} : { openTo }),
});

const change = fc.record({
  key: fc.integer({ min: 0, max: 60 }).map(String),
  size: fc.integer({ min: 0, max: 9 }),
  gone: fc.boolean(),
  read: fc.boolean(),
  /** How often something else changes besides: more than is remembered, now and then. */
  burst: fc.oneof({ weight: 20, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat(500) }),
});

function apply(
  index: ListIndex<Entry>,
  one: { key: string; size: number; gone: boolean; burst: number },
  project = "",
  openTo?: Entry["openTo"],
): void {
  if (one.gone) index.delete(one.key);
  else index.set(entryOf(one.key, one.size, project, openTo));
  for (let turn = 0; turn < one.burst; turn += 1) {
    const key = String(turn % 90);
    if (turn % 7 === 6) index.delete(key);
    else index.set(entryOf(key, turn % 11, project));
  }
}

test("kept orders equal fresh ones", () => {
  const property = fc.property(fc.array(change, { maxLength: 300 }), (changes) => {
    const index = new ListIndex<Entry>({ size: (entry) => entry.size, name: (entry) => entry.key });
    const look = () => {
      for (const column of ["size", "name"] as const) {
        const fresh = [...index.values()].toSorted((a, b) => {
          const left = column === "size" ? a.size - b.size : 0;
          return left === 0 ? (a.key < b.key ? -1 : 1) : left;
        });
        expect(index.ordered(column).entries).toEqual(fresh);
      }
    };
    for (const one of changes) {
      apply(index, one);
      if (one.read) look();
    }
    look();
  });
  fc.assert(property);
});

test("what was made follows a change and is made anew only after many, or where it cannot follow", () => {
  const index = new ListIndex<Entry>({ name: (entry) => entry.key });
  for (let key = 0; key < 1000; key += 1) index.set(entryOf(String(key), 0));
  const told: [Entry | undefined, Entry | undefined][] = [];
  let follows = true;
  let made = 0;
  const ask = () =>
    index.derived("sizes", () => {
      made += 1;
      return {
        size: 0,
        replace: (before: Entry | undefined, after: Entry | undefined) => {
          told.push([before, after]);
          return follows;
        },
      };
    });
  const first = ask();
  expect(ask()).toBe(first);
  index.set(entryOf("1", 1));
  index.set(entryOf("1", 2));
  index.set(entryOf("new", 3));
  index.delete("2");
  index.set(entryOf("passing", 1));
  index.delete("passing");
  expect(ask()).toBe(first);
  // each once, from what it was to what it is; what came and went again is not told
  expect(told.map(([before, after]) => [before?.size, after?.size])).toEqual([
    [0, 2],
    [undefined, 3],
    [0, undefined],
  ]);
  for (let turn = 0; turn < 5000; turn += 1) index.set(entryOf(String(turn % 1000), turn));
  expect(ask()).not.toBe(first);
  expect(made).toBe(2);
  expect(told).toHaveLength(3);
  follows = false;
  index.set(entryOf("1", 1));
  ask();
  expect(made).toBe(3);
});

test("what is kept is bounded by the entries it holds: thousands of small answers stay, two hundred whole ones", () => {
  const index = new ListIndex<Entry>({ name: (entry) => entry.key });
  for (let key = 0; key < 100; key += 1) index.set(entryOf(String(key), 0));
  let made = 0;
  const ask = (questions: number, size: number) => {
    for (let question = 0; question < questions; question += 1)
      index.derived(`${size} ${question}`, () => {
        made += 1;
        return { size, replace: () => true };
      });
    return made;
  };
  expect(ask(1000, 4)).toBe(1000);
  expect(ask(1000, 4)).toBe(1000);
  made = 0;
  expect(ask(200, 100)).toBe(200);
  expect(ask(200, 100)).toBe(200);
  // those of before made room, oldest first
  expect(ask(1000, 4)).toBe(1200);
  made = 0;
  expect(ask(201, 100)).toBe(201);
  expect(ask(201, 100)).toBe(402);
});

test("an order that is not what it should be says so instead of losing entries", () => {
  const kept = SortedEntries.sort<Entry>((entry) => entry.size, [entryOf("a", 1), entryOf("b", 2)]);
  expect(kept.replace(entryOf("a", 2), undefined)).toBe(false);
  expect(kept.entries.map(({ key }) => key)).toEqual(["a", "b"]);
});

test("what has no known size comes last, up and down, on every page, and no size finds it", () => {
  const index = new ListIndex<Entry>({ size: (entry) => (entry.size < 0 ? unknownValue : entry.size) });
  for (const [key, size] of Object.entries({ a: 2, b: -1, c: 0, d: -1, e: 1 })) index.set(entryOf(key, size));
  const definition: ListDefinition<Entry> = {
    defaultSort: "size",
    haystack: () => "",
    facet: () => "",
    fields: {
      size: { kind: "number", get: (entry) => (entry.size < 0 ? Number.NaN : entry.size), parse: Number },
    },
  };
  const keys = (sort: string, q = "") =>
    [1, 2, 3].map((page) =>
      runListQuery(index, definition, everything, { sort, q, page, pageSize: 2 })
        .entries.map(({ key }) => key)
        .join(""),
    );
  expect(keys("size")).toEqual(["ce", "ab", "d"]);
  expect(keys("-size")).toEqual(["ae", "cb", "d"]);
  expect(keys("-size", "size<1")[0]).toBe("c");
  expect(keys("-size", "size>=0")).toEqual(["ae", "c", "c"]);
  index.set(entryOf("b", 5));
  index.set(entryOf("e", -1));
  expect(keys("-size")).toEqual(["ba", "cd", "e"]);
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
  tone: (entry) => (["ok", "error", "attention"] as const)[entry.size % 3] ?? "ok",
  leftOut: { unlessAskedFor: "size", test: (entry) => entry.size === 7 },
  fields: { size: { kind: "number", get: (entry) => entry.size, parse: Number } },
};

test("what followed the changes answers as what is made anew, for each state, query, scope and index", () => {
  const ask = fc.record({
    q: fc.constantFrom("", "1", "size>4", "-size>4"),
    sort: fc.constantFrom("name", "-name", "size", "-size"),
    project: fc.constantFrom(undefined, "a", "b"),
    scope: fc.constantFrom<Scope>(
      everything,
      { all: false, projects: new Set(["a"]), names: noNames },
      { all: false, projects: new Set(["a", "b"]), names: noNames },
    ),
    page: fc.integer({ min: 1, max: 3 }),
  });
  const step = fc.record({
    change,
    project: fc.constantFrom("a", "b", "c"),
    openTo: fc.constantFrom<Entry["openTo"]>(undefined, "all", new Set(["a"]), new Set()),
    /** Which of the questions are asked now, some twice. */
    asks: fc.array(fc.nat(3), { maxLength: 4 }),
  });
  type Ask = typeof ask extends fc.Arbitrary<infer Value> ? Value : never;
  const run = ({ scope, ...query }: Ask, of: ListIndex<Entry>) =>
    runListQuery(of, definition, scope, { ...query, pageSize: 5 });
  const property = fc.property(
    fc.array(ask, { minLength: 4, maxLength: 4 }),
    fc.array(step, { maxLength: 100, size: "max" }),
    (questions, steps) => {
      const sorts = { size: (entry: Entry) => entry.size, name: (entry: Entry) => entry.key };
      const index = new ListIndex<Entry>(sorts);
      for (const { change: one, project, openTo, asks } of steps) {
        apply(index, one, project, openTo);
        if (asks.length === 0) continue;
        const fresh = new ListIndex<Entry>(sorts);
        for (const entry of index.values()) fresh.set(entry);
        for (const which of asks) {
          const question = questions[which] as Ask; // as many as `which` counts
          expect(run(question, index)).toEqual(run(question, fresh));
        }
      }
    },
  );
  expect(() => fc.assert(property, { numRuns: 60 })).not.toThrow();
});

test("who sees little is shown what a look at every entry finds, and nothing else", () => {
  const project = fc.nat(29).map((number) => `p${number}`);
  const scope = fc.record({
    all: fc.constant(false),
    projects: fc.array(project, { maxLength: 2 }).map((projects) => new Set(projects)),
    /** By project, or anywhere: the names that lie so far apart. */
    names: fc
      .array(fc.tuple(fc.oneof(project, fc.constant("")), fc.integer({ min: 1, max: 3 })), { maxLength: 2 })
      .map(
        (pairs) =>
          new Map(
            pairs.map(([where, apart]) => [
              where,
              new Set(Array.from({ length: 100 }, (_, at) => String(at * apart))),
            ]),
          ),
      ),
  });
  const step = fc.record({
    key: fc.nat(300).map(String),
    size: fc.nat(9),
    project: fc.oneof({ weight: 40, arbitrary: project }, { weight: 1, arbitrary: fc.constant("") }),
    openTo: fc.oneof(
      { weight: 40, arbitrary: fc.constant(undefined) },
      { weight: 1, arbitrary: fc.constantFrom<Entry["openTo"]>("all", new Set(["p1"])) },
    ),
    gone: fc.nat(4).map((number) => number === 0),
    asks: fc.nat(20).map((number) => number === 0),
  });
  const property = fc.property(
    scope,
    fc.option(project, { nil: undefined, freq: 1 }),
    fc.array(step, { minLength: 200, maxLength: 400, size: "max" }),
    (seen, within, steps) => {
      const index = new ListIndex<Entry>({ size: (entry) => entry.size });
      const look = () => {
        const query = { sort: "size", page: 1, pageSize: 500 };
        const { entries } = runListQuery(
          index,
          { ...definition, defaultSort: "size" },
          seen,
          within === undefined ? query : { ...query, project: within },
        );
        const shows = ({ project: home, openTo }: Entry) => {
          if (within === undefined) return true;
          if (openTo === undefined) return home === within;
          return seen.projects.has(within) && (openTo === "all" || openTo.has(within));
        };
        const isSeen = ({ key, project: home, openTo }: Entry) =>
          seen.projects.has(home) ||
          seen.names.get("")?.has(key) === true ||
          seen.names.get(home)?.has(key) === true ||
          (openTo === "all" ? seen.projects.size > 0 : openTo?.isDisjointFrom(seen.projects) === false);
        const wanted = [...index.values()]
          .filter((one) => isSeen(one) && shows(one) && one.size !== 7)
          .toSorted((a, b) => a.size - b.size || (a.key < b.key ? -1 : 1));
        expect(entries).toEqual(wanted);
      };
      for (const { gone, asks, ...one } of steps) {
        if (gone) index.delete(one.key);
        else index.set(entryOf(one.key, one.size, one.project, one.openTo));
        if (asks) look();
      }
      look();
    },
  );
  expect(() => fc.assert(property, { numRuns: 200 })).not.toThrow();
});

test("behind the last page is the last page, and the answer says which it is", () => {
  const index = new ListIndex<Entry>({ name: (entry) => entry.key });
  const run = (page: number) => runListQuery(index, definition, everything, { page, pageSize: 2 });
  expect(run(3)).toMatchObject({ entries: [], page: 1, total: 0 });
  for (const key of ["a", "b", "c"]) index.set(entryOf(key, 1, "p"));
  expect(run(2)).toMatchObject({ entries: [{ key: "c" }], page: 2, total: 3 });
  index.delete("c");
  expect(run(2)).toMatchObject({ entries: [{ key: "a" }, { key: "b" }], page: 1, total: 2 });
});
