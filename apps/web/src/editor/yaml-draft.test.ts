/** A concurrent change is noticed at the check as well as at the save, and both changes come together. */
import type { YamlCheck } from "@kubev/api-types/object-yaml";
import { expect, test } from "vitest";
import { ApiError, errorFromBody } from "../api/api-error.ts";
import {
  currentOf,
  isChangedSince,
  isConflict,
  mergeDraft,
  sortProblems,
  undecidedPlaces,
  undecidedRefusal,
} from "./yaml-draft.ts";

const outdatedCheck: YamlCheck = {
  ok: false,
  problems: [
    { path: "", reason: { code: "changed-meanwhile", upstreamText: "the object has been modified" } },
  ],
  warnings: [],
};

test("a check that met a newer version asks for a merge, not for a change of the text", () => {
  expect(sortProblems(outdatedCheck)).toEqual({ problems: [], outdated: true });
});

test("what the cluster writes by itself at every turn is no change; what somebody stores is one", () => {
  const text = (version: number, guest: string, phase: string) =>
    `metadata:\n  name: vm\n  resourceVersion: "${version}"\n  generation: ${version}\nspec:\n  guest: ${guest}\nstatus:\n  phase: ${phase}\n`;
  expect(isChangedSince(text(1, "1Gi", "Running"), text(2, "1Gi", "Paused"))).toBe(false);
  expect(isChangedSince(text(1, "1Gi", "Running"), text(2, "2Gi", "Running"))).toBe(true);
});

test("other problems stay problems of the text", () => {
  const problem = { path: "spec", reason: { code: "upstream-refused" as const } };
  expect(sortProblems({ ok: false, problems: [problem], warnings: [] })).toEqual({
    problems: [problem],
    outdated: false,
  });
  expect(sortProblems(undefined)).toEqual({ problems: [], outdated: false });
});

test("a refused save tells what is stored now; without it the text must be loaded", () => {
  const body = { code: "conflict", requestId: "r", current: { yaml: "cpu: 4", resourceVersion: "8" } };
  const error = errorFromBody("putVmYaml", 409, JSON.stringify({ error: body }));
  expect(isConflict(error)).toBe(true);
  expect(currentOf(error)).toEqual({ yaml: "cpu: 4", resourceVersion: "8" });
  const bare = new ApiError({ code: "conflict", httpStatus: 409, operation: "putVmYaml" });
  expect(isConflict(bare)).toBe(true);
  expect(currentOf(bare)).toBeUndefined();
  expect(currentOf(null)).toBeUndefined();
});

test("the merged draft stands on the stored version and keeps both changes", () => {
  const draft = { base: "a: 1\nb: 1\nc: 1", resourceVersion: "7", text: "a: 2\nb: 1\nc: 1" };
  expect(mergeDraft(draft, { yaml: "a: 1\nb: 1\nc: 3", resourceVersion: "8" })).toEqual({
    base: "a: 1\nb: 1\nc: 3",
    resourceVersion: "8",
    text: "a: 2\nb: 1\nc: 3",
  });
});

test("a text with an undecided place is refused until its last marker is gone", () => {
  const draft = { base: "a: 1", resourceVersion: "7", text: "a: 2" };
  const { text } = mergeDraft(draft, { yaml: "a: 3", resourceVersion: "8" });
  expect(undecidedPlaces(text).map(({ line }) => line)).toEqual([1, 3, 5]);
  expect(undecidedRefusal(undecidedPlaces(text))).toContain("Lines with markers: 1, 3, 5.");
  expect(undecidedRefusal(undecidedPlaces("a: 2\n# >>>>>>>"))).toContain("2");
  expect(undecidedRefusal(undecidedPlaces("a: 2"))).toBeUndefined();
});
