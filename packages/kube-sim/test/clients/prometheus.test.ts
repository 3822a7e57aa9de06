/** A real Prometheus scrapes the simulator, and every expression that a console would ask has a sensible answer. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { eventually, startCluster, type TestCluster } from "../cluster.ts";
import { oracles } from "../oracles.ts";
import { type PrometheusServer, prometheusMissing, startPrometheus } from "./prometheus-server.ts";

let cluster: TestCluster;
let prometheus: PrometheusServer;

beforeAll(async () => {
  cluster = await startCluster({ scenario: "demo" });
  if (prometheusMissing !== null) return;
  await Promise.all([moveMachine(), mountFileSystem()]);
  prometheus = await startPrometheus(cluster.sim.metricsUrl);
  // three looks make a rate
  await eventually(async () => (await prometheus.ask("count_over_time(node_load1[5m]) >= 3")).length > 0);
});
afterAll(async () => {
  await prometheus?.close();
  await cluster.close();
});

/** A migration that is over; the demo has one that goes on. */
async function moveMachine(): Promise<void> {
  const instances = "/apis/kubevirt.io/v1/namespaces/web-shop/virtualmachineinstances";
  const phaseIs = async (path: string, phase: string) =>
    (await cluster.call(path)).body?.status?.phase === phase;
  await eventually(() => phaseIs(`${instances}/shop-db-1`, "Running"));
  const migrations = "/apis/kubevirt.io/v1/namespaces/web-shop/virtualmachineinstancemigrations";
  const { code } = await cluster.call(migrations, {
    body: {
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachineInstanceMigration",
      metadata: { name: "moves" },
      spec: { vmiName: "shop-db-1" },
    },
  });
  expect(code).toBe(201);
  await eventually(() => phaseIs(`${migrations}/moves`, "Succeeded"));
}

/** A claim with a file system, and a pod that mounts it. */
async function mountFileSystem(): Promise<void> {
  const make = async (resource: string, body: object) => {
    const { code, text } = await cluster.call(`/api/v1/namespaces/default/${resource}`, { body });
    expect({ code, text: code === 201 ? "" : text }).toEqual({ code: 201, text: "" });
  };
  await make("persistentvolumeclaims", {
    metadata: { name: "files" },
    spec: {
      accessModes: ["ReadWriteOnce"],
      storageClassName: "standard-file",
      resources: { requests: { storage: "5Gi" } },
    },
  });
  await make("pods", {
    metadata: { name: "reader" },
    spec: {
      containers: [
        { name: "reader", image: "reader:1", volumeMounts: [{ name: "files", mountPath: "/files" }] },
      ],
      volumes: [{ name: "files", persistentVolumeClaim: { claimName: "files" } }],
    },
  });
  await eventually(
    async () =>
      (await cluster.call("/api/v1/namespaces/default/pods/reader")).body?.status?.phase === "Running",
  );
}

const rate = (series: string) => `rate(${series}[5m])`;
const perMachine = (series: string) => `sum by(namespace,name)(${rate(series)})`;
const perInterface = (series: string) => `sum by(namespace,name,interface)(${rate(series)})`;
const perNode = (series: string) => `sum by(node)(${series})`;
const GIB = 2 ** 30;
const COUNT = 1e6;
const NOW = 4e9;

