/** Who may list namespaces and nothing in them learns that they are there, and nothing of what is in them. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ConsoleUnderTest, type Person, until } from "./console-under-test.ts";
import { marker, openLive, secret, startForeignProject } from "./foreign-project.ts";

let cut: ConsoleUnderTest;
afterAll(async () => cut.close());

const kinds = [
  "virtualmachines.kubevirt.io",
  "virtualmachineinstances.kubevirt.io",
  "persistentvolumeclaims",
  "datasources.cdi.kubevirt.io",
  "datavolumes.cdi.kubevirt.io",
  "pods",
];
let reader: Person;

beforeAll(async () => {
  cut = await startForeignProject();
  const { audit, inventory } = cut.app.services;
  for (const noun of ["virtual-machine", "image", "disk"] as const)
    await audit.record({
      user: "alice",
      action: "create",
      noun,
      project: secret,
      name: `${marker}-${noun}`,
      outcome: "ok",
      sourceIp: "198.51.100.77",
      requestId: "",
      diff: [{ path: "", new: { canary: marker } }],
    });
  const rbac = "rbac.authorization.k8s.io";
  const role = { apiVersion: `${rbac}/v1`, metadata: { name: "namespace-reader" } };
  cut.sim.seed([
    {
      ...role,
      kind: "ClusterRole",
      rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get", "list"] }],
    },
    {
      ...role,
      kind: "ClusterRoleBinding",
      roleRef: { apiGroup: rbac, kind: "ClusterRole", name: "namespace-reader" },
      subjects: [{ kind: "User", apiGroup: rbac, name: "viewer" }],
    },
  ]);
  await until(() => inventory.feeds.clusterRoleBindings.table.get("", "namespace-reader") !== undefined);
  reader = await cut.signIn("viewer");
  await until(async () => (await reader.ask("getProject", { params: { project: secret } })).status === 200);
});

test.each(["listVms", "listImages", "listDisks", "search", "listTasks"] as const)(
  "%s says nothing of what is in the project",
  async (name) => {
    const calledWith = name === "search" ? { query: { q: "isolated-m" } } : {};
    const answer = await reader.ask(name, calledWith);
    expect(answer.status).toBe(200);
    expect(JSON.stringify(answer.body)).not.toContain(marker);
  },
);

test("the trail has his own rows and those of projects, and no address of others", async () => {
  const { rows } = await reader.call("listActivity", { query: { project: secret, limit: 200 } });
  const others = rows.filter((row) => row.user !== "viewer");
  expect(others.filter((row) => row.noun !== "project")).toEqual([]);
  expect(others.every((row) => row.sourceIp === "")).toBe(true);
  expect(rows.every((row) => row.noun === "project" || row.diff.length === 0)).toBe(true);
});

test("the operator sees the same rows, with where they came from", async () => {
  const operator = await cut.signIn("operator");
  const { rows } = await operator.call("listActivity", { query: { project: secret, user: "alice" } });
  expect(rows.map((row) => row.noun).toSorted()).toEqual(["disk", "image", "virtual-machine"]);
  expect(rows.every((row) => row.sourceIp === "198.51.100.77" && row.diff.length === 1)).toBe(true);
});

test("nothing is counted, and nothing is said to be none", async () => {
  const unknown = { virtualMachines: null, quota: null };
  expect(await reader.call("getProject", { params: { project: secret } })).toMatchObject(unknown);
  const { rows } = await reader.call("listProjects", {});
  expect(rows.find(({ name }) => name === secret)).toMatchObject(unknown);
  const { feeds } = await reader.call("getCapabilities");
  for (const kind of kinds)
    expect(feeds.find((feed) => feed.resource === kind)).toMatchObject({ objects: 0 });
  expect(feeds.find((feed) => feed.resource === "namespaces")?.objects).toBeGreaterThan(0);
  // what is hidden must not be searchable either
  const { queryProblems } = await reader.call("listProjects", { query: { q: "vms>0" } });
  expect(queryProblems).not.toEqual([]);
  const sorted = await reader.call("listProjects", { query: { sort: "-vms" } });
  expect(sorted.queryProblems).not.toEqual([]);
});

test("the trail's feed tells him of rows about projects, and not that there was another", async () => {
  const { audit } = cut.app.services;
  const followed = async (person: Person) => {
    const { socket, messages } = await openLive(cut, person);
    const told = () => messages.filter((message) => message.type === "invalidate").length;
    socket.send(JSON.stringify({ type: "subscribe-feed", id: "a", feed: "activity", project: secret }));
    await until(() => told() === 1); // each tells once at the beginning
    return { socket, told };
  };
  const his = await followed(reader);
  const everybodys = await followed(await cut.signIn("operator"));
  const write = async (noun: "virtual-machine" | "secret" | "project") => {
    const before = everybodys.told();
    await audit.record({
      user: "alice",
      action: "edit",
      noun,
      project: secret,
      name: noun === "project" ? secret : marker,
      outcome: "ok",
      sourceIp: "",
      requestId: "",
      diff: [],
    });
    await until(() => everybodys.told() > before);
  };
  await write("virtual-machine");
  await write("secret");
  await write("project");
  await until(() => his.told() > 1);
  expect(his.told()).toBe(2);
  his.socket.close();
  everybodys.socket.close();
});
