/** Projects whole: made with bounds and members, their words changed, what goes with them, and what one may do in them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "demo" });
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const draft = {
  name: "made",
  displayName: "Made",
  description: "For a test",
  labels: { team: "blue" },
  quota: [{ resource: "pods", amount: "10" }],
  limits: [{ type: "Container" as const, resource: "memory", defaultLimit: "512Mi" }],
  members: [{ kind: "User" as const, name: "bob", role: "admin" }],
};

test("a project says whether its secrets may be listed, as the cluster then answers", async () => {
  const params = { project: "web-shop" };
  const viewer = await cut.signIn("viewer");
  for (const [person, may] of [
    [alice, true],
    [viewer, false],
  ] as const) {
    expect((await person.call("getProject", { params })).listSecrets.allowed).toBe(may);
    expect((await person.ask("listSecrets", { params, query: { uses: "false" } })).status).toBe(
      may ? 200 : 403,
    );
  }
});

test("the preview says what will be made and what is wrong, and makes nothing", async () => {
  const preview = await operator.call("previewProject", { body: draft });
  expect(preview).toMatchObject({ ok: true, fields: [] });
  for (const kind of ["Namespace", "ResourceQuota", "LimitRange", "RoleBinding"])
    expect(preview.yaml).toContain(`kind: ${kind}`);
  const taken = await operator.call("previewProject", {
    body: { ...draft, name: "web-shop", members: [{ kind: "User", name: "bob", role: "no-such-role" }] },
  });
  expect(taken.fields.map(({ path }) => path)).toEqual(["name", "members.0.role"]);
  expect((await operator.ask("getProject", { params: { project: "made" } })).status).toBe(404);
  expect((await alice.refused("previewProject", { body: draft })).status).toBe(403);
  expect((await alice.refused("createProject", { body: draft })).status).toBe(403);
});

test("it is made with its quota and its member, who finds it", async () => {
  const made = await operator.call("createProject", { body: draft });
  expect(made).toMatchObject({
    notMade: [],
    // whoever may list machines is told that there are none
    project: {
      name: "made",
      labels: { team: "blue" },
      virtualMachines: { total: 0, running: 0, attention: 0 },
    },
  });
  await until(async () => (await bob.ask("getProject", { params: { project: "made" } })).status === 200);
  await until(
    async () => (await bob.call("getProject", { params: { project: "made" } })).quota?.length === 1,
  );
  const { rows } = await bob.call("listObjects", {
    params: { noun: "limit-range" },
    query: { project: "made" },
  });
  expect(rows.map(({ name }) => name)).toEqual(["limits"]);
  expect((await alice.ask("getProject", { params: { project: "made" } })).status).toBe(404);
});

test("its words change over what the person saw; a field of two is a conflict, a tenant is refused", async () => {
  const params = { project: "made" };
  const { displayName, description, labels } = await operator.call("getProject", { params });
  const was = { displayName, description, labels };
  const { team: _team, ...rest } = labels;
  const body = { displayName: "Renamed", description, labels: { ...rest, tier: "gold" }, was };
  expect((await bob.refused("editProject", { params, body })).status).toBe(403);
  await operator.call("editProject", { params, body });
  const renamed = await until(async () => {
    const row = await operator.call("getProject", { params });
    return row.displayName === "Renamed" && row;
  });
  expect(renamed.labels).toMatchObject({ tier: "gold" });
  expect(renamed.labels["team"]).toBeUndefined();
  const mine = { ...body, displayName: "Mine", description: "Kept", labels: { ...labels, zone: "b" } };
  const stale = await operator.refused("editProject", { params, body: mine });
  expect(stale).toMatchObject({
    status: 409,
    body: { error: { conflicts: [{ path: "displayName", theirs: "Renamed", yours: "Mine" }] } },
  });
  const decided = { ...mine, was: { ...was, displayName: "Renamed" } };
  await operator.call("editProject", { params, body: decided });
  const both = await until(async () => {
    const row = await operator.call("getProject", { params });
    return row.displayName === "Mine" && row;
  });
  expect(both).toMatchObject({ description: "Kept", labels: { tier: "gold", zone: "b" } });
  const { rows } = await operator.call("listActivity", { query: { noun: "project", name: "made" } });
  const edited = rows.findLast(({ action, outcome }) => action === "update" && outcome === "ok");
  expect(edited?.diff.map(({ path }) => path)).toEqual(["/displayName", "/labels"]);
});

test("its text is read by whoever may read it, and stored by whoever may change it", async () => {
  const params = { project: "made" };
  const { yaml, resourceVersion } = await operator.call("getProjectYaml", { params });
  expect(yaml).toContain("kind: Namespace");
  const body = {
    yaml: yaml.replace(/^ {2}labels:\n/m, "  labels:\n    by: text\n"),
    resourceVersion,
  };
  expect(await operator.call("checkProjectYaml", { params, body })).toMatchObject({ ok: true });
  await operator.call("putProjectYaml", { params, body });
  const stale = await operator.refused("putProjectYaml", { params, body });
  expect(stale.status).toBe(409);
  expect(stale.body.error.current?.yaml).toContain("by: text");
  await until(async () => (await operator.call("getProject", { params })).labels["by"] === "text");
  const his = await bob.call("getProjectYaml", { params });
  expect(his.yaml).toContain("by: text");
  expect((await bob.call("getProject", { params })).actions.edit.allowed).toBe(false);
  const asBob = { params, body: { yaml: his.yaml, resourceVersion: his.resourceVersion } };
  expect((await bob.refused("checkProjectYaml", asBob)).status).toBe(403);
  expect((await bob.refused("putProjectYaml", asBob)).status).toBe(403);
  expect((await alice.refused("getProjectYaml", { params })).status).toBe(404);
  const { rows } = await operator.call("listActivity", { query: { noun: "project", name: "made" } });
  expect(rows.find(({ action, outcome }) => action === "edit" && outcome === "ok")?.diff).toMatchObject([
    { path: "/labels/by", new: "text" },
  ]);
});

test("what goes with a project is counted, as far as the person may see it", async () => {
  const params = { project: "web-shop" };
  expect((await operator.call("getProjectDeletion", { params })).more).toBe(false);
  const { parts } = await alice.call("getProjectDeletion", { params });
  expect(parts.find(({ noun }) => noun === "virtual-machine")?.count).toBeGreaterThan(0);
  expect((await bob.refused("getProjectDeletion", { params: { project: "web-shop" } })).status).toBe(404);
});

test("deeds and the missing rights are the cluster's own answers", async () => {
  const deedsOf = async (person: Person) =>
    new Map(
      (await person.call("getProjectDeeds", { params: { project: "web-shop" } })).deeds.map((one) => [
        one.deed,
        one,
      ]),
    );
  const all = await deedsOf(operator);
  expect([...all.values()].every(({ decision }) => decision.allowed)).toBe(true);
  const hers = await deedsOf(alice);
  expect(hers.get("create-machine")).toMatchObject({
    decision: { allowed: true },
    verb: "create",
    resource: "virtualmachines.kubevirt.io",
  });
  expect(hers.get("delete-project")).toMatchObject({
    decision: { allowed: false, reason: { code: "no-permission" } },
  });
  expect((await bob.refused("getProjectDeeds", { params: { project: "web-shop" } })).status).toBe(404);
});

test("it is deleted with all that is in it", async () => {
  await operator.call("deleteProject", { params: { project: "made" } });
  await until(async () => (await operator.ask("getProject", { params: { project: "made" } })).status === 404);
  const { rows } = await operator.call("listObjects", {
    params: { noun: "limit-range" },
    query: { q: "project:made" },
  });
  expect(rows).toEqual([]);
});
