/** A live window computes nothing for changes that cannot show in it, and misses none that do, whenever they come. */
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { Rights } from "../src/access/rights.ts";
import { ReviewQueue } from "../src/access/review-queue.ts";
import { everything } from "../src/access/scope.ts";
import { type ListEntry, ListIndex } from "../src/inventory/list-index.ts";
import type { Noun } from "../src/inventory/noun.ts";
import { systemClock } from "../src/kube/clock.ts";
import { SharedView } from "../src/live/shared-view.ts";

interface Entry extends ListEntry {
  size: number;
  state: string;
  feels: "ok" | "error" | "attention";
  words: string;
  isLeftOut: boolean;
}

interface Row {
  name: string;
  words: string;
}

const entry = fc.record({
  key: fc.integer({ min: 0, max: 14 }).map((number) => `p${number % 3}/${String(number).padStart(2, "0")}`),
  uid: fc.integer({ min: 0, max: 1 }),
  size: fc.integer({ min: 0, max: 3 }),
  state: fc.constantFrom("up", "down"),
  feels: fc.constantFrom("ok", "error", "attention"),
  words: fc.constantFrom("a", "b", "c"),
  isLeftOut: fc.boolean(),
  fate: fc.constantFrom("gone", "another", "other words", "other words", "feels otherwise"),
});

const query = fc.record({
  sort: fc.constantFrom("name", "-size", "size"),
  page: fc.integer({ min: 1, max: 3 }),
  pageSize: fc.constantFrom(2, 5),
  q: fc.constantFrom("", "a"),
  project: fc.constantFrom(undefined, "p1"),
});

/** Machines without a cluster: rows of entries, shared, as the noun of machines makes them. */
function nounOf(index: ListIndex<Entry>, beforeRows: () => Promise<void>): Noun<Entry, Row> {
  const rows = new WeakMap<Entry, Row>();
  return {
    name: "vms",
    index,
    definition: {
      defaultSort: "name",
      fields: {},
      haystack: ({ words }) => words,
      facet: ({ state }) => state,
      tone: ({ feels }) => feels,
      leftOut: { unlessAskedFor: "left", test: ({ isLeftOut }) => isLeftOut },
    },
    feeds: [],
    flush: () => {},
    scope: async () => Promise.resolve(everything),
    sharesRows: true,
    rowMaker: async () => {
      await beforeRows();
      return (one) => {
        const row = rows.get(one) ?? { name: one.key, words: one.words };
        rows.set(one, row);
        return row;
      };
    },
  };
}

const nobody = () =>
  new Rights(
    { userName: "nobody", displayName: "nobody", groups: [] },
    {
      clock: systemClock,
      candidates: () => [],
      knownProjects: () => [],
      namedGrants: () => [],
      rbacVersion: () => 0,
      queue: new ReviewQueue(systemClock),
      onReview: () => {},
    },
  );

/** What a tab would show: members of an object have no order. */
function parsed(view: SharedView<Entry, Row>) {
  const { tail, ...rows } = view.whole();
  return { ...rows, rest: JSON.parse(`{${tail}}`) as unknown };
}

type Change = typeof entry extends fc.Arbitrary<infer Value> ? Value : never;

function put(index: ListIndex<Entry>, { uid, fate, ...one }: Change): void {
  const before = index.get(one.key);
  if (fate === "gone") index.delete(one.key);
  else if (fate === "other words" && before !== undefined) index.set({ ...before, words: one.words });
  else if (fate === "feels otherwise" && before !== undefined) index.set({ ...before, feels: one.feels });
  else index.set({ ...one, uid: `${one.key} ${uid}`, project: one.key.slice(0, 2) });
}

test("what concerns no window changes nothing that it shows, be it while the window is computed", async () => {
  const told = { concerned: 0, spared: 0 };
  const property = fc.asyncProperty(
    query,
    fc.array(fc.record({ change: entry, following: fc.option(entry) }), {
      minLength: 10,
      maxLength: 40,
      size: "max",
    }),
    async (asked, changes) => {
      const index = new ListIndex<Entry>({ size: ({ size }) => size, name: ({ key }) => key });
      let meanwhile: (() => void) | null = null;
      const noun = nounOf(index, async () => {
        await Promise.resolve();
        meanwhile?.();
        meanwhile = null;
      });
      const view = new SharedView(noun, nobody(), asked);
      let isConcerned = true;
      index.onChange((before, after) => {
        const concerns = view.concerns(before, after);
        told[concerns ? "concerned" : "spared"] += 1;
        isConcerned ||= concerns;
      });
      const shown = async () => {
        const fresh = new SharedView(noun, nobody(), asked);
        await fresh.refresh();
        return parsed(fresh);
      };
      await view.refresh();
      isConcerned = false;
      for (const { change, following } of changes) {
        put(index, change);
        meanwhile = following === null || !isConcerned ? null : () => put(index, following);
        while (isConcerned) {
          isConcerned = false;
          await view.refresh();
        }
        expect(parsed(view)).toEqual(await shown());
      }
    },
  );
  await fc.assert(property, { numRuns: 500, seed: 20261123 });
  // else nothing was tried
  expect(told.concerned).toBeGreaterThan(500);
  expect(told.spared).toBeGreaterThan(500);
});
