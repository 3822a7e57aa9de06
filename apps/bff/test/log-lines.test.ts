/** However a log's stream is cut and taken up again, every line comes once and in order. */
import { array, assert, integer, property, string, tuple } from "fast-check";
import { expect, test } from "vitest";
import { LogLines } from "../src/domain/log-lines.ts";

/** Lines with times that never go back, several to one instant. */
const logs = array(tuple(integer({ min: 0, max: 2 }), string({ unit: "grapheme", maxLength: 12 })), {
  minLength: 1,
  maxLength: 40,
}).map((parts) => {
  let tick = 0;
  return parts.map(([step, text]) => {
    tick += step * 400_000_000;
    const at = `2026-11-22T10:00:${String(Math.floor(tick / 1e9)).padStart(2, "0")}.${String(tick % 1e9).padStart(9, "0")}Z`;
    return { at, text: text.replaceAll(/[\r\n]/g, " ") };
  });
});

const bytesOf = (lines: readonly { at: string; text: string }[]) =>
  Buffer.from(lines.map(({ at, text }) => `${at} ${text}\n`).join(""));

test("a stream that is cut anywhere and resumed by whole seconds loses and repeats nothing", () => {
  assert(
    property(
      logs,
      array(integer({ min: 1, max: 200 }), { maxLength: 6 }),
      integer({ min: 1, max: 17 }),
      (lines, cuts, piece) => {
        const cutter = new LogLines(null);
        const seen: { at: string; text: string }[] = [];
        for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
          const { last } = cutter;
          const since = last === null ? "" : `${last.at.slice(0, 19)}.000000000Z`;
          cutter.begin();
          const bytes = bytesOf(lines.filter(({ at }) => at >= since));
          for (let from = 0; from < Math.min(bytes.length, cut); from += piece)
            seen.push(...cutter.push(bytes.subarray(from, Math.min(from + piece, cut))));
        }
        expect(seen).toEqual(lines);
      },
    ),
  );
});

test("a new reader who says where he was goes on from there, whatever the zone is written in", () => {
  const at = "2026-11-22T12:00:00.500000000+02:00";
  const cutter = new LogLines({ at: "2026-11-22T10:00:00.5Z", lines: 1 });
  const lines = cutter.push(
    bytesOf([
      { at, text: "had" },
      { at, text: "same instant" },
    ]),
  );
  expect(lines).toEqual([{ at, text: "same instant" }]);
});

test("a line without an end does not grow, and is said to be cut", () => {
  const cutter = new LogLines(null);
  for (let index = 0; index < 1000; index += 1) expect(cutter.push(Buffer.alloc(10_000, "x"))).toEqual([]);
  const [line] = cutter.push(Buffer.from("\n2026-11-22T10:00:00Z next\n"));
  expect(line).toMatchObject({ at: "", cut: true });
  expect(line?.text).toHaveLength(64 * 1024);
});

test("words of the host that bear no time pass", () => {
  const cutter = new LogLines({ at: "2026-11-22T10:00:00Z", lines: 1 });
  expect(cutter.push(Buffer.from("unable to retrieve container logs\r\n"))).toEqual([
    { at: "", text: "unable to retrieve container logs" },
  ]);
});
