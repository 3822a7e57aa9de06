/** The audit trail reads as sentences. */
import { expect, test } from "vitest";
import { activityWords, sessionBytes, targetWords } from "./activity-words.ts";

test("what was done is past, what was refused was only tried", () => {
  expect(activityWords({ action: "stop", outcome: "ok" })).toBe("stopped");
  expect(activityWords({ action: "stop", outcome: "refused" })).toBe("tried to stop");
  expect(activityWords({ action: "console.vnc.close", outcome: "ok" })).toBe("closed the screen of");
  expect(activityWords({ action: "provider-sign-out", outcome: "ok" })).toBe("was signed out by");
  expect(activityWords({ action: "brand.new", outcome: "ok" })).toBe("brand.new:");
});

test("how somebody signed in is worded here; what the trail calls otherwise stays as it is", () => {
  expect(targetWords({ noun: "session", name: "oidc" })).toBe("identity provider");
  expect(targetWords({ noun: "session", name: "identity provider" })).toBe("identity provider");
  expect(targetWords({ noun: "virtual-machine", name: "oidc" })).toBe("oidc");
});

test("a closed console says how much went each way", () => {
  const diff = [
    { path: "/bytesToBrowser", new: 1.1 * 1024 ** 2 },
    { path: "/bytesToMachine", new: 208 },
  ];
  expect(sessionBytes(diff)).toBe("1.1 MiB received, 208 B sent");
  expect(sessionBytes([{ path: "/spec/running", new: true }])).toBeNull();
});
