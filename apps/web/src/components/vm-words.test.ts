/** Which action stands first on a machine's page. */
import type { ActionDecision } from "@kubev/api-types/reason";
import type { PrintableStatus, VmRow } from "@kubev/api-types/virtual-machines";
import { expect, test } from "vitest";
import { primaryAction } from "./vm-words.ts";

const refused: ActionDecision = { allowed: false, reason: { code: "no-permission" } };
const allowed: ActionDecision = { allowed: true };

function machine(status: PrintableStatus, actions: { start?: ActionDecision; stop?: ActionDecision }) {
  const vm = { state: { status, tone: "ok" }, actions: { start: refused, stop: refused, ...actions } };
  return vm as unknown as VmRow; // as: only state, start and stop are read
}

test.each<[PrintableStatus, { start?: ActionDecision; stop?: ActionDecision }, string]>([
  ["Running", {}, "stop"],
  ["Running", { stop: allowed }, "stop"],
  ["Stopped", {}, "start"],
  ["Stopped", { start: allowed }, "start"],
  ["Stopped", { stop: allowed }, "stop"],
  ["Paused", {}, "unpause"],
  ["Provisioning", { start: allowed }, "start"],
])("%s with %o leads to %s", (status, actions, action) => {
  expect(primaryAction(machine(status, actions))).toBe(action);
});
