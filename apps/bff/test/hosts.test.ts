/** Hosts over a whole console: detail, cordon, and a drain from plan to end, with what a tenant may not. */
import type { DrainState } from "@kubev/api-types/host-drain";
import { type LiveServerMessage, liveFrame } from "@kubev/api-types/live";
import { afterAll, beforeAll, expect, test } from "vitest";
import { objectPath } from "../src/kube/kube-path.ts";
import { resourceTypes as types } from "../src/kube/resource-types.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { WebSocket } from "ws";
import { heartbeatLimitMs } from "../src/domain/host-state.ts";
import { ShiftedClock } from "./shifted-clock.ts";

let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
  alice = await cut.signIn("alice");
  bob = await cut.signIn("bob");
  await until(async () => {
    const { rows } = await operator.call("listHosts", {});
    return rows.some((host) => host.name === "host-1" && host.machines.count > 0);
  });
});
afterAll(async () => cut.close());

const host = async (name: string) => operator.call("getHost", { params: { name } });

test("a host says what it is, what it offers and what runs on it", async () => {
  const detail = await host("host-3");
  expect(detail.virtualisation).toMatchObject({
    kvmDevices: { allocatable: 1000 },
    schedulableLabel: "true",
    cpuVendor: "Intel",
    hostModel: "Icelake-Server",
    nested: "yes",
    cpuManager: true,
  });
  expect(detail.virtualisation.cpuModels).toContain("Cascadelake-Server");
  expect(Date.parse(detail.virtualisation.heartbeatAt)).toBeGreaterThan(Date.now() - 120_000);
  expect((await host("host-1")).virtualisation.nested).toBe("no");
  const amounts = new Map(detail.resources.map((one) => [one.name, one]));
  expect([...amounts.keys()].slice(0, 4)).toEqual(["cpu", "memory", "pods", "devices.kubevirt.io/kvm"]);
  expect(amounts.get("pods")?.requested).toBe(detail.podsTotal);
  expect(amounts.get("memory")).toMatchObject({ capacity: 512 * 2 ** 30 });
  expect(detail.pods.find((pod) => pod.owner.name === "ovs-ovn")).toMatchObject({
    project: "kube-system",
    owner: { kind: "DaemonSet" },
    machine: "",
  });
  expect(detail.conditions.find((condition) => condition.type === "Ready")).toMatchObject({ tone: "ok" });
  expect(detail.system.runtime).toContain("containerd");
});

test("a host counts the machines that its own page names, not their pods", async () => {
  const instance = await until(
    async () => (await operator.call("listVms", { query: { q: "host:host-1" } })).rows[0],
  );
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata: {
        name: `virt-launcher-${instance.name}-target`,
        namespace: instance.project,
        labels: { "kubevirt.io": "virt-launcher" },
        annotations: { "kubevirt.io/domain": instance.name },
      },
      spec: { nodeName: "host-3", containers: [] },
      status: { phase: "Running" },
    },
  ]);
  await until(async () => (await host("host-3")).pods.some(({ name }) => name.endsWith("-target")));
  // machines of the demo may still come to a host between two questions; a pod that is counted stays too many
  await until(async () => {
    const { rows } = await operator.call("listHosts", { query: { pageSize: 200 } });
    for (const { name, machines } of rows)
      if (machines.count !== (await operator.call("listVms", { query: { q: `host:${name}` } })).total)
        return false;
    const { hosts } = await operator.call("getCapacity", {});
    expect(rows.length).toBeGreaterThan(1);
    return hosts.machines === rows.reduce((sum, { machines }) => sum + machines.count, 0);
  });
});

