/** Live lists: first state, changes, order, removal, rights taken away, sign-out, slow readers. */
import { liveFrame } from "@kubev/api-types/live";
import type { LiveServerMessage } from "@kubev/api-types/live";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { kubePath, objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";

let cut: ConsoleUnderTest;
const project = "web-shop";

beforeAll(async () => {
  cut = await startConsole();
});
afterAll(async () => cut.close());

/** A tab: applies messages as the browser does and fails on a gap. */
class Tab {
  readonly socket: WebSocket;
  readonly rows = new Map<string, VmRow>();
  order: string[] = [];
  total = -1;
  messages: LiveServerMessage[] = [];
  closeCode = 0;
  #seq = 0;

  constructor(person: Person) {
    this.socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
      headers: { cookie: person.cookie, origin: cut.url },
    });
    this.socket.on("message", (data) => {
      for (const message of liveFrame.parse(JSON.parse((data as Buffer).toString("utf8"))))
        this.#take(message);
    });
    this.socket.on("close", (code) => {
      this.closeCode = code;
    });
    this.socket.on("error", () => {});
  }

  #take(message: LiveServerMessage): void {
    this.messages.push(message);
    if (message.type !== "rows") return;
    if (message.seq !== this.#seq + 1) throw new Error(`A gap: ${this.#seq} then ${message.seq}`);
    this.#seq = message.seq;
    for (const row of message.upserts as VmRow[]) this.rows.set(row.ref.uid ?? "", row);
    if (message.order !== undefined) {
      this.order = message.order;
      for (const uid of this.rows.keys()) if (!message.order.includes(uid)) this.rows.delete(uid);
    }
    this.total = message.total;
  }

  async follow(q: string): Promise<this> {
    await until(() => this.socket.readyState === WebSocket.OPEN);
    this.socket.send(
      JSON.stringify({
        type: "subscribe-list",
        id: "vms",
        list: "vms",
        query: { q, page: 1, pageSize: 20, sort: "name" },
      }),
    );
    await until(() => this.total >= 0);
    return this;
  }

  shown(): string[] {
    return this.order.map((uid) => this.rows.get(uid)?.name ?? "?");
  }
}

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
  const tab = await new Tab(alice).follow("name:live-");
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
  const tab = await new Tab(bob).follow(`project:${project}`);
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

test("signing out closes the tab's socket at once", async () => {
  const alice = await cut.signIn("alice");
  const tab = await new Tab(alice).follow("");
  await alice.call("signOut");
  expect(await until(() => tab.closeCode !== 0 && tab.closeCode)).toBe(4401);
});

test("what is no message closes the socket, and an impossible query is refused", async () => {
  const alice = await cut.signIn("alice");
  const tab = await new Tab(alice).follow("");
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
  const tab = await new Tab(alice).follow("name:feed-");
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

test("a tab that stops reading costs at most its share, is told to start over, and then has the truth", async () => {
  const alice = await cut.signIn("alice");
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
  for (let round = 0; round < 200; round += 1) {
    for (let i = 0; i < 10; i += 1) ask("slow", "");
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
