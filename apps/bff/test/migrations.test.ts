/** Live migration through the console: who may, where to and why not, how far, cancel, each machine's own outcome. */
import type { VmMigrations } from "@kubev/api-types/vm-migrations";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const rbac = "rbac.authorization.k8s.io";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;

const machine = (name: string, seconds: number) => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name, namespace: project },
  spec: {
    runStrategy: "Always",
    template: {
      metadata: { annotations: { "kubesim.kubev.io/migration-seconds": String(seconds) } },
      spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] },
    },
  },
});

const running = async (name: string) =>
  until(async () => {
    const { row } = await operator.call("getVm", { params: { project, name } });
    return row.state.status === "Running" && row;
  });
const migrationsOf = async (name: string, who = operator): Promise<VmMigrations> =>
  who.call("getVmMigrations", { params: { project, name } });
const act = async (action: "migrate" | "cancelMigration", names: string[], who: Person, host?: string) =>
  (
    await who.call("actOnVms", {
      body: {
        action,
        targets: names.map((name) => ({ project, name })),
        ...(host === undefined ? {} : { host }),
      },
    })
  ).outcomes;

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([machine("quick", 0), machine("slow", 600), machine("stays", 0)]);
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
  await Promise.all(["quick", "slow", "stays"].map(running));
});
afterAll(async () => cut.close());

test("the operator sends a machine to a host of his choice, and sees why others cannot take it", async () => {
  const { host } = await running("quick");
  const before = await migrationsOf("quick");
  expect(before).toMatchObject({ migrate: { allowed: true }, active: null, hostsVisible: true });
  const reasons = new Map(
    before.targets.map(({ host: name, decision }) => [name, decision.allowed ? "" : decision.reason.code]),
  );
  expect(reasons.get(host)).toBe("host-is-current");
  expect([...reasons.values()]).toContain("host-cordoned"); // the demo has one
  const target = before.targets.find((one) => one.decision.allowed)?.host ?? "";
  expect(await act("migrate", ["quick"], operator, target)).toMatchObject([{ ok: true }]);
  const after = await until(async () => {
    const now = await migrationsOf("quick");
    return now.history[0]?.stage === "succeeded" && now;
  });
  expect(after.history[0]).toMatchObject({ sourceHost: host, targetHost: target, wantedHost: target });
  expect((await running("quick")).host).toBe(target);
  const { rows } = await operator.call("listActivity", { query: { project, name: "quick" } });
  expect(rows[0]).toMatchObject({ action: "migrate", outcome: "ok", diff: [{ path: "/host", new: target }] });
});

test("a migration under way is shown with its stage and can be cancelled; the machine stays", async () => {
  const { host } = await running("slow");
  await act("migrate", ["slow"], operator);
  const active = await until(async () => {
    const now = await migrationsOf("slow");
    return now.active?.stage === "copying" && now;
  });
  expect(active.active).toMatchObject({ sourceHost: host, mode: "PreCopy", wantedHost: "" });
  expect(active).toMatchObject({
    migrate: { allowed: false, reason: { code: "vm-is-migrating" } },
    cancel: { allowed: true },
  });
  expect(await act("migrate", ["slow"], operator)).toMatchObject([
    { ok: false, reason: { upstreamText: expect.stringContaining("in-flight migration") as string } },
  ]);
  expect(await act("cancelMigration", ["slow"], operator)).toMatchObject([{ ok: true }]);
  await until(async () => (await migrationsOf("slow")).active === null);
  expect((await running("slow")).host).toBe(host);
  expect(await act("cancelMigration", ["slow"], operator)).toMatchObject([
    { ok: false, reason: { code: "vm-not-migrating" } },
  ]);
});

test("only kubevirt.io:migrate lets a tenant migrate, and without hosts only the scheduler chooses", async () => {
  const own = await migrationsOf("stays", alice);
  expect(own).toMatchObject({ hostsVisible: false, targets: [] });
  expect(own.migrate).toMatchObject({ allowed: false, reason: { code: "no-permission" } });
  expect(await act("migrate", ["stays"], alice)).toMatchObject([{ ok: false }]);
  cut.sim.seed([
    {
      apiVersion: `${rbac}/v1`,
      kind: "RoleBinding",
      metadata: { name: "may-migrate", namespace: project },
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "kubevirt.io:migrate" },
      subjects: [{ kind: "User", apiGroup: rbac, name: "alice" }],
    },
  ]);
  await until(async () => (await migrationsOf("stays", alice)).migrate.allowed);
  const outcomes = await act("migrate", ["stays", "not-there"], alice);
  expect(outcomes).toMatchObject([
    { name: "stays", ok: true },
    { name: "not-there", ok: false },
  ]);
  const refused = await bob.refused("getVmMigrations", { params: { project, name: "stays" } });
  expect(refused.status).toBe(403);
});
