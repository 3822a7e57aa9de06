/** What is under way, to each what he may see: fills and copies of disks, restores and clones of machines. */
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { ShiftedClock } from "./shifted-clock.ts";

const project = "under-way";
const rbac = "rbac.authorization.k8s.io";
let sim: KubeSim;
let cut: ConsoleUnderTest;
const clock = new ShiftedClock();

const object = (kind: string, apiVersion: string, name: string, rest: object) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: project },
  ...rest,
});
const filling = (name: string, source: object, phase: string) =>
  object("DataVolume", "cdi.kubevirt.io/v1beta1", name, {
    spec: { source, storage: { resources: { requests: { storage: "1Gi" } } } },
    status: { phase, progress: "40.0%" },
  });
const machine = (name: string) => ({ apiGroup: "kubevirt.io", kind: "VirtualMachine", name });
const restore = (name: string, target: string, status: object) =>
  object("VirtualMachineRestore", "snapshot.kubevirt.io/v1beta1", name, {
    spec: { target: machine(target), virtualMachineSnapshotName: "before" },
    status,
  });
const clone = (name: string, target: string, phase: string) =>
  object("VirtualMachineClone", "clone.kubevirt.io/v1beta1", name, {
    spec: { source: machine("first"), target: machine(target) },
    status: { phase },
  });
const grant = (user: string, rules: object[]) => [
  object("Role", `${rbac}/v1`, user, { rules }),
  object("RoleBinding", `${rbac}/v1`, user, {
    roleRef: { apiGroup: rbac, kind: "Role", name: user },
    subjects: [{ kind: "User", apiGroup: rbac, name: user }],
  }),
];
/** A machine and a disk that are deleted and kept by somebody's finalizer; KubeVirt's objects have no grace, pods have one. */
const held = (name: string, deletionTimestamp: string) =>
  [
    object("VirtualMachine", "kubevirt.io/v1", name, {
      spec: { runStrategy: "Halted", template: { spec: { domain: { devices: {} } } } },
    }),
    object("PersistentVolumeClaim", "v1", name, { spec: {} }),
  ].map((one) => ({
    ...one,
    metadata: {
      ...one.metadata,
      creationTimestamp: "2026-09-18T00:00:00Z",
      deletionTimestamp,
      deletionGracePeriodSeconds: 30,
      finalizers: ["backup.example.com/hold"],
    },
  }));
const list = (group: string, resource: string) => ({
  apiGroups: [group],
  resources: [resource],
  verbs: ["get", "list", "watch"],
});

beforeAll(async () => {
  // nothing goes on by itself: what is under way stays so
  sim = await startKubeSim({ dataDir: null, scenario: "empty", controllers: false });
  sim.seed([
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: project, labels: { "console.kubev.io/project": "true" } },
    },
    filling("from-web", { http: { url: "https://example.org/a" } }, "ImportInProgress"),
    filling("from-disk", { pvc: { namespace: project, name: "a" } }, "CloneInProgress"),
    filling("from-here", { upload: {} }, "UploadReady"),
    filling("full", { blank: {} }, "Succeeded"),
    restore("set-back", "second", { complete: false }),
    restore("is-back", "third", { complete: true }),
    restore("broken", "fourth", {
      complete: false,
      conditions: [{ type: "Failure", status: "True", reason: "Timeout" }],
    }),
    clone("copying", "fifth", "SnapshotInProgress"),
    clone("copied", "sixth", "Succeeded"),
    ...held("hung", "2026-11-20T08:00:00Z"),
    object("VirtualMachine", "kubevirt.io/v1", "filled", {
      spec: { runStrategy: "Always", template: { spec: { domain: { devices: {} } } } },
      status: { printableStatus: "Provisioning" },
    }),
    ...grant("alice", [
      list("kubevirt.io", "virtualmachines"),
      list("kubevirt.io", "virtualmachineinstances"),
      list("", "persistentvolumeclaims"),
      list("snapshot.kubevirt.io", "virtualmachinerestores"),
      list("clone.kubevirt.io", "virtualmachineclones"),
    ]),
    ...grant("bob", [list("", "persistentvolumeclaims")]),
  ]);
  cut = await startConsole({ sim, clock });
});
afterAll(async () => {
  await cut.close();
  await sim.close();
});