test("a host's text is read and stored over the version that was read, and its events are told", async () => {
  const params = { name: "host-5" };
  const text = await operator.call("getHostYaml", { params });
  expect(text.yaml).toContain("kind: Node");
  expect((await host("host-5")).row.actions.edit).toEqual({ allowed: true });
  const yaml = text.yaml.replace("  labels:\n", "  labels:\n    rack-unit: u7\n");
  const { resourceVersion } = text;
  expect((await operator.call("checkHostYaml", { params, body: { yaml, resourceVersion } })).ok).toBe(true);
  await operator.call("putHostYaml", { params, body: { yaml, resourceVersion } });
  expect((await host("host-5")).labels).toMatchObject({ "rack-unit": "u7" });
  const late = await operator.refused("putHostYaml", { params, body: { yaml, resourceVersion } });
  expect(late).toMatchObject({ status: 409, body: { error: { reason: { code: "changed-meanwhile" } } } });
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "Event",
      metadata: { name: "host-5.rebooted", namespace: "default" },
      involvedObject: { kind: "Node", name: "host-5" },
      type: "Warning",
      reason: "Rebooted",
      message: "Node host-5 has been rebooted",
      lastTimestamp: new Date().toISOString(),
    },
  ]);
  const { events } = await operator.call("listHostEvents", { params });
  expect(events).toMatchObject([
    { type: "Warning", reason: "Rebooted", object: { kind: "Node", name: "host-5" } },
  ]);
});

test("why a host runs no machines", async () => {
  const node = (name: string, labels: Record<string, string>, kvm: string) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name, labels },
    spec: {},
    status: {
      allocatable: { cpu: "4", memory: "8Gi", "devices.kubevirt.io/kvm": kvm },
      conditions: [{ type: "Ready", status: "True" }],
    },
  });
  cut.sim.seed([
    node("unlabelled", {}, "1k"),
    node("without-kvm", { "kubevirt.io/schedulable": "true" }, "0"),
  ]);
  const reason = async (name: string) =>
    until(async () => {
      const answer = await operator.ask("getHost", { params: { name } });
      return answer.status === 200 && (await host(name)).row.machines.reason?.code;
    });
  expect(await reason("unlabelled")).toBe("host-not-for-machines");
  expect(await reason("without-kvm")).toBe("host-no-kvm");
  expect((await host("host-6")).row.machines.reason?.code).toBe("host-cordoned");
  const { rows } = await operator.call("listHosts", { query: { q: "schedulable:no" } });
  expect(rows.map(({ name }) => name)).toEqual(["host-6", "unlabelled", "without-kvm"]);
});

test("a host that is gone is removed once it is cordoned and nothing runs there; one that answers is not", async () => {
  const gone = (name: string, unschedulable: boolean) => ({
    apiVersion: "v1",
    kind: "Node",
    metadata: { name },
    spec: { unschedulable },
    status: { conditions: [{ type: "Ready", status: "Unknown", message: "Kubelet stopped posting." }] },
  });
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      name: "virt-launcher-lost",
      namespace: "web-shop",
      labels: { "kubevirt.io": "virt-launcher" },
      annotations: { "kubevirt.io/domain": "lost" },
    },
    spec: { nodeName: "gone-1", containers: [] },
    status: { phase: "Running" },
  };
  cut.sim.seed([gone("gone-1", false), pod]);
  const params = { name: "gone-1" };
  const decision = async () => (await host("gone-1")).row.actions.delete;
  await until(async () => (await operator.ask("getHost", { params })).status === 200);
  const refusedFor = async (name: string) =>
    (await operator.refused("deleteHost", { params: { name } })).body.error.reason?.code;
  expect(await refusedFor("host-4")).toBe("host-is-alive");
  expect(await refusedFor("gone-1")).toBe("host-is-open");
  await operator.call("setHostCordon", { params, body: { cordoned: true } });
  await until(async () => JSON.stringify(await decision()).includes("host-has-machines"));
  expect(await decision()).toMatchObject({ reason: { code: "host-has-machines", params: { count: 1 } } });
  expect(await refusedFor("gone-1")).toBe("host-has-machines");
  await cut.app.services.service.json(objectPath(types.pod, "virt-launcher-lost", "web-shop"), {
    method: "DELETE",
    body: { gracePeriodSeconds: 0 },
  });
  await until(async () => (await decision()).allowed);
  expect((await alice.refused("deleteHost", { params })).status).toBe(404);
  await operator.call("deleteHost", { params });
  await until(async () => (await operator.ask("getHost", { params })).status === 404);
  const { rows } = await operator.call("listActivity", { query: { noun: "host", name: "gone-1" } });
  expect(rows.map((row) => `${row.action} ${row.outcome}`)).toEqual(
    expect.arrayContaining(["delete refused", "delete ok"]),
  );
});

