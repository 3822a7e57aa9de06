/** The collection that the server asks for once everything is read. */
import { setTimeout as nextTurn } from "node:timers/promises";
import { expect, test } from "vitest";
import { compactMemory } from "../src/garbage.ts";

test("what nobody holds is gone afterwards", async () => {
  const gone = new WeakRef({ nobody: "holds this" });
  // a reference that was just made or read holds until the turn ends
  await nextTurn(0);
  compactMemory();
  expect(gone.deref()).toBeUndefined();
});
