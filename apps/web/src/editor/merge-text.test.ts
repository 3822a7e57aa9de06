/** Two edits of one text come together, and nothing is lost. */
import { array, assert as check, constantFrom, oneof, property } from "fast-check";
import { describe, expect, test } from "vitest";
import { conflictMarkerLines, mergeText } from "./merge-text.ts";

const base = "a\nb\nc\nd\ne";

test("changes in different places are both kept", () => {
  expect(mergeText(base, "A\nb\nc\nd\ne", "a\nb\nc\nd\nE")).toEqual({ text: "A\nb\nc\nd\nE", conflicts: 0 });
});

test("lines added and removed by either side", () => {
  expect(mergeText(base, "a\nnew\nb\nc\nd\ne", "a\nb\nc\ne")).toEqual({
    text: "a\nnew\nb\nc\ne",
    conflicts: 0,
  });
  expect(mergeText(base, base, "x\ny")).toEqual({ text: "x\ny", conflicts: 0 });
  expect(mergeText(base, "mine", base)).toEqual({ text: "mine", conflicts: 0 });
});

test("the same change on both sides is no conflict", () => {
  expect(mergeText(base, "a\nX\nc\nd\ne", "a\nX\nc\nd\ne")).toEqual({ text: "a\nX\nc\nd\ne", conflicts: 0 });
});

test("different changes of one line are marked, nothing is lost", () => {
  const { text, conflicts } = mergeText(base, "a\nmine\nc\nd\ne", "a\ntheirs\nc\nd\ne");
  expect(conflicts).toBe(1);
  expect(text).toBe("a\n# <<<<<<< yours\nmine\n# ======= theirs\ntheirs\n# >>>>>>>\nc\nd\ne");
});

test("a removal that meets a change is a conflict", () => {
  const { text, conflicts } = mergeText(base, "a\nd\ne", "a\nb\nC\nd\ne");
  expect(conflicts).toBe(1);
  expect(text).toContain("C");
});

test("one long change over several short ones of the other side is one place, and nothing comes back", () => {
  const { text, conflicts } = mergeText("a\nb\nc\nd\ne\nf\ng", "a\nX\ng", "a\nb2\nc\nd\ne2\nf\ng");
  expect(conflicts).toBe(1);
  expect(text).toBe("a\n# <<<<<<< yours\nX\n# ======= theirs\nb2\nc\nd\ne2\nf\n# >>>>>>>\ng");
});

test("a removal and an emptied line are not the same change", () => {
  expect(mergeText("a\nb\nc", "a\nc", "a\n\nc").conflicts).toBe(1);
});

test("every marker of an undecided place is found, until the last one is gone", () => {
  const { text } = mergeText("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc");
  expect(conflictMarkerLines(text)).toEqual([2, 4, 6]);
  expect(conflictMarkerLines("a\n# ======= theirs\nmine")).toEqual([2]);
  expect(conflictMarkerLines("a\n    # <<<<<<< yours\nmine\n# >>>>>>>\r")).toEqual([2, 4]);
  expect(conflictMarkerLines("a\nmine\nc")).toEqual([]);
});

test("a dividing line of a script within the YAML is no marker", () => {
  expect(conflictMarkerLines("run: |\n  # =======\n  # ==========\n  cat <<<<<<< x\n# ========\n")).toEqual(
    [],
  );
});

test("lines of long texts that stand there more than once, moved and rewritten come together", () => {
  const long = Array.from({ length: 6000 }, (_, at) => (at % 3 === 0 ? "- same" : `  key${at}: 1`));
  const mine = ["mine", ...long.slice(1, 2000), ...long.slice(2100), "mine too"];
  const theirs = [
    "theirs",
    ...long.slice(1, 4000),
    "between",
    ...long.slice(4000, 5900),
    ...long.slice(5950),
  ];
  const alone = long.slice(0, 1).concat(theirs.slice(1));
  const merged = mergeText(long.join("\n"), mine.join("\n"), alone.join("\n"));
  expect(merged.conflicts).toBe(0);
  const lines = merged.text.split("\n");
  expect(lines.slice(0, 2000)).toEqual(mine.slice(0, 2000));
  expect(lines).toHaveLength(long.length - 100 - 50 + 1 + 1);
  expect(lines.indexOf("between")).toBe(3900);
  expect(lines.at(-1)).toBe("mine too");
  const both = mergeText(long.join("\n"), mine.join("\n"), theirs.join("\n"));
  expect(both.conflicts).toBe(1);
  expect(both.text).toContain("# <<<<<<< yours\nmine\n# ======= theirs\ntheirs\n# >>>>>>>\n");
  // nothing stayed: one place, in which both stand
  const other = (side: string) => Array.from({ length: 3000 }, (_, at) => `${side}${at}`).join("\n");
  expect(mergeText(long.join("\n"), other("a"), other("b")).conflicts).toBe(1);
});