test("a host is closed and opened again, audited, and says which of the two it takes", async () => {
  const before = (await host("host-2")).row;
  expect(before.actions).toMatchObject({
    cordon: { allowed: true },
    uncordon: { allowed: false, reason: { code: "host-is-open" } },
  });
  const closed = await operator.call("setHostCordon", {
    params: { name: "host-2" },
    body: { cordoned: true },
  });
  expect(closed.state.status).toBe("cordoned");
  expect(closed.actions).toMatchObject({
    cordon: { allowed: false, reason: { code: "host-is-cordoned" } },
    uncordon: { allowed: true },
  });
  const again = await operator.refused("setHostCordon", {
    params: { name: "host-2" },
    body: { cordoned: true },
  });
  expect(again).toMatchObject({ status: 409, body: { error: { reason: { code: "host-is-cordoned" } } } });
  const opened = await operator.call("setHostCordon", {
    params: { name: "host-2" },
    body: { cordoned: false },
  });
  expect(opened.state.status).toBe("ready");
  const { rows } = await operator.call("listActivity", { query: { noun: "host" } });
  expect(rows.map((row) => `${row.action} ${row.name} ${row.outcome}`)).toEqual(
    expect.arrayContaining(["cordon host-2 ok", "uncordon host-2 ok", "cordon host-2 refused"]),
  );
});

test("a drain: the plan says who goes where; then it is so", async () => {
  const name = "host-1";
  const plan = await operator.call("planHostDrain", { params: { name }, query: {} });
  const machines = plan.items.filter((item) => item.kind === "machine");
  expect(machines.length).toBeGreaterThan(0);
  for (const item of machines.filter((one) => one.outcome === "migrates")) {
    expect(item.target).not.toBeNull();
    expect([name, "host-6"]).not.toContain(item.target);
  }
  expect(plan.items.find((item) => item.owner === "DaemonSet virt-handler")).toMatchObject({
    outcome: "stays",
    reason: { code: "drain-daemon" },
  });
  expect(Object.values(plan.counts).reduce((sum, count) => sum + count, 0)).toBe(plan.items.length);

  const started = await operator.call("startHostDrain", { params: { name }, body: {} });
  expect(started).toMatchObject({ phase: "running", startedBy: "operator" });
  expect((await host(name)).row).toMatchObject({
    state: { status: "cordoned" },
    actions: { drain: { allowed: false, reason: { code: "host-drain-running" } } },
  });
  const twice = await operator.refused("startHostDrain", { params: { name }, body: {} });
  expect(twice.status).toBe(409);
  const { tasks } = await operator.call("listTasks", {});
  expect(tasks.find((task) => task.kind === "drain")).toMatchObject({ ref: { noun: "host", name } });

  const drain = async (): Promise<DrainState | null> =>
    (await operator.call("getHostDrain", { params: { name } })).drain;
  const ended = await until(async () => {
    const state = await drain();
    return state !== null && state.phase !== "running" && state;
  }, 90_000);
  expect(ended.phase).toBe("done");
  expect(ended.gone).toBe(ended.total);
  const moved = ended.items.find((item) => item.kind === "machine" && item.target !== null);
  expect(moved?.target).not.toBe(name);
  expect((await host(name)).row.machines.count).toBe(0);
  expect((await host(name)).pods.every((pod) => pod.owner.kind === "DaemonSet")).toBe(true);
  const { rows } = await operator.call("listActivity", { query: { limit: 200 } });
  const trail = rows.map((row) => `${row.action} ${row.noun} ${row.outcome}`);
  expect(trail).toContain("drain host ok");
  expect(trail).toContain("evict virtual-machine ok");
  await operator.call("setHostCordon", { params: { name }, body: { cordoned: false } });
}, 120_000);

test("a drain that cannot end is given up; the host stays closed", async () => {
  const pod = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "lonely", namespace: "default" },
    spec: { nodeName: "host-4", hostNetwork: true, containers: [{ name: "c", image: "example" }] },
    status: { phase: "Running" },
  };
  cut.sim.seed([pod]);
  const params = { name: "host-4" };
  await operator.call("startHostDrain", { params, body: {} });
  const stuck = await until(async () => {
    const { drain } = await operator.call("getHostDrain", { params });
    return drain?.items.find((item) => item.state === "blocked");
  }, 60_000);
  expect(stuck).toMatchObject({ name: "lonely", reason: { code: "drain-unmanaged" } });
  const ended = await operator.call("cancelHostDrain", { params });
  expect(ended.phase).toBe("cancelled");
  expect((await operator.refused("cancelHostDrain", { params })).status).toBe(409);
  expect((await host("host-4")).row).toMatchObject({
    state: { status: "cordoned" },
    actions: { uncordon: { allowed: true }, drain: { allowed: true } },
  });
}, 90_000);

