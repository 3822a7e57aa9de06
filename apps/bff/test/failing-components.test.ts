/** A cluster of which one part fails: every list and page still answers, soon, and what fails is said. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, Person, RequestParts } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { pageReads, readsOfPart, saysOfPart } from "./page-reads.ts";
import { SteppedClock } from "./stepped-clock.ts";

const isSoak = process.env["SOAK"] === "1";
/** Each takes a console of its own: those that most pages look at, and all with `SOAK=1`. */
const parts = isSoak ? Object.keys(saysOfPart) : ["kubeovn.io", "cdi.kubevirt.io"];

/** Longest that a page may take where a part of the cluster is silent. */
const soonMs = 8000;

/** Pages that are nothing without the part that fails, though without its being there they are something. */
const nothingWithout: Readonly<Record<string, readonly OperationName[]>> = {
  // what is not known to run on a host cannot be moved from it
  "kubevirt.io": ["planHostDrain"],
  "snapshot.kubevirt.io": ["listVmSnapshots"],
};

const needs = (group: string, name: OperationName): boolean =>
  readsOfPart[group]?.has(name) === true || nothingWithout[group]?.includes(name) === true;

interface Told {
  warnings: { reason: { code: string; upstreamText?: string; params?: { resource?: string } } }[];
}

let sim: KubeSim;
const clock = new SteppedClock(5);
let passing: NodeJS.Timeout;
beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  passing = setInterval(() => clock.forward(500), 10);
});
afterAll(async () => {
  clearInterval(passing);
  await sim.close();
});

async function timed(operator: Person, reads: [OperationName, RequestParts][]) {
  return Promise.all(
    reads.map(async ([name, parts]) => {
      const askedMs = performance.now();
      const { status, body } = await operator.ask(name, parts);
      return { name, parts, status, body, ms: performance.now() - askedMs };
    }),
  );
}

describe.each(parts)("while %s fails", (group) => {
  let cut: ConsoleUnderTest;
  let operator: Person;
  const isOfPart = ([name]: [OperationName, RequestParts]) => needs(group, name);
  const others = pageReads.filter((one) => !isOfPart(one));
  const put = (code: 500 | 503) => {
    sim.faults.clear();
    sim.faults.add({ urlContains: `/apis/${group}/`, effect: { kind: "status", code } });
  };

  beforeAll(async () => {
    put(503);
    cut = await startConsole({ sim, clock });
    operator = await cut.signIn("operator");
  });
  afterAll(async () => {
    sim.faults.clear();
    await cut.close();
  });

  test.each([500, 503] as const)("with %s, what needs it says so, and all else answers", async (code) => {
    put(code);
    const refused = await timed(operator, pageReads.filter(isOfPart));
    expect(refused.filter(({ status }) => status !== 502 && status !== 503)).toEqual([]);
    expect((await timed(operator, others)).filter(({ status }) => status >= 400)).toEqual([]);
  });

  test.each(saysOfPart[group] ?? [])("%s says what fails, in the cluster's words", async (name, parts) => {
    const { warnings } = (await operator.ask(name, parts)).body as Told; // a list's reply
    const failing = warnings.filter(({ reason }) => reason.code === "feed-failing");
    expect(failing.map(({ reason }) => reason.params?.resource)).toContainEqual(
      expect.stringContaining(group),
    );
  });

  test("once it is well again, nothing is missing", async () => {
    sim.faults.clear();
    const clean = async ([name, parts]: [OperationName, RequestParts]) =>
      ((await operator.ask(name, parts)).body as Told).warnings.length === 0;
    for (const one of saysOfPart[group] ?? []) expect(await until(async () => clean(one))).toBe(true);
  });
});

test("while every part is silent, what needs none of them answers soon", async () => {
  const groups = Object.keys(saysOfPart);
  for (const group of groups) sim.faults.add({ urlContains: `/apis/${group}/`, effect: { kind: "silence" } });
  const cut = await startConsole({ sim, clock });
  const operator = await cut.signIn("operator");
  const others = pageReads.filter(([name]) => !groups.some((group) => needs(group, name)));
  const answers = await timed(operator, others);
  sim.faults.clear();
  await cut.close();
  expect(others.length).toBeGreaterThan(60);
  expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
  expect(answers.filter(({ ms }) => ms > soonMs).map(({ name, ms }) => [name, ms])).toEqual([]);
});
