/** The page that a Prometheus scrapes: what on a real cluster KubeVirt, CDI, Kube-OVN, kube-state-metrics, kubelets and node exporters tell. */
import { TypedStore } from "../controllers/typed-store.ts";
import type { MachineHost } from "../machines/machine.ts";
import type { ObjectStore } from "../store/object-store.ts";
import { addClusterState } from "./cluster-state-series.ts";
import type { ClusterUsage } from "./cluster-usage.ts";
import { addHost } from "./host-series.ts";
import { addMachine } from "./machine-series.ts";
import { MetricPage } from "./metric-page.ts";
import { addNetworks } from "./network-series.ts";
import { addStorage } from "./storage-series.ts";
import { addVirtualization } from "./virtualization-series.ts";

/** Keeps what hosts have done since it looked first: counters never fall, though machines come and go, and begin at zero. */
export class PrometheusText {
  readonly #usage: ClusterUsage;
  readonly #store: TypedStore;
  readonly #machines: MachineHost;
  readonly #busy = new Map<
    string,
    { sinceSeconds: number; seconds: number; atSeconds: number; cores: number }
  >();

  constructor(usage: ClusterUsage, store: ObjectStore, machines: MachineHost) {
    this.#usage = usage;
    this.#machines = machines;
    this.#store = new TypedStore(store, "metrics");
  }

  render(): string {
    const page = new MetricPage();
    const at = this.#usage.nowSeconds;
    for (const machine of this.#usage.machines()) {
      const guest = this.#machines.get(machine.instance.metadata.uid);
      addMachine(page, machine, at, guest?.moveProgress ?? null);
    }
    addVirtualization(page, this.#store, this.#usage);
    for (const host of this.#usage.nodes()) addHost(page, host, this.#busySeconds(host, at), at);
    addClusterState(page, this.#store);
    addStorage(page, this.#store);
    addNetworks(page, this.#store, at);
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