/** By the titles of the list of expressions: what is asked, and between what every finite answer lies. */
const EXPRESSIONS: Readonly<Record<string, [expression: string, least: number, most: number][]>> = {
  "CPU cores used": [[perMachine("kubevirt_vmi_cpu_usage_seconds_total"), 0, 64]],
  "CPU % of vCPU": [
    [
      `100*${perMachine("kubevirt_vmi_cpu_usage_seconds_total")} / count by(namespace,name)(kubevirt_vmi_vcpu_seconds_total)`,
      0,
      101,
    ],
    ["vmi:kubevirt_vmi_vcpu:count", 1, 64],
  ],
  "CPU steal / IO wait": [
    [perMachine("kubevirt_vmi_vcpu_delay_seconds_total"), 0, 64],
    [perMachine("kubevirt_vmi_vcpu_wait_seconds_total"), 0, 64],
  ],
  "memory used": [
    [
      "sum by(namespace,name)(kubevirt_vmi_memory_available_bytes - kubevirt_vmi_memory_usable_bytes)",
      1,
      512 * GIB,
    ],
    ["kubevirt_vmi_memory_resident_bytes", 1, 512 * GIB],
    ["vmi:kubevirt_vmi_memory_used_bytes:sum", 1, 512 * GIB],
    ["kubevirt_vmi_memory_used_bytes", 1, 512 * GIB],
  ],
  "memory total": [
    ["kubevirt_vmi_memory_available_bytes", 1, 512 * GIB],
    ["kubevirt_vmi_memory_domain_bytes", 1, 512 * GIB],
    ["kubevirt_vmi_memory_swap_in_traffic_bytes", 0, 512 * GIB],
    ["kubevirt_vmi_memory_swap_out_traffic_bytes", 0, 512 * GIB],
  ],
  net: ["receive", "transmit"].flatMap((way) =>
    ["bytes", "packets", "packets_dropped", "errors"].map((what): [string, number, number] => [
      perInterface(`kubevirt_vmi_network_${way}_${what}_total`),
      0,
      GIB,
    ]),
  ),
  disk: ["read", "write"].flatMap((way): [string, number, number][] => [
    [rate(`kubevirt_vmi_storage_${way}_traffic_bytes_total`), 0, GIB],
    [rate(`kubevirt_vmi_storage_iops_${way}_total`), 0, COUNT],
    [
      `${rate(`kubevirt_vmi_storage_${way}_times_seconds_total`)}/${rate(`kubevirt_vmi_storage_iops_${way}_total`)}`,
      0.0001,
      0.1,
    ],
  ]),
  "guest fs": [["kubevirt_vmi_filesystem_used_bytes / kubevirt_vmi_filesystem_capacity_bytes", 0.01, 1]],
  migration: [
    ["kubevirt_vmi_migration_data_processed_bytes", 0, 512 * GIB],
    ["kubevirt_vmi_migration_data_remaining_bytes", 0, 512 * GIB],
    ["kubevirt_vmi_migration_data_bytes_total", 1, 512 * GIB],
    ["kubevirt_vmi_migration_dirty_memory_rate_bytes", 0, GIB],
    ["kubevirt_vmi_migration_memory_transfer_rate_bytes", 1, 64 * GIB],
    ["kubevirt_vmi_migrations_in_pending_phase", 0, COUNT],
    ["kubevirt_vmi_migrations_in_scheduling_phase", 0, COUNT],
    ["kubevirt_vmi_migrations_in_running_phase", 1, COUNT],
    ["kubevirt_vmi_migration_start_time_seconds", 1e9, NOW],
    ["kubevirt_vmi_migration_end_time_seconds", 1e9, NOW],
    [
      "kubevirt_vmi_migration_data_processed_bytes/(kubevirt_vmi_migration_data_processed_bytes+kubevirt_vmi_migration_data_remaining_bytes)",
      0,
      1,
    ],
  ],
  states: [
    ["sum by(status_group)(kubevirt_vm_info)", 1, COUNT],
    ["kubevirt_vmi_info", 1, 1],
    ["kubevirt_vmi_non_evictable==1", 1, 1],
    ["node:kubevirt_vmi_phase:sum", 1, COUNT],
    ["kubevirt_vmi_phase_count", 1, COUNT],
    ["namespace:kubevirt_vm:sum", 1, COUNT],
    ["kubevirt_number_of_vms", 1, COUNT],
  ],
  "VM disks": [
    ["kubevirt_vm_disk_allocated_size_bytes", 1, 1024 * GIB],
    ["pvc:kubevirt_suspected_orphaned_storage_bytes:info", 1, 1024 * GIB],
  ],
  "node cpu": [
    ['1-avg by(instance)(rate(node_cpu_seconds_total{mode="idle"}[5m]))', 0, 1],
    ["1-node_memory_MemAvailable_bytes/node_memory_MemTotal_bytes", 0, 1],
  ],
  "requests overcommit": [
    [
      `${perNode('kube_pod_container_resource_requests{resource="cpu"}')}/on(node) kube_node_status_allocatable{resource="cpu"}`,
      0,
      1,
    ],
  ],
  "vCPU overcommit": [
    [`${perNode("vmi:kubevirt_vmi_vcpu:count")}/on(node) kube_node_status_capacity{resource="cpu"}`, 0, 10],
  ],
  "guest mem overcommit": [
    [
      `${perNode("kubevirt_vmi_memory_domain_bytes")}/on(node) kube_node_status_allocatable{resource="memory"}`,
      0,
      2,
    ],
  ],
  "PVC (Filesystem only)": [
    [
      "sum by(namespace,persistentvolumeclaim)(kubelet_volume_stats_used_bytes)/sum by(namespace,persistentvolumeclaim)(kubelet_volume_stats_capacity_bytes)",
      0,
      1,
    ],
    ["kubelet_volume_stats_inodes_used/kubelet_volume_stats_inodes", 0, 1],
  ],
  CDI: [
    ["kubevirt_cdi_import_progress_total", 0, 100],
    ["kubevirt_cdi_clone_progress_total", 0, 100],
    ["kubevirt_cdi_storageprofile_info", 1, 1],
    ["kubevirt_cdi_dataimportcron_outdated", 0, 1],
  ],
  "Kube-OVN": [
    ["subnet_available_ip_count", 0, Number.MAX_VALUE],
    ["subnet_used_ip_count", 0, COUNT],
    ["kube_ovn_ovn_status", 1, 2],
    ["kube_ovn_db_status", 1, 1],
    ["ovs_status", 1, 1],
    ["pinger_pod_ping_latency_ms_sum/pinger_pod_ping_latency_ms_count", 0.01, 10],
    ["histogram_quantile(0.99, sum by(le)(pinger_node_ping_latency_ms_bucket))", 0.01, 10],
    ["pinger_pod_ping_lost_total", 0, COUNT],
    ["pinger_node_ping_lost_total", 0, COUNT],
  ],
};

