/** The figures in Prometheus' text format, under the names of KubeVirt's and the node exporter's metrics. */
import { parseQuantity } from "../controllers/quantity.ts";
import type { ClusterUsage, RunningMachine } from "./cluster-usage.ts";
import { rateAt, totalOf, waveOf } from "./usage-model.ts";

type Labels = Readonly<Record<string, string>>;

class Page {
  readonly #families = new Map<string, { type: string; lines: string[] }>();

  add(name: string, type: "gauge" | "counter", labels: Labels, value: number): void {
    const family = this.#families.get(name) ?? { type, lines: [] };
    this.#families.set(name, family);
    const text = Object.entries(labels)
      .map(
        ([key, label]) =>
          `${key}="${label.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`,
      )
      .join(",");
    family.lines.push(`${name}{${text}} ${value}`);
  }

  toString(): string {
    return [...this.#families]
      .map(([name, { type, lines }]) => `# TYPE ${name} ${type}\n${lines.join("\n")}\n`)
      .join("");
  }
}

function addMachine(page: Page, machine: RunningMachine, at: number): void {
  const { instance, waves, guestBytes, startedSeconds: start } = machine;
  const labels = {
    node: machine.node,
    namespace: instance.metadata.namespace ?? "",
    name: instance.metadata.name,
  };
  const used = rateAt(waves.memoryBytes, at);
  page.add("kubevirt_vmi_info", "gauge", { ...labels, phase: "running" }, 1);
  page.add("kubevirt_vmi_cpu_usage_seconds_total", "counter", labels, totalOf(waves.cpuCores, start, at));
  for (let id = 0; id < machine.vcpus; id += 1)
    page.add(
      "kubevirt_vmi_vcpu_seconds_total",
      "counter",
      { ...labels, id: String(id), state: machine.paused ? "blocked" : "running" },
      totalOf(waves.cpuCores, start, at) / machine.vcpus,
    );
  page.add("kubevirt_vmi_memory_domain_bytes", "gauge", labels, guestBytes);
  page.add("kubevirt_vmi_memory_available_bytes", "gauge", labels, guestBytes);
  page.add("kubevirt_vmi_memory_usable_bytes", "gauge", labels, guestBytes - used);
  page.add("kubevirt_vmi_memory_resident_bytes", "gauge", labels, used);
  const network = { ...labels, interface: "default" };
  const drive = { ...labels, drive: "vda" };
  const counters: [string, Labels, number][] = [
    ["kubevirt_vmi_network_receive_bytes_total", network, totalOf(waves.receiveBytesPerSecond, start, at)],
    ["kubevirt_vmi_network_transmit_bytes_total", network, totalOf(waves.transmitBytesPerSecond, start, at)],
    ["kubevirt_vmi_storage_read_traffic_bytes_total", drive, totalOf(waves.readBytesPerSecond, start, at)],
    ["kubevirt_vmi_storage_write_traffic_bytes_total", drive, totalOf(waves.writeBytesPerSecond, start, at)],
  ];
  for (const [name, own, value] of counters) page.add(name, "counter", own, value);
}

/** Sums over what comes and goes are no counters; each host's are the integrals of waves of its own. */
function addHost(
  page: Page,
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
  for (let cpu = 0; cpu < cpus; cpu += 1) {
    const own = { ...instance, cpu: String(cpu) };
    page.add("node_cpu_seconds_total", "counter", { ...own, mode: "user" }, busySeconds / cpus);
    page.add("node_cpu_seconds_total", "counter", { ...own, mode: "idle" }, watched - busySeconds / cpus);
  }
  page.add("node_memory_MemTotal_bytes", "gauge", instance, memory);
  page.add("node_memory_MemAvailable_bytes", "gauge", instance, memory - usage.memoryBytes);
  const traffic = (what: string, mean: number) => totalOf(waveOf(`${uid}/${what}`, mean), since, at);
  const device = { ...instance, device: "eth0" };
  const disk = { ...instance, device: "nvme0n1" };
  page.add("node_network_receive_bytes_total", "counter", device, traffic("rx", 30e6));
  page.add("node_network_transmit_bytes_total", "counter", device, traffic("tx", 42e6));
  page.add("node_disk_read_bytes_total", "counter", disk, traffic("read", 18e6));
  page.add("node_disk_written_bytes_total", "counter", disk, traffic("write", 24e6));
}

/** Keeps what hosts have done since it looked first: counters never fall, though machines come and go, and begin at zero. */
export class PrometheusText {
  readonly #usage: ClusterUsage;
  readonly #busy = new Map<
    string,
    { sinceSeconds: number; seconds: number; atSeconds: number; cores: number }
  >();

  constructor(usage: ClusterUsage) {
    this.#usage = usage;
  }

  render(): string {
    const page = new Page();
    const at = this.#usage.nowSeconds;
    for (const machine of this.#usage.machines()) addMachine(page, machine, at);
    for (const host of this.#usage.nodes()) addHost(page, host, this.#busySeconds(host, at), at);
    return page.toString();
  }

  /** Core-seconds, by the mean of each two looks. */
  #busySeconds({ node, usage }: ReturnType<ClusterUsage["nodes"]>[number], at: number) {
    const { uid } = node.metadata;
    const { cpuCores } = usage;
    const before = this.#busy.get(uid) ?? { sinceSeconds: at, seconds: 0, atSeconds: at, cores: cpuCores };
    const seconds = before.seconds + ((before.cores + cpuCores) / 2) * (at - before.atSeconds);
    const busy = { sinceSeconds: before.sinceSeconds, seconds, atSeconds: at, cores: cpuCores };
    this.#busy.set(uid, busy);
    return busy;
  }
}
