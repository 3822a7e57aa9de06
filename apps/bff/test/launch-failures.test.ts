/** Machines that no host can start: said before they are made, and on their page while they fail again and again. */
import { availableParallelism } from "node:os";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const gib = 1024 ** 3;
let cut: ConsoleUnderTest;
let alice: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

test("more vCPUs than any host has cores is said before the machine is made", async () => {
  const cores = [...cut.app.services.inventory.feeds.hosts.table.values()].map(
    ({ capacity }) => capacity.cpuCores,
  );
  const checkOf = async (cpuCores: number) => {
    const { checks } = await alice.call("previewVm", {
      params: { project },
      body: {
        name: "wide",
        source: { kind: "blank" },
        diskSizeBytes: gib,
        sizing: { kind: "custom", cpuCores, memoryBytes: gib },
        cloudInit: { kind: "none" },
        startAfterCreate: false,
      },
    });
    return checks.find(({ name }) => name === "schedulable");
  };
  const most = Math.max(...cores);
  expect(await checkOf(most)).toMatchObject({ result: "ok" });
  expect(await checkOf(most + 1)).toMatchObject({
    result: "warning",
    reason: { code: "no-host-so-many-cpus", params: { cpuCores: most + 1 } },
  });
});

test("a machine that fails each time it starts says why beside its state", async () => {
  const name = "never-starts";
  cut.sim.seed([
    {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name, namespace: project },
      spec: {
        runStrategy: "Always",
        template: {
          spec: {
            domain: {
              devices: { disks: [{ name: "init", disk: { bus: "virtio" } }] },
              memory: { guest: "64Mi" },
            },
            volumes: [{ name: "init", cloudInitNoCloud: { secretRef: { name: "no-such-secret" } } }],
          },
        },
      },
    },
  ]);
  const state = await until(async () => {
    const { row } = await alice.call("getVm", { params: { project, name } });
    return row.state.status === "CrashLoopBackOff" && row.state;
  });
  expect(state).toMatchObject({
    tone: "error",
    reason: {
      code: "vm-crash-loop",
      upstreamText: 'server error. command SyncVMI failed: "secret "no-such-secret" not found"',
    },
  });
});

test("what the cluster warns of at the dry run stands among the checks", async () => {
  // the guests of this one run on this very machine, whose size its nodes do not tell
  const real = await startConsole({ scenario: "demo", machines: "auto" });
  try {
    const person = await real.signIn("alice");
    const { checks, creatable } = await person.call("previewVm", {
      params: { project },
      body: {
        name: "wide",
        source: { kind: "blank" },
        diskSizeBytes: gib,
        sizing: { kind: "custom", cpuCores: availableParallelism() * 16 + 1, memoryBytes: gib },
        cloudInit: { kind: "none" },
        startAfterCreate: false,
      },
    });
    const dryRun = checks.find(({ name }) => name === "dry-run");
    if (real.sim.machines === "stand-in") expect(dryRun).toMatchObject({ result: "ok" });
    else {
      expect(dryRun).toMatchObject({ result: "warning", reason: { code: "dry-run-warned" } });
      expect(dryRun?.reason?.upstreamText).toContain("It will not start: This host runs guests of at most");
    }
    expect(creatable).toBe(true);
  } finally {
    await real.close();
  }
});