const tasksOf = async (person: Person) =>
  (await person.call("listTasks")).tasks
    .filter(({ ref }) => ref.project === project)
    .map(({ kind, ref, progressPercent }) => `${kind} ${ref.noun} ${ref.name} ${progressPercent ?? "-"}`)
    .toSorted();

test("disks that are filled by their source, machines that are set back or copied; what is done or failed is none", async () => {
  const alice = await cut.signIn("alice");
  const tasks = await until(async () => {
    const found = await tasksOf(alice);
    return found.length >= 8 && found;
  });
  expect(tasks).toEqual([
    "clone disk from-disk 40",
    "clone virtual-machine fifth -",
    "delete disk hung -",
    "delete virtual-machine hung -",
    "import disk from-web 40",
    "restore virtual-machine second -",
    "start virtual-machine filled -",
    "upload disk from-here 40",
  ]);
});

test("a deletion is as old as its asking, says what it waits for, and needs a person when it takes long", async () => {
  const alice = await cut.signIn("alice");
  const found = await until(async () => {
    const { tasks } = await alice.call("listTasks");
    const deletions = tasks.filter(({ kind }) => kind === "delete");
    return deletions.length >= 2 && deletions;
  });
  expect(found.map(({ ref }) => `${ref.noun} ${ref.name}`).toSorted()).toEqual([
    "disk hung",
    "virtual-machine hung",
  ]);
  const reason = { code: "deletion-waits", params: { finalizers: "backup.example.com/hold" } };
  for (const one of found)
    expect(one).toMatchObject({ startedAt: "2026-11-20T07:59:30.000Z", tone: "attention", reason });
  const { row } = await alice.call("getVm", { params: { project, name: "hung" } });
  expect(row.state).toMatchObject({ status: "Terminating", reason });
});

test("a start that no instance dates has no age", async () => {
  const alice = await cut.signIn("alice");
  const { tasks } = await alice.call("listTasks");
  expect(tasks.find(({ ref }) => ref.name === "filled")).toMatchObject({ kind: "start", startedAt: null });
});

test("who may not list restores and clones sees disks alone, a stranger nothing", async () => {
  const bob = await cut.signIn("bob");
  expect(await until(async () => (await tasksOf(bob)).length > 0 && tasksOf(bob))).toEqual([
    "clone disk from-disk 40",
    "delete disk hung -",
    "import disk from-web 40",
    "upload disk from-here 40",
  ]);
  expect(await tasksOf(await cut.signIn("viewer"))).toEqual([]);
});

test("a machine that goes for too long is found among those that need attention, though no object changes", async () => {
  sim.seed(held("lingering", new Date(Date.now() + 30_000).toISOString()));
  const alice = await cut.signIn("alice");
  const found = async (q: string) => {
    const { rows } = await alice.call("listVms", { query: { q } });
    return rows.map(({ name, state }) => `${name} ${state.status} ${state.tone}`);
  };
  await until(async () => (await found("name:lingering")).length === 1);
  expect(await found("status:working name:lingering")).toEqual(["lingering Terminating working"]);
  const facets = async () => (await alice.call("listVms", { query: { q: "status:terminating" } })).facets;
  // one of them hangs, and the count of its state says so
  expect(await facets()).toEqual({ status: { Terminating: 2 }, error: {}, attention: { Terminating: 1 } });
  expect(await found("status:error,attention")).toEqual(["hung Terminating attention"]);
  clock.forward(11 * 60_000);
  expect(await found("status:error,attention")).toEqual([
    "hung Terminating attention",
    "lingering Terminating attention",
  ]);
  expect(await facets()).toMatchObject({ attention: { Terminating: 2 } });
  // what is told once is told: a machine that goes on hanging is no change
  let changes = 0;
  cut.app.services.nouns.vmIndex.index.onChange(() => (changes += 1));
  clock.forward(60_000);
  await found("status:attention");
  clock.forward(60_000);
  await found("name:hung");
  expect(changes).toBe(0);
});