test("a drain ends with the session in whose name it is done", async () => {
  const params = { name: "host-4" };
  const other = await cut.signIn("operator");
  await other.call("startHostDrain", { params, body: {} });
  await other.call("signOut");
  const { drain } = await operator.call("getHostDrain", { params });
  expect(drain).toMatchObject({ phase: "failed", reason: { code: "drain-session-ended" } });
});

test("a drain that ends because the server stops says so in the trail", async () => {
  await operator.call("startHostDrain", { params: { name: "host-4" }, body: {} });
  await cut.app.services.drains.close();
  const { rows } = await operator.call("listActivity", { query: { noun: "host", name: "host-4" } });
  expect(rows.find(({ action }) => action === "drain")).toMatchObject({
    action: "drain",
    outcome: "failed",
    reason: { code: "drain-ended-with-server" },
  });
});

test.each([
  ["alice", () => alice],
  ["bob", () => bob],
])("%s, a tenant, sees no host and can do nothing to one", async (_name, person) => {
  const params = { name: "host-2" };
  expect((await person().call("listHosts", {})).rows).toEqual([]);
  for (const operation of [
    "getHost",
    "planHostDrain",
    "getHostDrain",
    "startHostDrain",
    "cancelHostDrain",
  ] as const)
    expect(
      (await person().refused(operation, { params, body: operation === "startHostDrain" ? {} : undefined }))
        .status,
    ).toBe(404);
  expect((await person().refused("setHostCordon", { params, body: { cordoned: true } })).status).toBe(404);
  expect((await host("host-2")).row.state.status).toBe("ready");
});

test("a host that only falls silent is found as one", async () => {
  const clock = new ShiftedClock();
  const later = await startConsole({ clock });
  try {
    const asked = await later.signIn("operator");
    const open = async (q: string) =>
      (await asked.call("listHosts", { query: { q } })).rows.map(({ name }) => name);
    await until(async () => (await open("schedulable:yes")).includes("host-1"));
    expect(await open("schedulable:no")).not.toContain("host-1");
    clock.forward(6 * 60_000);
    expect(await open("schedulable:no")).toContain("host-1");
    expect(await open("schedulable:yes")).not.toContain("host-1");
  } finally {
    await later.close();
  }
});

test("an open list is told of a host that falls silent, though nobody asks and nothing changes", async () => {
  const tab = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: operator.cookie, origin: cut.url },
  });
  const messages: LiveServerMessage[] = [];
  tab.on("message", (data) =>
    messages.push(...liveFrame.parse(JSON.parse((data as Buffer).toString("utf8")))),
  );
  const total = (id: string) =>
    messages.filter((message) => message.type === "rows").findLast((rows) => rows.id === id)?.total;
  await until(() => messages.some((message) => message.type === "hello"));
  for (const word of ["yes", "no"]) {
    const query = { q: `name:soon-silent schedulable:${word}`, page: 1, pageSize: 20 };
    tab.send(JSON.stringify({ type: "subscribe-list", id: word, list: "hosts", query }));
  }
  await until(() => total("yes") === 0 && total("no") === 0);
  const silentInMs = 2500;
  cut.sim.seed([
    {
      apiVersion: "v1",
      kind: "Node",
      metadata: {
        name: "soon-silent",
        labels: { "kubevirt.io/schedulable": "true" },
        annotations: {
          "kubevirt.io/heartbeat": new Date(Date.now() - heartbeatLimitMs + silentInMs).toISOString(),
        },
      },
      spec: {},
      status: {
        allocatable: { cpu: "4", memory: "8Gi", "devices.kubevirt.io/kvm": "1k" },
        conditions: [{ type: "Ready", status: "True" }],
      },
    },
  ]);
  const wasOpen = () =>
    messages.some((message) => message.type === "rows" && message.id === "yes" && message.total === 1);
  expect(await until(() => wasOpen() && total("yes") === 0 && total("no") === 1)).toBe(true);
  tab.close();
});
