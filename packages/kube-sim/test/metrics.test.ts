/** Usage: metrics.k8s.io with its rights, and counters that a Prometheus can trust. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseQuantity } from "../src/controllers/quantity.ts";
import { machineWaves, rateAt, totalOf, waveOf } from "../src/metrics/usage-model.ts";
import { eventually, startCluster, type TestCluster } from "./cluster.ts";

let cluster: TestCluster;
const metrics = "/apis/metrics.k8s.io/v1beta1";

beforeAll(async () => {
  cluster = await startCluster({ scenario: "demo" });
  await eventually(async () => {
    const { body } = await cluster.call(
      "/apis/kubevirt.io/v1/namespaces/web-shop/virtualmachineinstances/shop-db-1",
    );
    return body?.status?.phase === "Running";
  });
});
afterAll(async () => cluster.close());

describe("metrics.k8s.io", () => {
  test("is discovered, and tells of hosts and pods in metrics-server's units", async () => {
    const discovered = await cluster.call(metrics);
    expect(discovered.body.resources.map(({ name }: { name: string }) => name)).toEqual(["nodes", "pods"]);
    const { body } = await cluster.call(`${metrics}/nodes/host-1`);
    expect(body).toMatchObject({
      kind: "NodeMetrics",
      window: "15s",
      usage: { cpu: expect.stringMatching(/^\d+n$/), memory: expect.stringMatching(/^\d+Ki$/) },
    });
    const pods = await cluster.call(
      `${metrics}/namespaces/web-shop/pods?labelSelector=vm.kubevirt.io/name=shop-db-1`,
    );
    expect(pods.body.items).toHaveLength(1);
    expect(pods.body.items[0].containers[0]).toMatchObject({ name: "compute" });
  });

  test("a host uses at least what its pods use, and no more than it has", async () => {
    // machines of the demo come and go: what is compared must be of the same pods
    const podsNow = async () => cluster.call(`${metrics}/pods`);
    const namesOf = (reply: Awaited<ReturnType<typeof podsNow>>) =>
      reply.body.items
        .map(
          (pod: { metadata: { name: string }; containers: { usage: { memory: string } }[] }) =>
            // a machine that moves takes what it uses from one pod to another
            `${pod.metadata.name} ${Math.round(parseQuantity(pod.containers[0]?.usage.memory) / 2 ** 29)}`,
        )
        .join();
    let pods = await podsNow();
    let nodes = await cluster.call(`${metrics}/nodes`);
    for (let again = await podsNow(); namesOf(again) !== namesOf(pods); again = await podsNow()) {
      pods = again;
      nodes = await cluster.call(`${metrics}/nodes`);
    }
    const real = await cluster.call("/api/v1/pods");
    const hostOf = new Map(
      real.body.items.map(
        (pod: { metadata: { namespace: string; name: string }; spec: { nodeName?: string } }) => [
          `${pod.metadata.namespace}/${pod.metadata.name}`,
          pod.spec.nodeName,
        ],
      ),
    );
    const sums = new Map<unknown, number>();
    for (const pod of pods.body.items) {
      const host = hostOf.get(`${pod.metadata.namespace}/${pod.metadata.name}`);
      for (const { usage } of pod.containers)
        sums.set(host, (sums.get(host) ?? 0) + parseQuantity(usage.memory));
    }
    expect(nodes.body.items.length).toBe(6);
    for (const { metadata, usage } of nodes.body.items) {
      const used = parseQuantity(usage.memory);
      expect(used).toBeGreaterThan((sums.get(metadata.name) ?? 0) * 0.98);
      expect(used).toBeLessThan(512 * 2 ** 30);
    }
  });

  test("only who may read it is told", async () => {
    const as = async (user: string, path: string) =>
      (await cluster.call(`${metrics}${path}`, { token: cluster.tokenOf(user) })).code;
    expect(await as("alice", "/namespaces/web-shop/pods")).toBe(200);
    expect(await as("viewer", "/namespaces/web-shop/pods")).toBe(200);
    expect(await as("bob", "/namespaces/web-shop/pods")).toBe(403);
    expect(await as("alice", "/nodes")).toBe(403);
    expect((await cluster.call(`${metrics}/nodes/no-such-host`)).code).toBe(404);
    expect((await cluster.call(`${metrics}/nodes`, { method: "POST", body: {} })).code).toBe(405);
  });

  test.skipIf(!existsSync("/usr/bin/kubectl"))("kubectl top takes it for metrics-server", async () => {
    const run = await promisify(execFile)("kubectl", [
      "--kubeconfig",
      cluster.sim.kubeconfigPath,
      "top",
      "nodes",
    ]);
    expect(run.stderr).toBe("");
    expect(run.stdout).toMatch(/host-1 +\d+m +\d+% +\d+Mi +\d+%/);
  });
});

describe("the endpoint for Prometheus", () => {
  const read = async () => {
    const text = await (await fetch(cluster.sim.metricsUrl)).text();
    return new Map(
      text
        .split("\n")
        .filter((line) => line !== "" && !line.startsWith("#"))
        .map((line): [string, number] => {
          const at = line.lastIndexOf(" ");
          return [line.slice(0, at), Number(line.slice(at + 1))];
        }),
    );
  };

  test("names machines and hosts as KubeVirt and the node exporter do, and its counters never fall", async () => {
    const before = await read();
    const key = [...before.keys()].find((name) =>
      /^kubevirt_vmi_cpu_usage_seconds_total\{node="host-\d",namespace="web-shop",name="shop-db-1"\}$/.test(
        name,
      ),
    );
    expect(key).toBeDefined();
    for (const name of before.keys())
      expect(name).toMatch(
        /^(kubevirt|node|kube|kubelet|subnet|ovs|pinger|namespace|vmi|pvc)[a-z0-9A-Z_:]+(\{.+\})?$/,
      );
    const after = await read();
    const fallen = [...before].filter(
      ([name, value]) => name.includes("_total{") && (after.get(name) ?? value) < value,
    );
    expect(fallen).toEqual([]);
    expect(before.get('node_memory_MemTotal_bytes{instance="host-1"}')).toBe(128 * 2 ** 30);
  });
});

test("counters are the integrals of their rates, and rates stay above zero", () => {
  for (let seed = 0; seed < 50; seed += 1) {
    const wave = waveOf(`machine-${seed}`, 1 + seed);
    let sum = 0;
    const start = 1_700_000_000 + seed * 977;
    for (let second = 0; second < 600; second += 1) {
      const rate = rateAt(wave, start + second + 0.5);
      expect(rate).toBeGreaterThan(0);
      sum += rate;
    }
    expect(totalOf(wave, start, start + 600) / sum).toBeCloseTo(1, 3);
    const waves = machineWaves(`machine-${seed}`, 4, 2 ** 30);
    for (let hour = 0; hour < 24; hour += 1) {
      expect(rateAt(waves.memoryBytes, start + hour * 3600)).toBeLessThan(2 ** 30);
      expect(rateAt(waves.cpuCores, start + hour * 3600)).toBeLessThan(4);
    }
  }
});
