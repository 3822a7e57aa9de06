/**
 * Usage where there is no Prometheus: metrics.k8s.io is read twice a minute under the service's identity, and one hour of it
 * is kept in memory, for a bounded number of machines. Processors and memory only.
 */
import type { UsageRange } from "@kubev/api-types/usage";
import { quantityOrZero } from "../domain/quantity.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { Feeds } from "../inventory/inventory.ts";
import type { Quantity, RawMeta } from "../inventory/raw.ts";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { collectionPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { UsageNow, UsageSeries, UsageSource, UsageTarget } from "./usage-source.ts";
import { rangeSeconds } from "./usage-source.ts";

const everyMs = 30_000;
const kept = 120;
const leastKept = 4;
/** 4 bytes a sample and measure: about 10 MB when full. */
const mostSeries = 10_000;

interface RawUsage {
  cpu?: Quantity;
  memory?: Quantity;
}
interface RawNodeMetrics {
  metadata?: RawMeta;
  usage?: RawUsage;
}
interface RawPodMetrics {
  metadata?: RawMeta;
  containers?: { usage?: RawUsage }[];
}

/** The newest samples of one thing, by the number of the sampling; as large as what it has seen so far. */
class Ring {
  /** Pairs of cores and bytes: seven digits are more than a chart shows. */
  #samples = new Float32Array(2 * leastKept).fill(Number.NaN);
  readonly #first: number;
  #last: number;

  constructor(turn: number) {
    this.#first = turn;
    this.#last = turn - 1;
  }

  get #size(): number {
    return this.#samples.length / 2;
  }

  #growTo(turn: number): void {
    const wanted = Math.min(kept, turn - this.#first + 1);
    if (wanted <= this.#size) return;
    const from = this.#size;
    const old = this.#samples;
    this.#samples = new Float32Array(2 * Math.min(kept, Math.max(wanted, 2 * from))).fill(Number.NaN);
    for (let known = Math.max(this.#first, this.#last - from + 1); known <= this.#last; known += 1)
      this.#samples.set(old.subarray(2 * (known % from), 2 * (known % from) + 2), 2 * (known % this.#size));
  }

  put(turn: number, usage: UsageNow): void {
    this.#growTo(turn);
    // what was missed is a gap, not an old value
    for (let missed = Math.max(this.#last + 1, turn - this.#size + 1); missed < turn; missed += 1)
      this.#samples.fill(Number.NaN, 2 * (missed % this.#size), 2 * (missed % this.#size) + 2);
    this.#samples.set([usage.cpuCores, usage.memoryBytes], 2 * (turn % this.#size));
    this.#last = turn;
  }

  get last(): number {
    return this.#last;
  }

  at(turn: number): UsageNow | null {
    if (turn < this.#first || turn > this.#last || turn <= this.#last - this.#size) return null;
    const cpuCores = this.#samples[2 * (turn % this.#size)] ?? Number.NaN;
    const memoryBytes = this.#samples[2 * (turn % this.#size) + 1] ?? Number.NaN;
    return Number.isNaN(cpuCores) ? null : { cpuCores, memoryBytes };
  }
}

const keyOf = (kind: UsageTarget["kind"], project: string, name: string) => `${kind}/${project}/${name}`;

export class MetricsSampler implements UsageSource {
  readonly kind = "metrics-server";
  readonly #service: KubeClient;
  readonly #feeds: Feeds;
  readonly #clock: Clock;
  readonly #rings = new Map<string, Ring>();
  readonly #times: number[] = [];
  readonly #stop = new AbortController();
  /** Samplings so far; the newest is `#turns - 1`. */
  #turns = 0;
  #full = false;
  #loop: Promise<void> | null = null;
  /** Why the newest sampling failed; null while it works. */
  failure: unknown = null;

  constructor(service: KubeClient, feeds: Feeds, clock: Clock) {
    this.#service = service;
    this.#feeds = feeds;
    this.#clock = clock;
  }

  start(): void {
    this.#loop = this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  get samplings(): number {
    return this.#turns;
  }

  async #run(): Promise<void> {
    // pods are matched to machines by what is known of both
    while (!this.#feeds.pods.settled && !this.#stop.signal.aborted)
      await this.#clock.sleep(250, this.#stop.signal);
    while (!this.#stop.signal.aborted) {
      await this.sample();
      await this.#clock.sleep(everyMs, this.#stop.signal);
    }
  }

  /** One look at everything. */
  async sample(): Promise<void> {
    try {
      const query = { signal: this.#stop.signal, timeoutMs: 15_000 };
      const turn = this.#turns;
      await this.#service.items<RawNodeMetrics>(
        collectionPath(types.nodeMetrics),
        query,
        ({ metadata, usage }) => this.#put(keyOf("host", "", metadata?.name ?? ""), turn, [usage ?? {}]),
      );
      await this.#service.items<RawPodMetrics>(collectionPath(types.podMetrics), query, (pod) =>
        this.#putPod(pod, turn),
      );
      this.#times[turn % kept] = Math.round(this.#clock.nowMs() / 1000);
      this.#turns = turn + 1;
      for (const [key, ring] of this.#rings) if (ring.last <= turn - kept) this.#rings.delete(key);
      this.failure = null;
    } catch (error) {
      if (!this.#stop.signal.aborted) this.failure = error;
    }
  }

  #putPod({ metadata, containers }: RawPodMetrics, turn: number): void {
    const pod = this.#feeds.pods.table.get(metadata?.namespace ?? "", metadata?.name ?? "");
    if (pod === undefined || pod.instance === "") return;
    const runs = this.#feeds.instances.table.get(pod.namespace, pod.instance);
    if (runs !== undefined && runs.host !== pod.host) return; // the far end of a migration
    this.#put(
      keyOf("machine", pod.namespace, pod.instance),
      turn,
      (containers ?? []).map(({ usage }) => usage ?? {}),
    );
  }

  #put(key: string, turn: number, parts: readonly RawUsage[]): void {
    let ring = this.#rings.get(key);
    if (ring === undefined) {
      this.#full = this.#rings.size >= mostSeries;
      if (this.#full) return;
      ring = new Ring(turn);
      this.#rings.set(key, ring);
    }
    ring.put(turn, {
      cpuCores: parts.reduce((sum, { cpu }) => sum + quantityOrZero(cpu), 0),
      memoryBytes: parts.reduce((sum, { memory }) => sum + quantityOrZero(memory), 0),
    });
  }

  #notes() {
    if (this.failure instanceof KubeError && this.failure.status === 404)
      return [reasonOf("usage-no-source")];
    if (this.failure !== null)
      return [
        reasonOf(
          "usage-source-silent",
          { source: "metrics.k8s.io" },
          this.failure instanceof Error ? this.failure.message : undefined,
        ),
      ];
    return this.#turns === 0 ? [reasonOf("usage-not-yet")] : [];
  }

  async over(target: UsageTarget, range: UsageRange): Promise<UsageSeries> {
    const notes = this.#notes();
    const ring = this.#rings.get(keyOf(target.kind, target.project, target.name));
    if (ring === undefined) {
      if (this.#full && target.kind === "machine") notes.push(reasonOf("not-sampled-here"));
      else if (notes.length === 0) notes.push(reasonOf("usage-not-yet"));
      return { times: [], values: {}, notes };
    }
    const nowSeconds = this.#clock.nowMs() / 1000;
    const times: number[] = [];
    const samples: (UsageNow | null)[] = [];
    for (let turn = Math.max(0, this.#turns - kept); turn < this.#turns; turn += 1) {
      const time = this.#times[turn % kept] ?? 0;
      if (time < nowSeconds - rangeSeconds[range]) continue;
      times.push(time);
      samples.push(ring.at(turn));
    }
    notes.push(reasonOf("usage-no-traffic"));
    if (target.kind === "machine") notes.push(reasonOf("usage-host-side"));
    if (rangeSeconds[range] > (kept * everyMs) / 1000)
      notes.push(reasonOf("usage-only-recent", { minutes: (kept * everyMs) / 60_000 }));
    return {
      times,
      notes,
      values: {
        cpuCores: samples.map((sample) => sample?.cpuCores ?? null),
        memoryBytes: samples.map((sample) => sample?.memoryBytes ?? null),
      },
    };
  }

  async hostsNow(hosts: readonly { name: string }[]) {
    const usage = new Map<string, UsageNow>();
    for (const { name } of hosts) {
      const now = this.#rings.get(keyOf("host", "", name))?.at(this.#turns - 1);
      if (now != null) usage.set(name, now);
    }
    return { usage, notes: this.#notes() };
  }

  async machinesNow() {
    const usage = new Map<string, UsageNow>();
    const prefix = "machine/";
    for (const [key, ring] of this.#rings) {
      const now = key.startsWith(prefix) ? ring.at(this.#turns - 1) : null;
      if (now !== null) usage.set(key.slice(prefix.length), now);
    }
    const notes = this.#notes();
    if (this.#full) notes.push(reasonOf("not-sampled-here"));
    return { usage, notes };
  }
}
