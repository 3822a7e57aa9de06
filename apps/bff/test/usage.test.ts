/** Usage from both sources, as one; who is told of it; and what is said when nothing measures. */
import type { UsageReply } from "@kubev/api-types/usage";
import { startKubeSim } from "@kubev/kube-sim/start";
import type { KubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { quoted, usageQueries } from "../src/usage/prometheus-queries.ts";
import type { MetricsSampler } from "../src/usage/metrics-sampler.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import type { PrometheusServer } from "./prometheus-server.ts";
import { prometheusMissing, startPrometheus } from "./prometheus-server.ts";

let sim: KubeSim;
let cut: ConsoleUnderTest;
let operator: Person;
let alice: Person;
let bob: Person;
const shopDb = { project: "web-shop", name: "shop-db-1" };

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  cut = await startConsole({ sim });
  [operator, alice, bob] = await Promise.all([
    cut.signIn("operator"),
    cut.signIn("alice"),
    cut.signIn("bob"),
  ]);
  const { feeds } = cut.app.services.inventory;
  await until(() => feeds.instances.table.get(shopDb.project, shopDb.name)?.phase === "Running");
});
afterAll(async () => {
  await cut.close();
  await sim.close();
});

const valuesOf = (reply: UsageReply, measure: string) =>
  reply.series.find((series) => series.measure === measure)?.values ?? [];
const codes = (reply: { notes: { code: string }[] }) => reply.notes.map((note) => note.code);

