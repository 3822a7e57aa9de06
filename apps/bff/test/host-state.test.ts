/** What may be done with a host follows from each right by itself. */
import { expect, test } from "vitest";
import { hostActions } from "../src/domain/host-state.ts";

type Host = Parameters<typeof hostActions>[0];
const none = { update: false, patch: false, evict: false, delete: false };

test("its text may be edited by those who may update it, whatever else they may", () => {
  const host = { cordoned: false } as Host; // as: nothing else of it is asked
  const { edit } = hostActions(host, { ...none, patch: true, evict: true }, false, 0);
  expect(edit).toMatchObject({
    allowed: false,
    reason: { code: "no-permission", params: { verb: "update" } },
  });
  expect(hostActions(host, { ...none, update: true }, false, 0).edit.allowed).toBe(true);
});

test.each([
  [{ ready: "True", cordoned: true }, false, 0, "host-is-alive"],
  [{ ready: "Unknown", cordoned: false }, false, 0, "host-is-open"],
  [{ ready: "False", cordoned: true }, true, 0, "host-drain-running"],
  [{ ready: "Unknown", cordoned: true }, false, 2, "host-has-machines"],
  [{ ready: "Unknown", cordoned: true }, false, 0, undefined],
  [{ ready: "", cordoned: true }, false, 0, undefined],
])("a host %o (draining: %o, machines: %o) is removed or not: %s", (facts, draining, machines, code) => {
  const host = facts as Host; // as: nothing else of it is asked
  const decision = hostActions(host, { ...none, delete: true }, draining, machines).delete;
  expect(decision.allowed ? undefined : decision.reason.code).toBe(code);
});
