/** Who is slow, who is gone and who does not read, over hours of given time. */
import { expect, test } from "vitest";
import { ReaderWatch, readerTimes } from "../src/http/reader-watch.ts";

/** One look a second, for so many seconds; `each` is what the browser does then. @returns every look that is not "fine" */
function watch(
  seconds: number,
  waitingBytes: (second: number) => number,
  each: (reader: ReaderWatch, nowMs: number, pinged: boolean) => void,
): string[] {
  const reader = new ReaderWatch(readerTimes, 0);
  const seen: string[] = [];
  let pinged = false;
  for (let second = 1; second <= seconds; second += 1) {
    const nowMs = second * 1000;
    const look = reader.look(nowMs, waitingBytes(second));
    if (look === "ping") pinged = true;
    if (look !== "fine") seen.push(`${second} ${look}`);
    if (look === "silent" || look === "unread") break;
    each(reader, nowMs, pinged);
  }
  return seen;
}
const nothing = () => 0;

test("who answers pings stays, and is pinged every twenty seconds", () => {
  const seen = watch(3600, nothing, (reader, nowMs) => reader.answered(nowMs));
  expect(seen).toHaveLength(180);
  expect(seen.every((look) => look.endsWith("ping"))).toBe(true);
});

test("who says nothing is gone after a minute, one ping before that", () => {
  expect(watch(3600, nothing, () => {})).toEqual(["20 ping", "60 silent"]);
});

test("who talks and reaches no ping does not read: three minutes from the ping", () => {
  expect(watch(3600, nothing, (reader, nowMs) => reader.heard(nowMs))).toEqual(["20 ping", "201 unread"]);
});

test("who answers late, within three minutes, while he talks, is slow", () => {
  const seen = watch(3600, nothing, (reader, nowMs) => {
    reader.heard(nowMs);
    if (nowMs % 170_000 === 0) reader.answered(nowMs);
  });
  expect(seen.at(-1)).toContain("ping");
});

test("bytes that nobody takes for three minutes end it, and no sooner, whether he talks or not", () => {
  for (const talks of [true, false]) {
    const seen = watch(
      3600,
      () => 5000,
      (reader, nowMs) => {
        if (talks) reader.heard(nowMs);
      },
    );
    expect(seen).toEqual(["20 ping", "181 unread"]);
  }
});

test("a step every two minutes of what waits is reading, though the ping lies behind it for an hour", () => {
  const seen = watch(
    3600,
    (second) => 5_000_000 - Math.floor(second / 120) * 100_000,
    () => {},
  );
  expect(seen).toEqual(["20 ping"]);
});

test("what is taken whole between two looks counts where it is told", () => {
  const seen = watch(
    3600,
    () => 70_000,
    (reader, nowMs) => {
      if (nowMs % 120_000 === 0) reader.took(nowMs);
    },
  );
  expect(seen).toEqual(["20 ping"]);
});

test("after a long pause of the whole process everybody is asked first", () => {
  const reader = new ReaderWatch(readerTimes, 0);
  expect(reader.look(600_000, 0)).toBe("ping");
  expect(reader.look(600_500, 0)).toBe("fine");
});
