/** States that are alike are one object, which nobody can change; what has a cause is nobody else's. */
import { expect, test } from "vitest";
import { reasonOf } from "../src/domain/reasons.ts";
import { sharedState } from "../src/inventory/shared-state.ts";

test("states without a cause are kept once, by word and tone", () => {
  const ready = sharedState({ status: "ready", tone: "ok" });
  expect(sharedState({ status: "ready", tone: "ok" })).toBe(ready);
  expect(sharedState({ status: "ready", tone: "attention" })).toEqual({ status: "ready", tone: "attention" });
  expect(Object.isFrozen(ready)).toBe(true);
});

test("a cause stays with the one that has it", () => {
  const first = { status: "failed", tone: "error", reason: reasonOf("disk-lost") };
  const second = { ...first };
  expect(sharedState(first)).toBe(first);
  expect(sharedState(second)).toBe(second);
});

test("of words without end, each is what was given", () => {
  for (let index = 0; index < 3000; index += 1)
    expect(sharedState({ status: `s${index}`, tone: "ok" })).toEqual({ status: `s${index}`, tone: "ok" });
});
