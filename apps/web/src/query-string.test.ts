/** Searches in the URL survive the way there and back. */
import { expect, test } from "vitest";
import { parseSearch, readListSearch, stringifySearch } from "./query-string.ts";

test("a search stays readable and comes back as it was", () => {
  const search = { q: 'status:running cpu>4 -label:env=dev "two words"', sort: "-cpu", page: 2 };
  const text = stringifySearch(search);
  expect(text).toBe("?q=status:running+cpu%3E4+-label:env%3Ddev+%22two+words%22&sort=-cpu&page=2");
  expect(parseSearch(text)).toEqual({ ...search, page: "2" });
});

test("a plus sign and a percent sign survive", () => {
  expect(parseSearch(stringifySearch({ q: "a+b 100%" }))).toEqual({ q: "a+b 100%" });
});

test("empty parts are left out", () => {
  expect(stringifySearch({ q: "", sort: undefined, page: null })).toBe("");
  expect(parseSearch("?q=&sort=name")).toEqual({ sort: "name" });
});

test("what makes no sense in a list's URL is dropped", () => {
  expect(readListSearch({ page: "-3", pageSize: "7", sort: "__proto__" })).toEqual({});
  expect(readListSearch({ page: "1", pageSize: "50" })).toEqual({});
  expect(readListSearch({ page: "4", pageSize: "200", sort: "-created", q: "x" })).toEqual({
    page: 4,
    pageSize: 200,
    sort: "-created",
    q: "x",
  });
});