describe("the sampler of metrics.k8s.io", () => {
  const sampler = () => cut.app.services.usage as MetricsSampler; // no PROMETHEUS_URL here

  test("keeps what it saw of machines and hosts, and says what it cannot know", async () => {
    await sampler().sample();
    await sampler().sample();
    const usage = await alice.call("getVmUsage", { params: shopDb, query: { range: "15m" } });
    expect(usage.source).toBe("metrics-server");
    expect(usage.limits).toEqual({ cpuCores: 4, memoryBytes: 16 * 2 ** 30 });
    expect(usage.times.length).toBeGreaterThanOrEqual(2);
    expect(usage.times.toSorted((a, b) => a - b)).toEqual(usage.times);
    const cpu = valuesOf(usage, "cpuCores").at(-1);
    expect(cpu).toBeGreaterThan(0);
    expect(cpu).toBeLessThan(4.1);
    expect(valuesOf(usage, "memoryBytes")).toHaveLength(usage.times.length);
    expect(codes(usage)).toEqual(["usage-no-traffic", "usage-host-side"]);
    const long = await operator.call("getHostUsage", { params: { name: "host-3" }, query: { range: "7d" } });
    expect(valuesOf(long, "memoryBytes").at(-1)).toBeGreaterThan(2 ** 30);
    expect(codes(long)).toEqual(["usage-no-traffic", "usage-only-recent"]);
  });

  test("a source that fails is said, and what was seen before stays", async () => {
    const mend = sim.faults.add({ urlContains: "metrics.k8s.io", effect: { kind: "status", code: 503 } });
    await sampler().sample();
    const usage = await alice.call("getVmUsage", { params: shopDb, query: {} });
    expect(codes(usage)).toContain("usage-source-silent");
    expect(usage.times.length).toBeGreaterThan(0);
    mend();
    await sampler().sample();
    expect(codes(await alice.call("getVmUsage", { params: shopDb, query: {} }))).not.toContain(
      "usage-source-silent",
    );
  });

  test("who takes most, of what the person may see", async () => {
    const all = await until(async () => {
      await sampler().sample();
      const top = await operator.call("getTopMachines", { query: {} });
      return top.projects.length > 1 && top;
    });
    expect(all.byCpu).toHaveLength(5);
    expect(all.byCpu.map(({ amount }) => amount)).toEqual(
      all.byCpu.map(({ amount }) => amount).toSorted((a, b) => b - a),
    );
    const hers = await alice.call("getTopMachines", { query: { project: "web-shop" } });
    expect(new Set(hers.byMemory.map(({ project }) => project))).toEqual(new Set(["web-shop"]));
    expect(hers.byMemory.map(({ name }) => name)).toContain("shop-db-1");
    expect(await bob.call("getTopMachines", { query: { project: "web-shop" } })).toMatchObject({
      byCpu: [],
      byMemory: [],
      projects: [],
    });
  });

  test("only who may see the machine or the host is told", async () => {
    expect((await bob.refused("getVmUsage", { params: shopDb })).status).toBe(404);
    for (const name of ["getHostHeat", "getCapacity"] as const)
      expect((await alice.refused(name)).status).toBe(403);
    expect((await alice.refused("getHostUsage", { params: { name: "host-1" } })).status).toBe(404);
  });

  test("all hosts by every measure, and the room of the cloud", async () => {
    await sampler().sample();
    const heat = await operator.call("getHostHeat");
    expect(heat.hosts).toHaveLength(6);
    const busiest = heat.hosts.toSorted((a, b) => b.machines.count - a.machines.count)[0];
    expect(busiest?.values["memoryRequested"]).toBeGreaterThan(0);
    expect(busiest?.values["memoryUsed"]).toBeGreaterThan(0);
    expect(busiest?.values["cpuPromised"]).toBeGreaterThan(busiest?.values["cpuRequested"] ?? 0);

    const gpus = heat.hosts.map(({ resources }) => resources["nvidia.com/GA102GL_A10"]);
    expect(gpus.filter((share) => share !== undefined).length).toBeGreaterThan(0);
    for (const { resources } of heat.hosts) expect(resources).not.toHaveProperty("memory");

    const capacity = await operator.call("getCapacity");
    expect(capacity.hosts).toMatchObject({ total: 6, ready: 5, forMachines: 5 });
    const memory = capacity.amounts.find(({ name }) => name === "memory");
    expect(memory).toMatchObject({ capacity: (2 * 128 + 2 * 512 + 2 * 256) * 2 ** 30 });
    expect(memory?.used).toBeGreaterThan(0);
    expect(memory?.promised).toBeGreaterThan(0);
    expect(capacity.amounts.map(({ name }) => name)).toContain("nvidia.com/GA102GL_A10");
    expect(capacity.storage.map(({ storageClass }) => storageClass)).toContain("fast-block");
    expect(capacity.losses.length).toBe(6);
    expect(capacity.lossesTried).toBe(6);
    for (const loss of capacity.losses)
      expect(loss.homelessTotal).toBeLessThanOrEqual(loss.machines + loss.pods);
  });
});

test("without metrics.k8s.io pages open and say that nothing measures", async () => {
  const mend = sim.faults.add({ urlContains: "metrics.k8s.io", effect: { kind: "status", code: 404 } });
  const bare = await startConsole({ sim });
  try {
    const boss = await bare.signIn("operator");
    await until(() => (bare.app.services.usage as MetricsSampler).failure !== null); // no PROMETHEUS_URL here
    const usage = await boss.call("getVmUsage", { params: shopDb, query: {} });
    expect(usage).toMatchObject({ source: "none", times: [] });
    expect(codes(usage)).toEqual(["usage-no-source"]);
    const heat = await boss.call("getHostHeat");
    expect(heat.source).toBe("none");
    expect(heat.hosts.every(({ values }) => values["cpuUsed"] === null)).toBe(true);
    expect((await boss.call("getCapacity")).amounts.find(({ name }) => name === "memory")?.used).toBeNull();
  } finally {
    mend();
    await bare.close();
  }
});

test("names go into queries as strings and never as PromQL", () => {
  const name = 'x"} or up{a=~".*';
  for (const query of Object.values(usageQueries({ kind: "machine", project: "p", name, ip: "" }, "5m"))) {
    expect(query).toContain(quoted(name));
    expect(query.replaceAll(quoted(name), "")).not.toContain("up{");
  }
  const host = usageQueries({ kind: "host", project: "", name: "h.1", ip: "192.0.2.1" }, "5m").cpuCores;
  expect(host).toContain(quoted("(h\\.1|192\\.0\\.2\\.1)(:[0-9]+)?"));
});

