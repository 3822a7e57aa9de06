/** What a choice asks of a list is understood by the server's own query language as it was typed. */
import { assert as check, property, string } from "fast-check";
import { expect, test } from "vitest";
import { parseQuery } from "../src/domain/query-language.ts";
import { choiceQuery, idOf, nameQuery, ofId, typedWords } from "../../web/src/components/list-choice.ts";

test("typed words are words, whatever they look like", () => {
  expect(typedWords('  status:ready -x cpu>4 "a b" ')).toBe('"status:ready" "-x" "cpu>4" "a" "b"');
  check(
    property(string({ maxLength: 200, unit: "grapheme" }), (typed) => {
      const { terms, problems } = parseQuery(typedWords(typed));
      expect(problems).toEqual([]);
      const words = typed
        .slice(0, 200)
        .replaceAll('"', " ")
        .split(/\s+/)
        .filter((word) => word !== "");
      expect(terms.map(({ field, negated, value }) => ({ field, negated, value }))).toEqual(
        words.map((value) => ({ field: "", negated: false, value })),
      );
    }),
  );
});

test("what may be offered goes before what is typed", () => {
  expect(choiceQuery("status:ready", "web 1")).toBe('status:ready "web" "1"');
  expect(choiceQuery("", "")).toBe("");
});

test("a name is asked for as a whole", () => {
  expect(parseQuery(nameQuery("web-1")).terms).toMatchObject([
    { field: "name", operator: "=", value: "web-1" },
  ]);
});

test("an id says project and name; one without a project has none", () => {
  expect(ofId(idOf({ project: "web-shop", name: "web-1" }))).toEqual({ project: "web-shop", name: "web-1" });
  expect(ofId("web-1")).toEqual({ project: "", name: "web-1" });
});
