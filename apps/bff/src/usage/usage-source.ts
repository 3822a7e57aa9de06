/** What a source of usage figures can be asked, wherever it has them from. Who may ask is decided before. */
import type { Reason } from "@kubev/api-types/reason";
import type { UsageMeasure, UsageRange } from "@kubev/api-types/usage";

export interface UsageSeries {
  /** Epoch seconds, rising. */
  times: number[];
  /** One value per time; null where nothing was measured. */
  values: Partial<Record<UsageMeasure, (number | null)[]>>;
  notes: Reason[];
}

export interface UsageNow {
  cpuCores: number;
  memoryBytes: number;
}

export interface UsageTarget {
  kind: "machine" | "host";
  /** '' for hosts. */
  project: string;
  name: string;
  /** Of a host: some exporters call it by this. */
  ip: string;
}

export interface UsageSource {
  readonly kind: "prometheus" | "metrics-server";
  start(): void;
  stop(): Promise<void>;
  /** Never throws: what fails is a note, and the series is empty. */
  over(target: UsageTarget, range: UsageRange): Promise<UsageSeries>;
  /** What hosts use now, by name; those that are not measured are absent. */
  hostsNow(
    hosts: readonly { name: string; ip: string }[],
  ): Promise<{ usage: Map<string, UsageNow>; notes: Reason[] }>;
  /** What machines use now, by `project/name`; those that are not measured are absent. */
  machinesNow(): Promise<{ usage: ReadonlyMap<string, UsageNow>; notes: Reason[] }>;
}

export const rangeSeconds: Readonly<Record<UsageRange, number>> = {
  "15m": 900,
  "1h": 3600,
  "6h": 6 * 3600,
  "24h": 24 * 3600,
  "7d": 7 * 24 * 3600,
};
