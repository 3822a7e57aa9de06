/** One that finds no other host is called by its name, machines are called machines. */
import { expect, test } from "vitest";
import { homelessWords } from "./host-words.ts";

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
