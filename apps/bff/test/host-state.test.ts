/** What may be done with a host follows from each right by itself. */
import { expect, test } from "vitest";
import { hostActions } from "../src/domain/host-state.ts";

type Host = Parameters<typeof hostActions>[0];

test("its text may be edited by those who may update it, whatever else they may", () => {
  const host = { cordoned: false } as Host; // as: nothing else of it is asked
  const { edit } = hostActions(host, { update: false, patch: true, evict: true }, false);
  expect(edit).toMatchObject({
    allowed: false,
    reason: { code: "no-permission", params: { verb: "update" } },
  });
  expect(hostActions(host, { update: true, patch: false, evict: false }, false).edit.allowed).toBe(true);
});
