/** How a quota is: what is left, what is nearly used up, and what was exceeded by setting the quota lower. */
import { expect, test } from "vitest";
import { resourceQuotaKind } from "../src/objects/kinds/quota.ts";

const quota = (hard: Record<string, string>, used: Record<string, string>) =>
  resourceQuotaKind.read({ spec: { hard }, status: { hard, used } }).state;

test.each([
  ["room left", { "requests.cpu": "10" }, { "requests.cpu": "2500m" }, "ready", undefined],
  ["nearly used up", { "requests.memory": "10Gi" }, { "requests.memory": "9Gi" }, "near", undefined],
  ["used up", { pods: "10", "requests.cpu": "4" }, { pods: "10", "requests.cpu": "1" }, "full", "quota-full"],
  ["nothing allowed and nothing used", { pods: "0" }, { pods: "0" }, "ready", undefined],
  [
    "exceeded",
    { "requests.cpu": "1", pods: "10" },
    { "requests.cpu": "1500m", pods: "10" },
    "over",
    "quota-over",
  ],
])("%s", (_, hard, used, status, code) => {
  const state = quota(hard, used);
  expect(state.status).toBe(status);
  expect(state.reason?.code).toBe(code);
});
