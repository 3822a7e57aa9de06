/** What somebody learns from trying to make a machine: nothing beyond the refusal, unless the cluster lets him make one. */
import type { VmCreateInput } from "@kubev/api-types/vm-create";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "refusals";
const mib = 1024 ** 2;
const rbac = "rbac.authorization.k8s.io";

let cut: ConsoleUnderTest;
let reader: Person;
let maker: Person;
let alice: Person;

const object = (kind: string, apiVersion: string, name: string, rest: Record<string, unknown>) => ({
  apiVersion,
  kind,
  metadata: { name, namespace: project },
  ...rest,
});

const grant = (user: string, rules: Record<string, unknown>[]) => [
  object("Role", `${rbac}/v1`, user, { rules }),
  object("RoleBinding", `${rbac}/v1`, user, {
    roleRef: { apiGroup: rbac, kind: "Role", name: user },
    subjects: [{ kind: "User", apiGroup: rbac, name: user }],
  }),
];

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  cut.sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    object("VirtualMachine", "kubevirt.io/v1", "hidden-machine", {
      spec: {
        runStrategy: "Halted",
        template: {
          spec: {
            domain: { devices: {}, memory: { guest: "128Mi" } },
            volumes: [{ name: "root", persistentVolumeClaim: { claimName: "a-disk" } }],
          },
        },
      },
      status: { printableStatus: "Stopped" },
    }),
    object("PersistentVolumeClaim", "v1", "a-disk", {
      spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
      status: { phase: "Bound" },
    }),
    object("ResourceQuota", "v1", "tight", {
      spec: { hard: { "requests.storage": "1234567" } },
      status: { hard: { "requests.storage": "1234567" }, used: { "requests.storage": "0" } },
    }),
    // sees the project, its disks and nothing else
    ...grant("viewer", [
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
      { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["list"] },
    ]),
    // may make machines and see disks, neither list machines nor quotas
    ...grant("bob", [
      { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
      { apiGroups: [""], resources: ["persistentvolumeclaims"], verbs: ["get", "list", "delete"] },
      { apiGroups: [""], resources: ["secrets"], verbs: ["create"] },
      { apiGroups: ["kubevirt.io"], resources: ["virtualmachines"], verbs: ["create"] },
    ]),
    ...grant("alice", [
      { apiGroups: ["", "kubevirt.io", "cdi.kubevirt.io"], resources: ["*"], verbs: ["*"] },
    ]),
  ]);
  await until(() => cut.app.services.inventory.feeds.vms.table.get(project, "hidden-machine") !== undefined);
  await until(() => cut.app.services.inventory.feeds.quotas.table.get(project, "tight") !== undefined);
  await until(() => cut.app.services.inventory.feeds.roleBindings.table.get(project, "alice") !== undefined);
  reader = await cut.signIn("viewer");
  maker = await cut.signIn("bob");
  alice = await cut.signIn("alice");
});
afterAll(async () => cut.close());

const spec = (name: string, over: Partial<VmCreateInput> = {}): VmCreateInput => ({
  name,
  source: { kind: "blank" },
  diskSizeBytes: 64 * mib,
  sizing: { kind: "custom", cpuCores: 1, memoryBytes: 128 * mib },
  cloudInit: { kind: "none" },
  ...over,
});
const onDisk = { source: { kind: "disk", name: "a-disk" } } as const;

describe("without the right to make a machine", () => {
  test.each([spec("hidden-machine"), spec("new-one", onDisk), spec("new-one")])(
    "the preview says only that ($name)",
    async (body) => {
      const preview = await reader.call("previewVm", { params: { project }, body });
      expect(preview.checks.map((check) => [check.name, check.result])).toEqual([["dry-run", "blocking"]]);
      expect(preview).toMatchObject({ yaml: "", creatable: false });
    },
  );

  test("a create is refused alike for a name that is taken and one that is free", async () => {
    for (const name of ["hidden-machine", "free-name"]) {
      const answer = await reader.refused("createVm", { params: { project }, body: spec(name) });
      expect(answer.status).toBe(403);
      expect(answer.body.error.code).toBe("forbidden");
    }
  });
});

describe("with it, but without lists", () => {
  test("quota has no figures", async () => {
    const { checks } = await maker.call("previewVm", { params: { project }, body: spec("new-one") });
    expect(checks.find((check) => check.name === "quota")).toMatchObject({ result: "unknown" });
    expect(JSON.stringify(checks)).not.toContain("1234567");
    const own = await alice.call("previewVm", { params: { project }, body: spec("new-one") });
    expect(own.checks.find((check) => check.name === "quota")).toMatchObject({
      result: "blocking",
      reason: { code: "quota-exceeded", params: { resource: "requests.storage" } },
    });
  });

  test("the machine that uses a disk has no name", async () => {
    const { checks } = await maker.call("previewVm", { params: { project }, body: spec("new-one", onDisk) });
    expect(checks.find((check) => check.name === "storage")).toMatchObject({
      result: "blocking",
      reason: { code: "disk-in-use" },
    });
    const disks = await maker.call("listDisks", { query: { project } });
    expect(disks.rows).toMatchObject([
      {
        name: "a-disk",
        usedBy: [],
        actions: { delete: { allowed: false, reason: { code: "disk-in-use" } } },
      },
    ]);
    const found = await maker.call("search", { query: { q: "a-disk" } });
    expect(found.hits.length).toBeGreaterThan(0);
    const byMachine = await maker.call("listDisks", { query: { project, q: "hidden" } });
    expect(byMachine.total).toBe(0);
    const refusal = await maker.refused("deleteDisk", { params: { project, name: "a-disk" } });
    for (const said of [checks, disks, found, refusal.body])
      expect(JSON.stringify(said)).not.toContain("hidden-machine");
    const own = await alice.call("listDisks", { query: { project } });
    expect(own.rows).toMatchObject([{ name: "a-disk", usedBy: ["hidden-machine"] }]);
  });
});

test("no host large enough warns, and the machine may be made", async () => {
  const { checks } = await alice.call("previewVm", {
    params: { project },
    body: spec("giant", { sizing: { kind: "custom", cpuCores: 512, memoryBytes: 1024 ** 4 } }),
  });
  expect(checks.find((check) => check.name === "schedulable")).toMatchObject({ result: "warning" });
});

test("a machine that was made but may not be started is a success with a warning", async () => {
  const made = await maker.call("createVm", {
    params: { project },
    body: spec("not-started", { runStrategy: "Manual", startAfterCreate: true }),
  });
  expect(made).toMatchObject({ project, name: "not-started", warning: { code: "no-permission" } });
  expect(made.warning?.upstreamText).toContain("virtualmachines/start");
  await until(() => cut.app.services.inventory.feeds.vms.table.get(project, "not-started") !== undefined);
});
