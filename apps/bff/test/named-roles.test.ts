/** A role whose rules name single objects shows and allows exactly those, and nothing else of where they lie. */
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bindRole, unbindRole } from "./bound-roles.ts";
import { type ConsoleUnderTest, type Person, startConsole, until } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let bob: Person;
const project = "named-lab";
const mine = "zq-mine";
const other = "zq-other";
const host = "host-2";

const kinds = [
  {
    apiVersion: "kubevirt.io/v1",
    kind: "VirtualMachine",
    spec: {
      runStrategy: "Halted",
      template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
    },
    status: { printableStatus: "Stopped" },
  },
  {
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
    status: { phase: "Bound" },
  },
  { apiVersion: "v1", kind: "ConfigMap", data: { a: "b" } },
];

const named = (group: string, resources: string[], verbs: string[]) => ({
  apiGroups: [group],
  resources,
  resourceNames: [mine],
  verbs,
});

beforeAll(async () => {
  cut = await startConsole();
  cut.sim.seed([
    { apiVersion: "v1", kind: "Namespace", metadata: { name: project }, status: { phase: "Active" } },
    ...[mine, other].flatMap((name) =>
      kinds.map((kind) => ({ ...kind, metadata: { name, namespace: project } })),
    ),
  ]);
  bindRole(cut, project, "some", { kind: "User", name: "bob" }, [
    named("kubevirt.io", ["virtualmachines", "virtualmachineinstances"], ["get"]),
    named("subresources.kubevirt.io", ["virtualmachines/start"], ["update"]),
    named("", ["persistentvolumeclaims"], ["get", "list", "delete"]),
    named("", ["configmaps"], ["get", "delete"]),
  ]);
  bindRole(cut, "", "one-host", { kind: "Group", name: "tenants" }, [
    { apiGroups: [""], resources: ["nodes"], resourceNames: [host], verbs: ["get"] },
  ]);
  const { feeds } = cut.app.services.inventory;
  await until(() => feeds.roleBindings.table.get(project, "some") !== undefined);
  await until(() => feeds.clusterRoleBindings.table.get("", "one-host") !== undefined);
  await until(() => feeds.vms.table.get(project, other) !== undefined);
  await until(() => feeds.claims.table.get(project, other) !== undefined);
  bob = await cut.signIn("bob");
});
afterAll(async () => cut.close());

const noun: ObjectNoun = "config-map";
/** Names of rows in the project, and the count of them: of machines, disks and config maps. */
async function shown() {
  const query = { q: "zq-", pageSize: 50 };
  const pages = await Promise.all([
    bob.call("listVms", { query }),
    bob.call("listDisks", { query }),
    bob.call("listObjects", { params: { noun }, query }),
  ]);
  return pages.map(({ rows, total }) => ({ names: rows.map(({ name }) => name), total }));
}
const nothing = [0, 1, 2].map(() => ({ names: [], total: 0 }));
const one = [0, 1, 2].map(() => ({ names: [mine], total: 1 }));

const found = async () =>
  (await bob.call("search", { query: { q: "zq-", limit: 12 } })).hits.map(({ title }) => title);

const details = (name: string) =>
  [
    ["getVm", { project, name }],
    ["getDisk", { project, name }],
    ["getObject", { noun, project, name }],
  ] as const;

const statuses = async (name: string) =>
  Promise.all(
    details(name).map(async ([operation, params]) => (await bob.ask(operation, { params })).status),
  );

test("lists, counts and search have the named objects alone", async () => {
  await until(async () => (await bob.call("listVms", { query: { q: "zq-" } })).total > 0);
  await until(
    async () => (await bob.call("listObjects", { params: { noun }, query: { q: "zq-" } })).total > 0,
  );
  expect(await shown()).toEqual(one);
  const titles = await until(async () => {
    const hits = await found();
    return hits.length >= 3 && hits;
  });
  expect(titles).toEqual([mine, mine, mine]);
});

test("details are answered for the named, and are not there for the others", async () => {
  expect(await statuses(mine)).toEqual([200, 200, 200]);
  const bare = (body: unknown, name: string) =>
    JSON.stringify(body)
      .replaceAll(/"requestId":"[^"]*"/g, "")
      .replaceAll(name, "NAME");
  for (const [index, [operation, params]] of details(other).entries()) {
    const hidden = await bob.refused(operation, { params });
    const absentParams = details("zq-absent")[index]?.[1];
    const absent = await bob.refused(operation, { params: { ...absentParams } });
    expect(hidden.status).toBe(absent.status);
    expect(bare(hidden.body, other)).toBe(bare(absent.body, "zq-absent"));
  }
});

test("a row's actions are what the role says of that one object", async () => {
  const noPermission = { allowed: false, reason: { code: "no-permission" } };
  const [vm] = (await bob.call("listVms", { query: { q: "zq-" } })).rows;
  expect(vm?.actions).toMatchObject({ start: { allowed: true }, delete: noPermission });
  const { row } = await bob.call("getVm", { params: { project, name: mine } });
  expect(row.actions).toMatchObject({ start: { allowed: true }, delete: noPermission });
  const [disk] = (await bob.call("listDisks", { query: { q: "zq-" } })).rows;
  expect(disk?.actions).toMatchObject({ delete: { allowed: true }, resize: noPermission });
  const [map] = (await bob.call("listObjects", { params: { noun }, query: { q: "zq-" } })).rows;
  expect(map?.actions).toMatchObject({ delete: { allowed: true }, edit: noPermission });
});

test("the project they lie in stays hidden, with its other lists", async () => {
  expect((await bob.call("listProjects", { query: { q: project } })).total).toBe(0);
  expect((await bob.ask("getProject", { params: { project } })).status).toBe(404);
  const services = { params: { noun: "service" as const }, query: { q: `project:${project}` } };
  expect((await bob.call("listObjects", services)).total).toBe(0);
  expect((await bob.refused("listSecrets", { params: { project } })).status).toBe(
    (await bob.refused("listSecrets", { params: { project: "no-such-project" } })).status,
  );
});

test("a cluster role that names one host shows that host alone", async () => {
  const { rows, total } = await bob.call("listHosts");
  expect([rows.map(({ name }) => name), total]).toEqual([[host], 1]);
  expect((await bob.ask("getHost", { params: { name: host } })).status).toBe(200);
  expect((await bob.ask("getHost", { params: { name: "host-1" } })).status).toBe(
    (await bob.ask("getHost", { params: { name: "no-such-host" } })).status,
  );
});

test("an action on a named machine is done, and on another is refused as on one that is not there", async () => {
  const start = async (name: string) => {
    const answer = await bob.call("actOnVms", { body: { action: "start", targets: [{ project, name }] } });
    return JSON.stringify(answer).replaceAll(name, "NAME");
  };
  expect(await start(other)).toBe(await start("zq-absent"));
  await start(mine);
  const { feeds } = cut.app.services.inventory;
  await until(() => feeds.instances.table.get(project, mine) !== undefined);
  expect(feeds.instances.table.get(project, other)).toBeUndefined();
});

test("without the binding nothing of it is left", async () => {
  await unbindRole(cut, project, "some");
  await until(async () => JSON.stringify(await shown()) === JSON.stringify(nothing), 10_000);
  expect(await found()).toEqual([]);
  for (const status of await statuses(mine)) expect([403, 404]).toContain(status);
});
