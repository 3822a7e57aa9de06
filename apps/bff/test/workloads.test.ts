/** Deeds of workloads and members of projects, as the operator, the owning tenant and a foreign one. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

const project = "web-shop";
const foreign = { project: "no-such-project", name: "web", noun: "deployment" } as const;
let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
  cut.sim.seed([
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata: { name: "web", namespace: project },
      spec: {
        replicas: 1,
        selector: { matchLabels: { app: "web" } },
        template: {
          metadata: { labels: { app: "web" } },
          spec: { containers: [{ name: "web", image: "registry.example.com/web:1" }] },
        },
      },
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name: "report", namespace: project },
      spec: {
        schedule: "0 3 * * *",
        jobTemplate: {
          spec: {
            template: { spec: { restartPolicy: "Never", containers: [{ name: "report", image: "x" }] } },
          },
        },
      },
    },
  ]);
});
afterAll(async () => cut.close());

const rowsOf = async (person: Person, noun: "pod" | "job" | "deployment", q: string) =>
  (await person.call("listObjects", { params: { noun }, query: { project, q } })).rows;
const place = { project, name: "web", noun: "deployment" } as const;

test("a tenant scales and restarts her deployment, and the trail says so", async () => {
  await until(async () => (await rowsOf(alice, "pod", "workload:web status:running")).length === 1);
  const { detail } = await alice.call("getObject", { params: place });
  expect(detail["deeds"]).toMatchObject({ scale: { allowed: true }, restart: { allowed: true } });
  await alice.call("actOnWorkload", { params: place, body: { deed: "scale", replicas: 2 } });
  const running = async () => rowsOf(alice, "pod", "workload:web status:running");
  await until(async () => (await running()).length === 2);
  const before = (await running()).map(({ name }) => name);
  await alice.call("actOnWorkload", { params: place, body: { deed: "restart" } });
  await until(async () => {
    const now = await running();
    return now.length === 2 && now.every(({ name }) => !before.includes(name));
  });
  const { rows } = await alice.call("listActivity", { query: { project, noun: "deployment" } });
  expect(rows.map(({ action }) => action)).toEqual(["restart", "scale"]);
  expect(rows[1]?.diff).toEqual([{ path: "/spec/replicas", new: 2 }]);
});

test("what a kind cannot do is refused; a stranger learns nothing", async () => {
  const refused = await alice.refused("actOnWorkload", { params: place, body: { deed: "run" } });
  expect(refused.body.error.reason?.code).toBe("workload-cannot");
  for (const params of [place, foreign]) {
    const answer = await bob.refused("actOnWorkload", { params, body: { deed: "restart" } });
    expect(answer.status).toBe(404);
  }
});

test("a schedule begins a job at once", async () => {
  const params = { project, name: "report", noun: "cron-job" } as const;
  await until(async () => (await alice.ask("getObject", { params })).status === 200);
  await alice.call("actOnWorkload", { params, body: { deed: "run" } });
  await until(async () => (await rowsOf(alice, "job", "owner:report status:done")).length === 1);
  const [begun] = await rowsOf(alice, "job", "owner:report");
  expect(begun?.facts).toMatchObject({ owner: "report", succeeded: 1 });
});

const bind = (name: string, role: string, member: string) => ({
  params: { noun: "role-binding", project } as const,
  body: { spec: { name, role, subjects: [{ kind: "User", name: member }] } },
});

test("a tenant gives what she has, not more, and cannot take away the last administrator", async () => {
  await alice.call("createObject", bind("bob-view", "view", "bob"));
  await until(async () => (await bob.ask("getProject", { params: { project } })).status === 200);
  const refused = await alice.refused("createObject", bind("bob-root", "cluster-admin", "bob"));
  expect(refused.status).toBe(403);
  expect(refused.body.error.reason?.upstreamText).toContain(
    "attempting to grant RBAC permissions not currently held",
  );
  const missing = await alice.call("previewObject", bind("bob-nothing", "no-such-role", "bob"));
  expect(missing.fields).toMatchObject([{ path: "role", reason: { code: "role-missing" } }]);

  const admins = (
    await alice.call("listObjects", { params: { noun: "role-binding" }, query: { project, q: "role:admin" } })
  ).rows;
  expect(admins).toHaveLength(1);
  const [last] = admins;
  expect(last?.actions.delete).toMatchObject({ allowed: false, reason: { code: "last-admin" } });
  const params = { noun: "role-binding", project, name: last?.name ?? "" } as const;
  expect((await alice.refused("deleteObject", { params })).status).toBe(409);
  await operator.call("createObject", bind("bob-admin", "admin", "bob"));
  await alice.call("deleteObject", { params: { ...params, name: "bob-view" } });
  await until(async () => {
    const now = await operator.call("getObject", { params });
    return now.row.actions.delete.allowed;
  });
});