const colons = (name: string) => `${name} metric names should not contain ':'`;
const suffix = (name: string) =>
  `${name} non-histogram and non-summary metrics should not have "_count" suffix`;
const camel = (name: string, what: string) =>
  `${name} ${what} names should be written in 'snake_case' not 'camelCase'`;

/** What promtool holds against names that are upstream's, and that clients ask by. */
const UPSTREAM_NAMES = [
  camel("kubevirt_cdi_clone_progress_total", "label"),
  camel("kubevirt_cdi_import_progress_total", "label"),
  'kubevirt_vmi_migration_data_total_bytes counter metrics should have "_total" suffix',
  suffix("kubevirt_vmi_phase_count"),
  suffix("subnet_available_ip_count"),
  suffix("subnet_used_ip_count"),
  colons("namespace:kubevirt_vm:sum"),
  colons("node:kubevirt_vmi_phase:sum"),
  colons("pvc:kubevirt_suspected_orphaned_storage_bytes:info"),
  colons("vmi:kubevirt_vmi_memory_used_bytes:sum"),
  colons("vmi:kubevirt_vmi_vcpu:count"),
  camel("node_memory_MemAvailable_bytes", "metric"),
  camel("node_memory_MemTotal_bytes", "metric"),
  "pinger_node_ping_latency_ms metric names should not contain abbreviated units",
  "pinger_pod_ping_latency_ms metric names should not contain abbreviated units",
];

describe.skipIf(prometheusMissing !== null)("Prometheus", () => {
  test.skipIf(oracles === undefined)("is asked for everything that the list of expressions names", () => {
    const text = readFileSync(join(oracles ?? "", "reference/api-surface.md"), "utf8");
    const block = /^## 7\. Metrics\n[^]*?```\n([^]*?)```/m.exec(text)?.[1] ?? "";
    const titles = block
      .split("\n")
      .filter((line) => /^\S/.test(line))
      .map((line) => /^(.*?)(?: {2,}| (?=\d-avg|sum by|kubelet_))/.exec(line)?.[1] ?? line);
    expect(titles.length).toBeGreaterThan(15);
    expect(titles.filter((title) => !(title in EXPRESSIONS))).toEqual([]);
  });

  const all = Object.entries(EXPRESSIONS).flatMap(([title, list]) =>
    list.map(([expression, least, most]) => ({ title, expression, least, most })),
  );
  test.each(all)("$title: $expression", async ({ expression, least, most }) => {
    const samples = await prometheus.ask(expression);
    // what did nothing has no latency
    const values = samples.map(({ value }) => value).filter(Number.isFinite);
    expect(values.length).toBeGreaterThan(0);
    expect(values.filter((value) => value < least || value > most)).toEqual([]);
  });

  test("promtool finds nothing wrong but names that upstream chose so", async () => {
    const page = await (await fetch(cluster.sim.metricsUrl)).text();
    const checked = spawnSync("promtool", ["check", "metrics"], { input: page, encoding: "utf8" });
    const lines = `${checked.stdout}${checked.stderr}`.split("\n").filter((line) => line !== "");
    expect([...new Set(lines)].toSorted()).toEqual(UPSTREAM_NAMES.toSorted());
  });
});
