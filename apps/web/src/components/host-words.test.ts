/** One that finds no other host is called by its name, machines are called machines. */
import { expect, test } from "vitest";
import { homelessWords, kvmWords } from "./host-words.ts";

const one = (name: string, machine: boolean) => ({
  project: "p",
  name,
  machine,
  memoryBytes: 1,
  cpuCores: 1,
  reason: { code: "drain-no-other-host" },
});

test.each([
  [[one("trainer", true)], 1, "the machine trainer finds no other host."],
  [[one("web-1", false)], 1, "the pod web-1 finds no other host."],
  [[one("a", true), one("b", true)], 2, "2 machines find no other host."],
  [[one("a", true), one("b", true), one("c", false)], 3, "2 machines and 1 pod find no other host."],
  [[one("a", true)], 40, "40 things find no other host."],
])("%#", (homeless, homelessTotal, words) => {
  expect(homelessWords({ homeless, homelessTotal })).toBe(words);
});

test("KVM devices and machines that are not as many are explained, and nothing is said of those that are", () => {
  expect(kvmWords(3, 3)).toBeUndefined();
  expect(kvmWords(2, 1)).toContain("a machine that is moving here");
  expect(kvmWords(2, 1)).toContain("1 machine that runs here.");
  expect(kvmWords(0, 2)).toContain("2 machines that run here, not every one does.");
});
