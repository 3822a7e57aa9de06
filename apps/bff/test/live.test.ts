/** Live lists: first state, changes, order, removal, rights taken away, sign-out, slow readers. */
import { liveFrame } from "@kubev/api-types/live";
import type { LiveServerMessage } from "@kubev/api-types/live";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { kubePath, objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";

let cut: ConsoleUnderTest;
const clock = new ShiftedClock();
const project = "web-shop";

beforeAll(async () => {
  cut = await startConsole({ clock });
});
afterAll(async () => cut.close());

type Tab = LiveTab<VmRow>;
const openTab = (person: Person): Tab => new LiveTab<VmRow>(person);

const machine = (name: string, strategy = "Halted") => ({
  apiVersion: "kubevirt.io/v1",
  kind: "VirtualMachine",
  metadata: { name, namespace: project },
  spec: {
    runStrategy: strategy,
    template: { spec: { domain: { devices: {}, memory: { guest: "128Mi" } }, volumes: [] } },
  },
});

const vmPath = (name: string) => objectPath(types.virtualMachine, name, project);
const service = () => cut.app.services.service;
const create = async (name: string) =>
  service().json(kubePath("apis", "kubevirt.io", "v1", "namespaces", project, "virtualmachines"), {
    method: "POST",
    body: machine(name),
  });

test("a window follows what happens, equal to what HTTP answers", async () => {
  const alice = await cut.signIn("alice");
  const tab = await openTab(alice).follow("vms", "name:live-");
  expect(tab.shown()).toEqual([]);
  await create("live-2");
  await create("live-1");
  await create("live-10");
  await until(() => tab.shown().join() === "live-1,live-2,live-10");
  await alice.call("actOnVms", { body: { action: "start", targets: [{ project, name: "live-2" }] } });
  await until(() => [...tab.rows.values()].find((row) => row.name === "live-2")?.state.status === "Running");
  await service().json(vmPath("live-1"), { method: "DELETE" });
  await until(() => tab.shown().join() === "live-2,live-10");
  const page = await alice.call("listVms", { query: { q: "name:live-", pageSize: 20, sort: "name" } });
  await until(() => JSON.stringify(tab.order.map((uid) => tab.rows.get(uid))) === JSON.stringify(page.rows));
  tab.socket.close();
});

test("rows leave when the right is taken away, within ten seconds", async () => {
  const bob = await cut.signIn("bob");
  const bindings = kubePath("apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, "rolebindings");
  await service().json(bindings, {
    method: "POST",
    body: {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { name: "bob-for-now", namespace: project },
      subjects: [{ kind: "User", name: "bob", apiGroup: "rbac.authorization.k8s.io" }],
      roleRef: { kind: "ClusterRole", name: "view", apiGroup: "rbac.authorization.k8s.io" },
    },
  });
  await until(async () => (await bob.call("listVms", { query: { q: `project:${project}` } })).total > 0);
  const tab = await openTab(bob).follow("vms", `project:${project}`);
  expect(tab.total).toBeGreaterThan(0);
  const takenAt = performance.now();
  await service().json(
    kubePath("apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, "rolebindings", "bob-for-now"),
    { method: "DELETE" },
  );
  await until(() => tab.total === 0 && tab.rows.size === 0);
  expect(performance.now() - takenAt).toBeLessThan(10_000);
  tab.socket.close();
});

/** Rights asked before an RBAC change are asked again after it, so the next view takes its time. */
async function forgetRights(name: string): Promise<void> {
  const { inventory } = cut.app.services;
  const version = inventory.rbacVersion();
  await service().json(
    kubePath("apis", "rbac.authorization.k8s.io", "v1", "namespaces", project, "rolebindings"),
    {
      method: "POST",
      body: {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { name, namespace: project },
        subjects: [{ kind: "User", name: "nobody", apiGroup: "rbac.authorization.k8s.io" }],
        roleRef: { kind: "ClusterRole", name: "view", apiGroup: "rbac.authorization.k8s.io" },
      },
    },
  );
  await until(() => inventory.rbacVersion() > version);
}

test("two tabs that ask at once get the same whole list, and one that leaves does not take the other's", async () => {
  const operator = await cut.signIn("operator");
  const first = openTab(operator);
  const second = openTab(operator);
  const third = openTab(operator);
  await until(() => [first, second, third].every((tab) => tab.socket.readyState === WebSocket.OPEN));
  await forgetRights("to-forget");
  third.socket.send(
    JSON.stringify({
      type: "subscribe-list",
      id: "vms",
      list: "vms",
      query: { q: "name:both-", page: 1, pageSize: 20, sort: "name" },
    }),
  );
  third.socket.send(JSON.stringify({ type: "unsubscribe", id: "vms" }));
  await Promise.all([first.follow("vms", "name:both-"), second.follow("vms", "name:both-")]);
  await create("both-1");
  await until(() => first.shown().join() === "both-1" && second.shown().join() === "both-1");
  expect(third.total).toBe(-1);
  for (const tab of [first, second, third]) tab.socket.close();
});

test("whoever subscribes in a flood is refused, and goes on with what he has", async () => {
  const alice = await cut.signIn("alice");
  const tab = await openTab(alice).follow("vms", "name:flood-");
  for (let at = 0; at < 200; at += 1) {
    tab.socket.send(JSON.stringify({ type: "subscribe-feed", id: "t", feed: "capabilities" }));
    tab.socket.send(JSON.stringify({ type: "unsubscribe", id: "t" }));
  }
  const refused = await until(() => tab.messages.find((message) => message.type === "refused"));
  expect(refused).toMatchObject({ id: "t", error: { code: "rate-limited" } });
  await create("flood-1");
  await until(() => tab.shown().join() === "flood-1");
  tab.socket.close();
});

const followFeed = async (tab: Tab, feed: string, of?: string) => {
  await until(() => tab.socket.readyState === WebSocket.OPEN);
  tab.socket.send(JSON.stringify({ type: "subscribe-feed", id: feed, feed, project: of }));
  await until(() => told(tab) >= 1);
};
const invalidations = (tab: Tab) => tab.messages.filter((message) => message.type === "invalidate");
const told = (tab: Tab) => invalidations(tab).length;

test("what happens in a project is told to those who may see it, and to nobody else", async () => {
  const alice = openTab(await cut.signIn("alice"));
  const bob = openTab(await cut.signIn("bob"));
  // Of this project alone: what goes on in bob's own project at the same time is rightly told to him.
  await followFeed(alice, "tasks", project);
  await followFeed(bob, "tasks", project);
  const before = told(alice);
  await create("told-1");
  await until(() => told(alice) > before);
  bob.socket.send(JSON.stringify({ type: "ping" }));
  await until(() => bob.messages.some((message) => message.type === "pong"));
  expect(told(bob)).toBe(1);
  for (const tab of [alice, bob]) tab.socket.close();
});

test("what hangs on a network is told to those who follow networks", async () => {
  const tab = openTab(await cut.signIn("operator"));
  await followFeed(tab, "networks");
  // more often than the cluster itself writes to a subnet while it starts
  for (const name of ["told-1", "told-2", "told-3", "told-4"]) {
    const before = told(tab);
    await service().json(kubePath("apis", "kubeovn.io", "v1", "ovn-eips"), {
      method: "POST",
      body: {
        apiVersion: "kubeovn.io/v1",
        kind: "OvnEip",
        metadata: { name },
        spec: { externalSubnet: "no-such-subnet", type: "nat" },
      },
    });
    expect(await until(() => told(tab) > before)).toBe(true);
  }
  tab.socket.close();
});

test("a change of rights has the session fetched again, and by nobody who read it long after", async () => {
  const first = openTab(await cut.signIn("alice"));
  await followFeed(first, "session");
  await forgetRights("session-change");
  expect(await until(() => told(first) > 1)).toBe(true);
  expect(invalidations(first).at(-1)).not.toHaveProperty("unchanged");
  // its own answer may be older than the change
  const soon = openTab(await cut.signIn("alice"));
  await followFeed(soon, "session");
  expect(invalidations(soon)[0]).not.toHaveProperty("unchanged");
  clock.forward(3 * 60_000);
  const later = openTab(await cut.signIn("alice"));
  await followFeed(later, "session");
  expect(invalidations(later)[0]).toHaveProperty("unchanged", true);
  for (const tab of [first, soon, later]) tab.socket.close();
});

test("a person has at most fifty live sockets, over all his sessions", async () => {
  const people = [await cut.signIn("viewer"), await cut.signIn("viewer")];
  const tabs = Array.from({ length: 50 }, (_, at) => openTab(people[at % 2] ?? new Person(cut.url)));
  await until(() => tabs.every((tab) => tab.socket.readyState === WebSocket.OPEN));
  const more = openTab(people[0] ?? new Person(cut.url));
  const status = await new Promise<number>((resolve) => {
    more.socket.on("unexpected-response", (_request, response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
  });
  expect(status).toBe(429);
  for (const tab of tabs) tab.socket.terminate();
});

test("signing out closes the tab's socket at once", async () => {
  const alice = await cut.signIn("alice");
  const tab = await openTab(alice).follow("vms", "");
  await alice.call("signOut");
  expect(await until(() => tab.closeCode !== 0 && tab.closeCode)).toBe(4401);
});

test("what is no message closes the socket, and an impossible query is refused", async () => {
  const alice = await cut.signIn("alice");
  const tab = await openTab(alice).follow("vms", "");
  tab.socket.send(
    JSON.stringify({ type: "subscribe-feed", id: "f", feed: "vm", project: "no-such", name: "x" }),
  );
  await until(() => tab.messages.some((message) => message.type === "refused"));
  tab.socket.send("{");
  expect(await until(() => tab.closeCode !== 0 && tab.closeCode)).toBe(1008);
});

test("a machine's feed tells of change and of its end", async () => {
  const alice = await cut.signIn("alice");
  await create("feed-1");
  const tab = await openTab(alice).follow("vms", "name:feed-");
  await until(() => tab.total === 1);
  tab.socket.send(JSON.stringify({ type: "subscribe-feed", id: "one", feed: "vm", project, name: "feed-1" }));
  await alice.call("actOnVms", { body: { action: "start", targets: [{ project, name: "feed-1" }] } });
  await until(() =>
    tab.messages.some((message) => message.type === "invalidate" && message.id === "one" && !message.gone),
  );
  await service().json(vmPath("feed-1"), { method: "DELETE" });
  const end = await until(() =>
    tab.messages.find((message) => message.type === "invalidate" && message.gone),
  );
  expect(end).toMatchObject({ id: "one", gone: true });
  tab.socket.close();
});

test("a page is told of what no list shows: a machine's description, a value of the same length", async () => {
  const tab = openTab(await cut.signIn("alice"));
  await create("unlisted-1");
  const maps = ["api", "v1", "namespaces", project, "configmaps"];
  await service().json(kubePath(...maps), {
    method: "POST",
    body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "unlisted-2" }, data: { a: "1" } },
  });
  await until(() => tab.socket.readyState === WebSocket.OPEN);
  for (const topic of [
    { id: "unlisted-1", feed: "vm" },
    { id: "unlisted-2", feed: "object", noun: "config-map" },
  ])
    tab.socket.send(JSON.stringify({ type: "subscribe-feed", project, name: topic.id, ...topic }));
  const toldOf = (id: string) =>
    tab.messages.filter((message) => message.type === "invalidate" && message.id === id).length;
  for (const [id, path, body] of [
    ["unlisted-1", vmPath("unlisted-1"), { metadata: { annotations: { description: "Another." } } }],
    ["unlisted-2", kubePath(...maps, "unlisted-2"), { data: { a: "2" } }],
  ] as const) {
    // the one that each begins with
    await until(() => toldOf(id) > 0);
    const before = toldOf(id);
    await service().json(path, { method: "PATCH", contentType: "application/merge-patch+json", body });
    await until(() => toldOf(id) > before);
  }
  expect(tab.closeCode).toBe(0);
  tab.socket.close();
});

test("of a kind that is listed anew those are told whose object changed meanwhile, and no others", async () => {
  const tab = openTab(await cut.signIn("alice"));
  const names = ["relisted-1", "relisted-2", "relisted-3"];
  const maps = ["api", "v1", "namespaces", project, "configmaps"];
  const write = async (name: string, a: string) =>
    service().json(kubePath(...maps, name), {
      method: "PATCH",
      contentType: "application/merge-patch+json",
      body: { data: { a } },
    });
  for (const name of names)
    await service().json(kubePath(...maps), {
      method: "POST",
      body: { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data: { a: "1" } },
    });
  await until(() => tab.socket.readyState === WebSocket.OPEN);
  const [unchanged = "", changed = "", last = ""] = names;
  for (const id of names)
    tab.socket.send(
      JSON.stringify({ type: "subscribe-feed", id, feed: "object", noun: "config-map", project, name: id }),
    );
  const toldOf = (id: string) =>
    tab.messages.filter((message) => message.type === "invalidate" && message.id === id).length;
  // the one that each begins with, and nothing of how they were made
  await until(() => names.every((name) => toldOf(name) > 0));
  await write(last, "2");
  await until(() => toldOf(last) > 1);
  const before = toldOf(unchanged);

  cut.sim.faults.add({ method: "GET", urlContains: "/configmaps?", effect: { kind: "hang-up" } });
  cut.sim.faults.dropWatches("reset");
  await write(changed, "2");
  cut.sim.faults.expireVersions();
  cut.sim.faults.clear();
  await until(() => toldOf(changed) > 1);
  // what was told with it would have come before this
  await write(last, "3");
  await until(() => toldOf(last) > 2);
  expect(toldOf(unchanged)).toBe(before);
  tab.socket.close();
});

test("a tab that stops reading costs at most its share, is told to start over, and then has the truth", async () => {
  const alice = await cut.signIn("alice");
  // Rows so large that one page is half a megabyte: a tab may ask only so often.
  const labels = Object.fromEntries(
    Array.from({ length: 15 }, (_, index) => [`label-${index}`, "x".repeat(63)]),
  );
  cut.sim.seed(
    Array.from({ length: 200 }, (_, index) => ({
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: `wide-${index}`, namespace: project, labels },
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "64Mi" } } } },
      },
    })),
  );
  await until(
    async () => (await alice.call("listVms", { query: { q: "wide-", pageSize: 1 } })).total === 200,
  );
  const buffered = async () => {
    const text = await (await fetch(`${cut.url}/metrics`)).text();
    return Number(/^kubev_live_buffered_bytes (\d+)/m.exec(text)?.[1]);
  };
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: alice.cookie, origin: cut.url },
  });
  const seen: LiveServerMessage[] = [];
  socket.on("message", (data) =>
    seen.push(...liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))),
  );
  await until(() => socket.readyState === WebSocket.OPEN);
  const ask = (id: string, q: string) =>
    socket.send(
      JSON.stringify({ type: "subscribe-list", id, list: "vms", query: { q, page: 1, pageSize: 200 } }),
    );
  ask("slow", "");
  await until(() => seen.some((message) => message.type === "rows"));
  socket.pause();
  let most = 0;
  for (let round = 0; round < 90; round += 1) {
    ask("slow", "");
    socket.ping();
    most = Math.max(most, await buffered());
  }
  ask("asked-while-behind", "");
  expect(most).toBeGreaterThan(256 * 1024); // the kernel's own buffers are full: it really stopped reading
  expect(most).toBeLessThan(2 * 1024 ** 2);
  seen.length = 0;
  socket.resume();
  const resetIds = () => seen.flatMap((message) => (message.type === "reset" ? [message.id] : [])).toSorted();
  await until(() => resetIds().includes("slow") && resetIds().includes("asked-while-behind"));
  seen.length = 0;
  ask("slow", "");
  const rows = await until(() => seen.find((message) => message.type === "rows"));
  const page = await alice.call("listVms", { query: { pageSize: 200 } });
  expect(rows).toMatchObject({ id: "slow", seq: 1, total: page.total });
  expect(await buffered()).toBe(0);
  socket.close();
});
