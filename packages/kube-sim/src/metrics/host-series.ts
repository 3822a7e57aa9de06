/** What a node exporter tells of a host. */
import { parseQuantity } from "../controllers/quantity.ts";
import type { ClusterUsage } from "./cluster-usage.ts";
import type { MetricPage } from "./metric-page.ts";
import { totalOf, waveOf } from "./usage-model.ts";

const rootBytes = 440 * 1024 ** 3;

/** Sums over what comes and goes are no counters; each host's are the integrals of waves of its own. */
export function addHost(
  page: MetricPage,
  { node, usage }: ReturnType<ClusterUsage["nodes"]>[number],
  busy: { sinceSeconds: number; seconds: number },
  at: number,
): void {
  const { name, uid, creationTimestamp } = node.metadata;
  const instance = { instance: name };
  const since = Date.parse(creationTimestamp ?? "") / 1000;
  const cpus = parseQuantity(node.status.capacity["cpu"]);
  const memory = parseQuantity(node.status.capacity["memory"]);
  const watched = at - busy.sinceSeconds;
  const busySeconds = Math.min(busy.seconds, cpus * watched);
  const seconds = page.counter("node_cpu_seconds_total", "Time that a processor spent in a mode.");
  for (let cpu = 0; cpu < cpus; cpu += 1) {
    const own = { ...instance, cpu: String(cpu) };
    seconds({ ...own, mode: "user" }, busySeconds / cpus);
    seconds({ ...own, mode: "idle" }, watched - busySeconds / cpus);
  }
  const gauge = (what: string, help: string, value: number) =>
    page.gauge(`node_${what}`, help)(instance, value);
  gauge("memory_MemTotal_bytes", "Memory of a host.", memory);
  gauge("memory_MemAvailable_bytes", "Memory of a host that can be taken.", memory - usage.memoryBytes);
  for (const minutes of [1, 5, 15])
    gauge(`load${minutes}`, `A host's load over ${minutes} minutes.`, usage.cpuCores);
  const root = { ...instance, device: "/dev/nvme0n1p2", mountpoint: "/", fstype: "ext4" };
  page.gauge("node_filesystem_size_bytes", "Size of a host's file system.")(root, rootBytes);
  page.gauge("node_filesystem_avail_bytes", "What is free in a host's file system.")(root, rootBytes * 0.71);
  const traffic = (what: string, mean: number) => totalOf(waveOf(`${uid}/${what}`, mean), since, at);
  const device = { ...instance, device: "eth0" };
  const disk = { ...instance, device: "nvme0n1" };
  page.counter("node_network_receive_bytes_total", "Bytes that a host received.")(
    device,
    traffic("rx", 30e6),
  );
  page.counter("node_network_transmit_bytes_total", "Bytes that a host sent.")(device, traffic("tx", 42e6));
  page.counter("node_disk_read_bytes_total", "Bytes that a host read.")(disk, traffic("read", 18e6));
  page.counter("node_disk_written_bytes_total", "Bytes that a host wrote.")(disk, traffic("write", 24e6));
}
