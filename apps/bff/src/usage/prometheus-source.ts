/** Usage from Prometheus: one query per measure, on a grid of at most 180 points; answers are kept for ten seconds. */
import type { Reason } from "@kubev/api-types/reason";
import type { UsageMeasure, UsageRange } from "@kubev/api-types/usage";
import { usageMeasure } from "@kubev/api-types/usage";
import { reasonOf } from "../domain/reasons.ts";
import type { Clock } from "../kube/clock.ts";
import { PrometheusClient } from "./prometheus-client.ts";
import type { PrometheusPlace } from "./prometheus-client.ts";
import { hostsNowQueries, machinesNowQueries, usageQueries } from "./prometheus-queries.ts";
import type { UsageNow, UsageSeries, UsageSource, UsageTarget } from "./usage-source.ts";
import { rangeSeconds } from "./usage-source.ts";

const points = 120;
const shortestStepSeconds = 15;
/** Rates look back this far at least, so that scrapes a minute apart still make one. */
const shortestWindowSeconds = 300;
const keepMs = 10_000;
const mostKept = 500;

export class PrometheusSource implements UsageSource {
  readonly kind = "prometheus";
  readonly #client: PrometheusClient;
  readonly #clock: Clock;
  readonly #kept = new Map<string, { atMs: number; answer: Promise<UsageSeries> }>();
  #machines: { atMs: number; answer: Promise<MachineFigures> } | null = null;
  #hosts: { atMs: number; answer: Promise<HostFigures> } | null = null;

  constructor(place: PrometheusPlace, clock: Clock) {
    this.#client = new PrometheusClient(place);
    this.#clock = clock;
  }

  /** Nothing runs between questions. */
  start(): void {}

  async stop(): Promise<void> {
    await this.#client.close();
  }

  async over(target: UsageTarget, range: UsageRange): Promise<UsageSeries> {
    const key = JSON.stringify([target, range]);
    const nowMs = this.#clock.monotonicMs();
    const known = this.#kept.get(key);
    if (known !== undefined && nowMs - known.atMs < keepMs) return known.answer;
    if (this.#kept.size >= mostKept) this.#kept.clear();
    const answer = this.#ask(target, range);
    this.#kept.set(key, { atMs: nowMs, answer });
    return answer;
  }

  async #ask(target: UsageTarget, range: UsageRange): Promise<UsageSeries> {
    const span = rangeSeconds[range];
    const step = Math.max(shortestStepSeconds, Math.ceil(span / points));
    const end = Math.floor(this.#clock.nowMs() / 1000 / step) * step;
    const start = end - span;
    const queries = usageQueries(target, `${Math.max(shortestWindowSeconds, step * 2)}s`);
    const times = Array.from({ length: Math.floor(span / step) + 1 }, (_, index) => start + index * step);
    try {
      const answers = await Promise.all(
        usageMeasure.options.map(
          async (measure) => [measure, await this.#client.range(queries[measure], start, end, step)] as const,
        ),
      );
      const values: Partial<Record<UsageMeasure, (number | null)[]>> = {};
      for (const [measure, found] of answers)
        if (found.size > 0)
          values[measure] = times.map((time) => {
            const value = found.get(time);
            return value === undefined || !Number.isFinite(value) ? null : value;
          });
      const empty = Object.keys(values).length === 0;
      return { times: empty ? [] : times, values, notes: empty ? [reasonOf("usage-not-yet")] : [] };
    } catch (error) {
      return { times: [], values: {}, notes: [silent(error)] };
    }
  }

  async hostsNow(hosts: readonly { name: string; ip: string }[]) {
    const nowMs = this.#clock.monotonicMs();
    if (this.#hosts === null || nowMs - this.#hosts.atMs > keepMs)
      this.#hosts = { atMs: nowMs, answer: this.#askHosts() };
    const { cpu, memory, notes } = await this.#hosts.answer;
    const usage = new Map<string, UsageNow>();
    for (const { name, ip } of hosts) {
      const cpuCores = cpu.get(name) ?? cpu.get(ip);
      const memoryBytes = memory.get(name) ?? memory.get(ip);
      if (cpuCores !== undefined && memoryBytes !== undefined) usage.set(name, { cpuCores, memoryBytes });
    }
    const none = notes.length === 0 && usage.size === 0 && hosts.length > 0;
    return { usage, notes: none ? [reasonOf("usage-not-yet")] : notes };
  }

  async machinesNow(): Promise<MachineFigures> {
    const nowMs = this.#clock.monotonicMs();
    if (this.#machines === null || nowMs - this.#machines.atMs > keepMs)
      this.#machines = { atMs: nowMs, answer: this.#askMachines() };
    return this.#machines.answer;
  }

  async #askMachines(): Promise<MachineFigures> {
    try {
      const [cpu, memory] = await Promise.all([
        this.#client.now(machinesNowQueries.cpuCores, "machine"),
        this.#client.now(machinesNowQueries.memoryBytes, "machine"),
      ]);
      const usage = new Map<string, UsageNow>();
      for (const [machine, cpuCores] of cpu) {
        const memoryBytes = memory.get(machine);
        if (memoryBytes !== undefined) usage.set(machine, { cpuCores, memoryBytes });
      }
      return { usage, notes: [] };
    } catch (error) {
      return { usage: new Map(), notes: [silent(error)] };
    }
  }

  async #askHosts(): Promise<HostFigures> {
    const byName = (found: ReadonlyMap<string, number>) =>
      new Map([...found].map(([instance, value]) => [instance.replace(/:\d+$/, ""), value]));
    try {
      const [cpu, memory] = await Promise.all([
        this.#client.now(hostsNowQueries.cpuCores, "instance"),
        this.#client.now(hostsNowQueries.memoryBytes, "instance"),
      ]);
      return { cpu: byName(cpu), memory: byName(memory), notes: [] };
    } catch (error) {
      return { cpu: new Map(), memory: new Map(), notes: [silent(error)] };
    }
  }
}

interface MachineFigures {
  usage: ReadonlyMap<string, UsageNow>;
  notes: Reason[];
}

/** By the exporter's name of the host, or its address. */
interface HostFigures {
  cpu: ReadonlyMap<string, number>;
  memory: ReadonlyMap<string, number>;
  notes: Reason[];
}

const silent = (error: unknown) =>
  reasonOf(
    "usage-source-silent",
    { source: "Prometheus" },
    error instanceof Error ? error.message.slice(0, 300) : undefined,
  );
