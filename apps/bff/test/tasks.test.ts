/** What is under way, to each what he may see: fills and copies of disks, restores and clones of machines. */
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "under-way";
const rbac = "rbac.authorization.k8s.io";
let sim: KubeSim;
let cut: ConsoleUnderTest;

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
    ...grant("alice", [
      list("", "persistentvolumeclaims"),
      list("snapshot.kubevirt.io", "virtualmachinerestores"),
      list("clone.kubevirt.io", "virtualmachineclones"),
    ]),
    ...grant("bob", [list("", "persistentvolumeclaims")]),
  ]);
  cut = await startConsole({ sim });
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
    return found.length >= 5 && found;
  });
  expect(tasks).toEqual([
    "clone disk from-disk 40",
    "clone virtual-machine fifth -",
    "import disk from-web 40",
    "restore virtual-machine second -",
    "upload disk from-here 40",
  ]);
});

test("who may not list restores and clones sees disks alone, a stranger nothing", async () => {
  const bob = await cut.signIn("bob");
  expect(await until(async () => (await tasksOf(bob)).length > 0 && tasksOf(bob))).toEqual([
    "clone disk from-disk 40",
    "import disk from-web 40",
    "upload disk from-here 40",
  ]);
  expect(await tasksOf(await cut.signIn("viewer"))).toEqual([]);
});