describe("any two edits", () => {
  const anyText = array(constantFrom("a", "b", "c", ""), { maxLength: 12 }).map((lines) => lines.join("\n"));

  test("with one side unchanged, the other side is the result", () => {
    check(
      property(anyText, anyText, (before, after) => {
        expect(mergeText(before, after, before)).toEqual({ text: after, conflicts: 0 });
        expect(mergeText(before, before, after)).toEqual({ text: after, conflicts: 0 });
        expect(mergeText(before, after, after)).toEqual({ text: after, conflicts: 0 });
      }),
      { numRuns: 1000 },
    );
  });

  /** What one side does at each line of the base; every line is different, so that it can be told whose it is. */
  const edits = array(
    oneof({ weight: 4, arbitrary: constantFrom("keep") }, constantFrom("drop", "change", "insert")),
    { minLength: 10, maxLength: 10 },
  );
  const original = Array.from({ length: 10 }, (_, index) => `base ${index}`);
  const edited = (side: string, doings: readonly string[]) =>
    original.flatMap((line, index) => {
      const own = `${side} ${index}`;
      const doing = doings[index];
      return doing === "drop" ? [] : doing === "change" ? [own] : doing === "insert" ? [own, line] : [line];
    });
  const inOrder = (part: readonly string[], whole: readonly string[]) =>
    part.every((line, index) => index === 0 || whole.indexOf(line) > whole.indexOf(part[index - 1] ?? ""));
  /** The result apart: what stands outside of the markers, and both sides of each marked place. */
  const apart = (text: string) => {
    const outside: string[] = [];
    const places: { own: string[]; other: string[] }[] = [];
    let into = outside;
    for (const line of text.split("\n"))
      if (line.startsWith("# <<<<<<<")) {
        const place: { own: string[]; other: string[] } = { own: [], other: [] };
        places.push(place);
        into = place.own;
      } else if (line.startsWith("# =======")) into = places.at(-1)?.other ?? outside;
      else if (line.startsWith("# >>>>>>>")) into = outside;
      else into.push(line);
    return { outside, places };
  };

  test("no line of a change is lost, none is applied outside of its place, marked places hold both sides", () => {
    check(
      property(edits, edits, (own, other) => {
        const mine = edited("mine", own);
        const theirs = edited("theirs", other);
        const { text, conflicts } = mergeText(original.join("\n"), mine.join("\n"), theirs.join("\n"));
        const { outside, places } = apart(text);
        const ownSide = places.flatMap((place) => place.own);
        const otherSide = places.flatMap((place) => place.other);
        expect(places).toHaveLength(conflicts);
        // Outside: a line of the base where both kept it, an own line of whoever wrote it; all in each side's order.
        const isOfBase = (line: string) => original.includes(line);
        expect(
          outside.filter((line) => isOfBase(line) && !(mine.includes(line) && theirs.includes(line))),
        ).toEqual([]);
        expect(
          inOrder(
            outside.filter((line) => mine.includes(line)),
            mine,
          ),
        ).toBe(true);
        expect(
          inOrder(
            outside.filter((line) => theirs.includes(line)),
            theirs,
          ),
        ).toBe(true);
        // Everything a side has stands outside or on its side of one marked place, unless the other side took it away.
        const missing = (lines: readonly string[], marked: readonly string[]) =>
          lines.filter((line) => outside.concat(marked).filter((each) => each === line).length !== 1);
        expect(missing(mine, ownSide).filter((line) => !isOfBase(line) || theirs.includes(line))).toEqual([]);
        expect(missing(theirs, otherSide).filter((line) => !isOfBase(line) || mine.includes(line))).toEqual(
          [],
        );
        // A marked place holds an unbroken part of each side.
        for (const { own: left, other: right } of places) {
          expect(mine.join("\n")).toContain(left.join("\n"));
          expect(theirs.join("\n")).toContain(right.join("\n"));
          expect(left).not.toEqual(right);
        }
      }),
      { numRuns: 1000 },
    );
  });
});
