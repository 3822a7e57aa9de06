/** A cluster of which one part fails: every list and page still answers, soon, and what fails is said. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, Person, RequestParts } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { freePort } from "./free-port.ts";
import { clusterGroups } from "./cluster-groups.ts";
import { listsOfPart, readsOfPart } from "./cluster-parts.ts";
import { pageReads } from "./page-reads.ts";
import { SteppedClock } from "./stepped-clock.ts";

const isSoak = process.env["SOAK"] === "1";
/** Which roles there are is asked before anything is shown: the last test. */
const roles = "rbac.authorization.k8s.io";
const partsToFail = clusterGroups.filter((group) => group !== roles);
/** Each takes a console of its own: those that most pages look at, and all with `SOAK=1`. */
const parts = isSoak ? partsToFail : ["kubeovn.io", "cdi.kubevirt.io"];

/** Longest that a page may take where a part of the cluster is silent. */
const soonMs = 8000;

/** Pages that are nothing without the part that fails, though without its being there they are something. */
const nothingWithout: Readonly<Record<string, readonly OperationName[]>> = {
  // what is not known to run on a host cannot be moved from it
  "kubevirt.io": ["planHostDrain"],
  "snapshot.kubevirt.io": ["listVmSnapshots"],
  // a drain that knows no budgets could end what must go on
  policy: ["planHostDrain"],
  // the definition that a machine was started with is kept in one of its kinds
  apps: ["getVmPending"],
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

  test("every list of its kinds says what fails, by name and in the cluster's words", async () => {
    for (const [name, parts, resource] of listsOfPart(group)) {
      const { warnings } = (await operator.ask(name, parts)).body as Told; // a list's reply
      const failing = warnings.filter(
        ({ reason }) => reason.code === "feed-failing" && reason.upstreamText !== undefined,
      );
      expect({ name, parts, told: failing.map(({ reason }) => reason.params?.resource) }).toEqual({
        name,
        parts,
        told: expect.arrayContaining([expect.stringContaining(resource)]),
      });
    }
  });

  test("once it is well again, nothing is missing", async () => {
    sim.faults.clear();
    const clean = async ([name, parts]: [OperationName, RequestParts]) =>
      ((await operator.ask(name, parts)).body as Told).warnings.length === 0;
    for (const [name, parts] of listsOfPart(group))
      expect(await until(async () => clean([name, parts]))).toBe(true);
  });
});

test("while every part is silent, what needs none of them answers soon", async () => {
  for (const group of partsToFail)
    sim.faults.add({ urlContains: `/apis/${group}/`, effect: { kind: "silence" } });
  const cut = await startConsole({ sim, clock });
  const operator = await cut.signIn("operator");
  const others = pageReads.filter(([name]) => !partsToFail.some((group) => needs(group, name)));
  const answers = await timed(operator, others);
  sim.faults.clear();
  await cut.close();
  expect(others.length).toBeGreaterThan(60);
  expect(answers.filter(({ status }) => status >= 400)).toEqual([]);
  expect(answers.filter(({ ms }) => ms > soonMs).map(({ name, ms }) => [name, ms])).toEqual([]);
});

test("while roles cannot be read, a server that begins is not ready; then it is", async () => {
  // gone once it was met eight times
  const tries = sim.faults.put({
    urlContains: `/apis/${roles}/v1/rolebindings`,
    times: 8,
    effect: { kind: "delay", delayMs: 0 },
  });
  const mend = sim.faults.add({ urlContains: `/apis/${roles}/`, effect: { kind: "status", code: 503 } });
  const port = await freePort();
  const starting = startConsole({ sim, clock, port });
  const ready = async () =>
    fetch(`http://127.0.0.1:${port}/readyz`).then(
      ({ status }) => status,
      () => 0, // it does not listen yet
    );
  // all else is read before the eighth try
  await until(() => sim.faults.active.every(({ id }) => id !== tries));
  expect(await ready()).toBe(503);
  mend();
  const cut = await starting;
  expect(await ready()).toBe(200);
  await cut.close();
});
