/** Both values of a conflict read as a person writes them, under the name of their field. */
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { ConflictNotice, shownValue } from "./ConflictNotice.tsx";

test("values are said in words", () => {
  expect([true, false, "", [], 4, "text", ["a", "b"], [{ a: 1 }]].map((value) => shownValue(value))).toEqual([
    "on",
    "off",
    "nothing",
    "nothing",
    "4",
    "text",
    "a, b",
    '{"a":1}',
  ]);
});

test("each conflict can be answered either way; a label is named by its key", () => {
  const html = renderToStaticMarkup(
    createElement(ConflictNotice, {
      conflicts: [
        { path: "hostname", yours: "mine", theirs: "other" },
        { path: "labels.team", yours: "x", theirs: undefined },
      ],
      labelOf: (path: string) => (path === "hostname" ? "Host name" : path),
      onDecide: () => undefined,
    }),
  );
  for (const name of [
    "Keep mine: Host name",
    "Take what is stored: Host name",
    "Keep mine: Label team",
    "Take what is stored: Label team",
  ])
    expect(html).toContain(`aria-label="${name}"`);
});

test("without a conflict nothing is said", () => {
  const none = { conflicts: [], labelOf: String, onDecide: () => undefined };
  expect(renderToStaticMarkup(createElement(ConflictNotice, none))).toBe("");
});
