import { describe, expect, test } from "vitest";
import { item } from "./schema-node.ts";
import { placeAt } from "./yaml-place.ts";

/** `|` marks the place. */
const at = (marked: string) => placeAt(marked.replace("|", ""), marked.indexOf("|"));

describe("the place in a half written text", () => {
  test.each([
    ["|", [], "", "key"],
    ["spec:\n  ru|", ["spec"], "ru", "key"],
    ["spec:\n  template:\n    spec:\n      |", ["spec", "template", "spec"], "", "key"],
    ["spec:\n  a:\n    b: 1\n  |", ["spec"], "", "key"],
    ["spec:\n  list:\n    - name: a\n      b|", ["spec", "list", item], "b", "key"],
    ["spec:\n  list:\n  - name: a\n    b|", ["spec", "list", item], "b", "key"],
    ["spec:\n  list:\n  - name: a\n  - |", ["spec", "list", item], "", "key"],
    ["spec:\n  list:\n  - name: a\n    of:\n      x: 1\n  - b|", ["spec", "list", item], "b", "key"],
    ["spec:\n  list:\n  - - |", ["spec", "list", item, item], "", "key"],
    ["spec:\n  list:\n  - disk:\n      |", ["spec", "list", item, "disk"], "", "key"],
    ["# a comment\nspec:\n\n  # b\n  |", ["spec"], "", "key"],
    ["kind: A\n---\nspec:\n  |", ["spec"], "", "key"],
    ["spec:\n  run: |", ["spec"], "run", "value"],
    ["spec:\n  run: Al|", ["spec"], "run", "value"],
    ['spec:\n  "run": Al|', ["spec"], "run", "value"],
    ["list:\n- mode: |", ["list", item], "mode", "value"],
  ])("%j", (marked, path, key, part) => {
    expect(at(marked)).toMatchObject({ path, key, part });
  });

  test.each(["a: 1 # comm|", "a: some words|", "- 'quo|", "a: 1\n  |"])("%j is none", (marked) => {
    expect(at(marked)).toBeNull();
  });

  test("keys beside it are known, those of other items are not", () => {
    const list = "list:\n- name: a\n  b: 1\n- name: c\n  |\n  d:\n    e: 1\n- f: 1";
    expect([...(at(list)?.siblings ?? [])].toSorted()).toEqual(["d", "name"]);
  });
});
