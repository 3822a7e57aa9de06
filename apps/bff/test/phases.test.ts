/** The two rules that several nouns share: what cannot be filled, and what still lives. */
import { expect, test } from "vitest";
import { isLivePhase } from "../src/domain/live-phase.ts";
import { projectDataVolume } from "../src/inventory/project-storage.ts";
import { isStuckDataVolume } from "../src/domain/stuck-data-volume.ts";

const dataVolume = (phase: string, running: Record<string, string> | null) =>
  projectDataVolume({
    metadata: { name: "a", namespace: "b", uid: "u", resourceVersion: "1" },
    status: { phase, conditions: running === null ? [] : [{ type: "Running", ...running }] },
  });

test.each([
  ["Failed", null, true],
  ["ImportInProgress", { status: "False", reason: "Error" }, true],
  ["ImportInProgress", { status: "False", reason: "ImagePullFailed" }, true],
  ["ImportScheduled", { status: "False", reason: "Unschedulable" }, true],
  ["ImportInProgress", { status: "True", reason: "Error" }, false],
  ["ImportScheduled", { status: "False", reason: "ContainerCreating" }, false],
  ["ImportScheduled", null, false],
])("a DataVolume in %s with %o is stuck: %s", (phase, running, stuck) => {
  expect(isStuckDataVolume(dataVolume(phase, running))).toBe(stuck);
});

test("only the two last phases are not live", () => {
  const phases = ["", "Pending", "Scheduling", "Running", "Unknown", "Succeeded", "Failed"];
  expect(phases.filter((phase) => !isLivePhase(phase))).toEqual(["Succeeded", "Failed"]);
});
