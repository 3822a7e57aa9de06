/** When a deletion was asked for, and when it takes too long. */
import { expect, test } from "vitest";
import { deletionOf, hangs } from "../src/domain/deletion.ts";

const at = "2026-11-20T08:00:00Z";

test("the mark lies a grace after the asking", () => {
  expect(deletionOf({})).toBeNull();
  expect(deletionOf({ deletionTimestamp: at })).toEqual({
    startedAt: "2026-11-20T08:00:00.000Z",
    finalizers: [],
  });
  expect(deletionOf({ deletionTimestamp: at, deletionGracePeriodSeconds: 30 })?.startedAt).toBe(
    "2026-11-20T07:59:30.000Z",
  );
  expect(deletionOf({ deletionTimestamp: "soon" })?.startedAt).toBe("");
});

test("ten minutes are enough for all that ends by itself", () => {
  const deletion = { startedAt: at, finalizers: [] };
  const after = (minutes: number) => hangs(deletion, Date.parse(at) + minutes * 60_000);
  expect([after(0), after(10), after(10.1)]).toEqual([false, false, true]);
  expect(hangs({ startedAt: "", finalizers: [] }, Date.parse(at))).toBe(false);
});
