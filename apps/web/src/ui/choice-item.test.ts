/** What a choice among many offers, and what it says of it. */
import { array, assert as check, nat, property, record, string } from "fast-check";
import { expect, test } from "vitest";
import { type ComboboxItem, type ItemSearch, itemsWith, offeredOf } from "./choice-item.ts";
import { choiceWords } from "./choice-words.ts";

const item = (label: string, detail?: string): ComboboxItem => ({ value: label, label, detail });
const search = (part: Partial<ItemSearch>): ItemSearch => ({
  onSearch: () => undefined,
  more: 0,
  isLooking: false,
  failed: undefined,
  onRead: () => undefined,
  chosen: undefined,
  ...part,
});

test("every typed word must occur, in name or detail, whatever case and accents", () => {
  const items = [item("web-1", "10 GiB · fast"), item("web-2", "20 GiB"), item("Büro", "fast")];
  const found = (typed: string) => itemsWith(items, typed).map(({ label }) => label);
  expect(found("")).toEqual(["web-1", "web-2", "Büro"]);
  expect(found(" WEB  fast")).toEqual(["web-1"]);
  expect(found("buro")).toEqual(["Büro"]);
  expect(found("none")).toEqual([]);
});

test("of all there are, a hundred are offered and the others counted", () => {
  const many = Array.from({ length: 250 }, (_, index) => item(`disk-${index}`));
  expect(offeredOf(many, "", undefined)).toEqual({ offered: many.slice(0, 100), more: 150 });
  expect(offeredOf(many, "disk-249", undefined)).toEqual({ offered: [many[249]], more: 0 });
});

test("what the server found is offered as it is: it searches more than a name", () => {
  const items = [item("web-1")];
  expect(offeredOf(items, "debian", search({ more: 7 }))).toEqual({ offered: items, more: 7 });
});

test("while an answer is awaited, nothing is offered that does not hold what is typed", () => {
  check(
    property(array(record({ label: string(), value: string() })), string(), (items, typed) => {
      const { offered, more } = offeredOf(items, typed, search({ isLooking: true, more: 9 }));
      expect(offered).toEqual(itemsWith(items, typed));
      expect(more).toBe(0);
    }),
  );
});

test("a failure goes before everything, and the count says how many are not shown", () => {
  const state = { shown: 50, more: 1184, isLooking: false, failed: undefined, emptyText: "None." };
  expect(choiceWords(state)).toEqual({
    text: "50 of 1,234 are shown. Type to find the others.",
    tone: "plain",
    isSeen: true,
  });
  expect(choiceWords({ ...state, failed: "The disks could not be loaded." })).toMatchObject({
    text: "The disks could not be loaded.",
    tone: "error",
    isSeen: true,
  });
  expect(choiceWords({ ...state, shown: 0, more: 0 }).text).toBe("None.");
  expect(choiceWords({ ...state, shown: 0, more: 0, isLooking: true }).text).toBe("Searching");
  expect(choiceWords({ ...state, more: 0 })).toMatchObject({ text: "50 match.", isSeen: false });
  expect(choiceWords({ ...state, shown: 1, more: 0 }).text).toBe("1 matches.");
});

test("something is always said once the answer is there, be it only to who does not see the list", () => {
  check(
    property(nat(), nat(), (shown, more) => {
      const said = choiceWords({ shown, more, isLooking: false, failed: undefined, emptyText: "None." });
      expect(said.text).not.toBe("");
      expect(said.isSeen).toBe(shown === 0 || more > 0);
    }),
  );
});
