/** What tests of the store write, and the time that they move by hand. */
import type { Clock } from "../src/kube/clock.ts";
import type { AuditEntry } from "../src/store/audit-store.ts";

export const key = "k".repeat(40);
export const secret = {
  person: { userName: "ann", displayName: "Ann", groups: ["g"] },
  mode: "token" as const,
  token: "canary-token-4417",
};
/** Time that tests move by hand. */
export class HandClock implements Clock {
  ms = 1_000_000;
  nowMs = () => this.ms;
  monotonicMs = () => this.ms;
  sleep = async () => {};
  random = () => 0.5;
}

export const entry = (name: string, project: string, user = "ann"): AuditEntry => ({
  user,
  action: "stop",
  noun: "virtual-machine",
  ...(project === "" ? {} : { project }),
  name,
  outcome: "ok",
  sourceIp: "192.0.2.1",
  requestId: "r",
  diff: [{ path: "spec.running", old: true, new: false }],
});