describe.skipIf(prometheusMissing !== null)("a real Prometheus", () => {
  let prometheus: PrometheusServer;
  let measured: ConsoleUnderTest;

  beforeAll(async () => {
    prometheus = await startPrometheus(sim.metricsUrl);
    measured = await startConsole({ sim, env: { PROMETHEUS_URL: prometheus.url } });
  });
  afterAll(async () => {
    await measured.close();
    await prometheus.close();
  });

  test("scrapes the cluster, and tells of processors, memory, network and disks", async () => {
    const person = await measured.signIn("alice");
    const ask = async (name: string, path: string) => {
      const answer = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(name)}`);
      const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }; // Prometheus' own form
      return data.result.length > 0 && path !== "" && data.result;
    };
    await until(
      async () => ask('rate(kubevirt_vmi_cpu_usage_seconds_total{name="shop-db-1"}[5m])', "data"),
      60_000,
    );
    const usage = await until(async () => {
      const reply = await person.call("getVmUsage", { params: shopDb, query: { range: "15m" } });
      return valuesOf(reply, "cpuCores").some((value) => value !== null) && reply;
    }, 60_000);
    expect(usage.source).toBe("prometheus");
    expect(usage.notes).toEqual([]);
    expect(usage.series.map(({ measure }) => measure).toSorted()).toEqual([
      "cpuCores",
      "memoryBytes",
      "readBytesPerSecond",
      "receiveBytesPerSecond",
      "transmitBytesPerSecond",
      "writeBytesPerSecond",
    ]);
    for (const { values } of usage.series) expect(values).toHaveLength(usage.times.length);
    const memory = valuesOf(usage, "memoryBytes").findLast((value) => value !== null) ?? 0;
    expect(memory).toBeGreaterThan(2 ** 30);
    expect(memory).toBeLessThan(16 * 2 ** 30);

    const boss = await measured.signIn("operator");
    const host = await until(async () => {
      const reply = await boss.call("getHostUsage", { params: { name: "host-3" }, query: { range: "15m" } });
      return valuesOf(reply, "cpuCores").some((value) => value !== null) && reply;
    }, 60_000);
    const cores = valuesOf(host, "cpuCores").findLast((value) => value !== null) ?? -1;
    expect(cores).toBeGreaterThan(0);
    expect(cores).toBeLessThan(48);
    const heat = await until(async () => {
      const reply = await boss.call("getHostHeat");
      return reply.hosts.every(({ values }) => values["cpuUsed"] !== null) && reply;
    }, 60_000);
    expect(heat.source).toBe("prometheus");
    const top = await person.call("getTopMachines", { query: { project: "web-shop" } });
    expect(top.source).toBe("prometheus");
    expect(top.byMemory.map(({ name }) => name)).toContain("shop-db-1");
    const { prometheus: part } = await boss.call("getCapabilities");
    expect(part.state).toBe("present");
  }, 150_000);

  test("that is away is said, and nothing else breaks", async () => {
    const dead = await startConsole({ sim, env: { PROMETHEUS_URL: "http://127.0.0.1:1" } });
    try {
      const boss = await dead.signIn("operator");
      const usage = await boss.call("getHostUsage", { params: { name: "host-1" }, query: {} });
      expect(usage).toMatchObject({ source: "prometheus", times: [], series: [] });
      expect(codes(usage)).toEqual(["usage-source-silent"]);
      expect((await boss.call("getCapacity")).amounts.find(({ name }) => name === "cpu")?.used).toBeNull();
      expect((await boss.call("getHostHeat")).hosts).toHaveLength(6);
    } finally {
      await dead.close();
    }
  });
});
