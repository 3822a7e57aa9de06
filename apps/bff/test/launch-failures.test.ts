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

/** The first start needs what is not there, and so does each one after it. */
const seedFailing = (name: string) =>
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
const words = 'server error. command SyncVMI failed: "secret "no-such-secret" not found"';
/** Its state while no instance of it is left to ask. */
const loops = async (name: string) =>
  until(async () => {
    if (cut.app.services.inventory.feeds.instances.table.get(project, name) !== undefined) return false;
    const { row } = await alice.call("getVm", { params: { project, name } });
    return row.state.status === "CrashLoopBackOff" && row.state;
  });

test("a machine that fails each time it starts says why beside its state", async () => {
  seedFailing("never-starts");
  expect(await loops("never-starts")).toMatchObject({
    tone: "error",
    reason: { code: "vm-crash-loop", upstreamText: words },
  });
});

test("what was said of another machine of that name is not the reason", async () => {
  const name = "named-again";
  seedFailing(name);
  await loops(name);
  // its host's clock was ahead
  const lastTimestamp = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+Z$/, "Z");
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "of-another", namespace: project },
      involvedObject: { kind: "VirtualMachineInstance", namespace: project, name, uid: "of-another" },
      type: "Warning",
      reason: "SyncFailed",
      message: "What another one lacked",
      lastTimestamp,
    },
  ]);
  expect((await loops(name)).reason?.upstreamText).toBe(words);
});

test.each([429, 500, 504] as const)(
  "events that are answered with %i leave the machine's page whole",
  async (code) => {
    const name = `eventless-${code}`;
    seedFailing(name);
    await loops(name);
    const mended = cut.sim.faults.add({
      urlContains: "involvedObject.kind",
      effect: { kind: "status", code },
    });
    const { reason } = await loops(name);
    mended();
    expect(reason?.code).toBe("vm-crash-loop");
    expect(reason?.upstreamText).toBeUndefined();
  },
);

test.each(["silence", "hang-up"] as const)(
  "events that are met with %s leave the machine's page whole, and the cluster well",
  async (kind) => {
    const name = `unheard-${kind}`;
    seedFailing(name);
    await loops(name);
    const mended = cut.sim.faults.add({ urlContains: "involvedObject.kind", effect: { kind } });
    const { reason } = await loops(name);
    mended();
    expect(reason?.code).toBe("vm-crash-loop");
    expect(reason?.upstreamText).toBeUndefined();
    // a broken connection may tell of the whole cluster
    expect(kind === "silence" && cut.app.services.endpoint.isSuspect).toBe(false);
  },
);

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
    const upstreamText = expect.stringContaining(
      "It will not start: The computer below runs QEMU's guests of at most",
    ) as string;
    // where no QEMU is, stand-ins take any size
    const expected =
      real.sim.machines === "stand-in"
        ? { result: "ok" }
        : { result: "warning", reason: { code: "dry-run-warned", upstreamText } };
    expect(dryRun).toMatchObject(expected);
    expect(creatable).toBe(true);
  } finally {
    await real.close();
  }
});
