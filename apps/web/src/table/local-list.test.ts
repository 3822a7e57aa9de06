/** A short list searched, sorted and paged in the browser. */
import { expect, test } from "vitest";
import { type LocalRules, localPage } from "./local-list.ts";

interface Row {
  name: string;
  kind: string;
}
const rows: Row[] = Array.from({ length: 60 }, (_, at) => ({
  name: `key-${at}`,
  kind: at % 3 === 0 ? "Login" : "registry",
}));
const rules: LocalRules<Row> = {
  text: ({ name }) => [name],
  field: { key: "kind", of: ({ kind }) => kind },
  sorts: { name: ({ name }) => name, length: ({ name }) => name.length },
  defaultSort: "name",
};
const names = (page: { rows: Row[] }) => page.rows.map(({ name }) => name);

test("numbers in names are sorted as numbers, both ways, and a page holds fifty", () => {
  expect(names(localPage(rows, {}, rules)).slice(0, 3)).toEqual(["key-0", "key-1", "key-2"]);
  expect(names(localPage(rows, { sort: "-name" }, rules))[0]).toBe("key-59");
  expect(localPage(rows, {}, rules).rows).toHaveLength(50);
  expect(names(localPage(rows, { page: 2 }, rules))).toHaveLength(10);
  expect(localPage(rows, { page: 9 }, rules)).toMatchObject({ page: 2, total: 60 });
});

test("words narrow together; the facet counts what the other words leave", () => {
  const page = localPage(rows, { q: "KEY-1 kind:login" }, rules);
  expect(names(page)).toEqual(["key-12", "key-15", "key-18"]);
  expect(page.facets).toEqual({ kind: { Login: 3, registry: 8 } });
  expect(page).toMatchObject({ total: 3, totalUnfiltered: 60 });
  expect(localPage(rows, { q: "kind:login kind:registry" }, rules).total).toBe(0);
  expect(localPage(rows, { q: "kind:login,registry" }, rules).total).toBe(60);
  expect(localPage(rows, { q: "-kind:login" }, rules).total).toBe(40);
  expect(names(localPage(rows, { q: "key-5 -key-50" }, rules))).not.toContain("key-50");
});

test("its field is compared by = as by :, and by no size", () => {
  expect(localPage(rows, { q: "key-1 kind=login" }, rules)).toMatchObject({ total: 3, queryProblems: [] });
  expect(localPage(rows, { q: "key-1 kind>3" }, rules)).toMatchObject({
    total: 11,
    queryProblems: [
      { at: 6, length: 6, reason: { code: "query-operator-wrong", params: { field: "kind" } } },
    ],
  });
});

test("a field that it does not know is said, and narrows nothing", () => {
  expect(localPage(rows, { q: "key-1 other:login" }, rules)).toMatchObject({
    total: 11,
    queryProblems: [{ at: 6, length: 11, reason: { code: "query-field-unknown" } }],
  });
});
