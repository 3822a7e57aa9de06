/** What keeps some of the rows away: a cluster that says "later" at the start, and one project of many that fails. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { Person, startConsole, until } from "./console-under-test.ts";
import { type Clock, systemClock } from "../src/kube/clock.ts";
import { SyncState } from "../src/kube/sync-state.ts";

let sim: KubeSim;
const dir = mkdtempSync(join(tmpdir(), "kubev-partial-"));

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
});
afterEach(() => sim.faults.clear());
afterAll(async () => {
  await sim.close();
  rmSync(dir, { recursive: true, force: true });
});

/** Waits a tenth of what it should: the cluster's "in eleven seconds" is soon. */
const impatient: Clock = { ...systemClock, sleep: async (ms, signal) => systemClock.sleep(ms / 10, signal) };

/** Time that runs ten times as fast. */
const hurried: Clock = {
  ...impatient,
  nowMs: () => systemClock.nowMs() + 9 * systemClock.monotonicMs(),
  monotonicMs: () => 10 * systemClock.monotonicMs(),
};

test("a replica that the cluster puts off at its start is not ready without what it was put off for", async () => {
  sim.faults.add({
    urlContains: "/virtualmachines?",
    effect: { kind: "status", code: 429, retryAfterSeconds: 11 },
    times: 2,
  });
  const cut = await startConsole({ sim, clock: impatient });
  expect(cut.app.services.inventory.feeds.vms.state).toBe("live");
  const operator = await cut.signIn("operator");
  expect((await operator.call("listVms")).total).toBeGreaterThan(0);
  await cut.close();
});

test("being put off is no failure for a minute, and any other failure is one after ten seconds", () => {
  for (const [throttled, waits] of [
    [true, 60],
    [false, 10],
  ] as const) {
    let nowMs = 0;
    const sync = new SyncState({ nowMs: () => nowMs, monotonicMs: () => nowMs }, () => {});
    for (; nowMs <= waits * 1000; nowMs += 1000) {
      sync.failed("later", 0, throttled);
      expect(sync.settled).toBe(false);
    }
    sync.failed("later", 0, throttled);
    expect(sync.state).toBe("failing");
    // once it counts as failing, it stays so until it is known
    sync.failed("later", 0, true);
    expect(sync.state).toBe("failing");
  }
  const sync = new SyncState({ nowMs: () => 0, monotonicMs: () => 0 }, () => {});
  sync.failed("in five minutes", 300_000, true);
  expect(sync.state).toBe("failing");
});

test("a project that fails beside others that work is told, in the cluster's words, and not among those shown", async () => {
  const kubeconfigFile = join(dir, "config");
  writeFileSync(kubeconfigFile, sim.kubeconfigFor("alice"));
  const wide = await startConsole({ sim, clock: hurried });
  const names = (await (await wide.signIn("alice")).call("listProjects")).rows.map((row) => row.name);
  await wide.close();
  const [failing = "", ...others] = names.toSorted();
  expect(others.length).toBeGreaterThan(0);
  sim.faults.add({
    urlContains: `/namespaces/${failing}/virtualmachines?`,
    effect: { kind: "status", code: 503 },
  });
  const cut = await startConsole({
    sim,
    clock: hurried,
    kubeconfigFile,
    env: { SIGN_IN_MODES: "kubeconfig", PROJECTS: names.join(",") },
  });
  const local = new Person(cut.url);
  await local.call("getSession");
  const told = async () => {
    const { warnings } = await local.call("listVms", { query: { pageSize: 200 } });
    const of = (code: string) =>
      warnings.filter(
        ({ reason }) =>
          reason.code === code && String(reason.params?.["resource"]).startsWith("virtualmachines."),
      );
    return { failing: of("feed-failing"), partial: of("feed-partial") };
  };
  // on a busy machine another project may be behind for a moment: time runs fast here
  const shown = async (projects: string[], failingOnes: string[]) => {
    const { failing: warned, partial } = await told();
    const named = (warnings: typeof warned) =>
      warnings.map(({ reason }) => String(reason.params?.["projects"])).join("; ");
    return (
      named(partial) === projects.toSorted().join(", ") &&
      named(warned) === failingOnes.join(", ") && { words: warned.map(({ reason }) => reason.upstreamText) }
    );
  };
  expect((await until(async () => shown(others, [failing]))).words).toEqual([expect.stringMatching(/./)]);
  sim.faults.clear();
  expect((await until(async () => shown(names, []))).words).toEqual([]);
  await cut.close();
});

test("an object that the cluster itself does not find is not there, though its kind cannot be listed", async () => {
  sim.faults.add({ urlContains: "/virtualmachines?", effect: { kind: "status", code: 503 } });
  const cut = await startConsole({ sim, clock: hurried });
  const operator = await cut.signIn("operator");
  await until(() => cut.app.services.inventory.feeds.vms.state === "failing");
  const ask = async (name: string) => operator.ask("getVmYaml", { params: { project: "web-shop", name } });
  expect((await ask("no-such-machine")).status).toBe(404);
  await cut.close();
});
