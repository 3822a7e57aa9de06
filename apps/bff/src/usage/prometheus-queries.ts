/**
 * The only queries that are ever sent to Prometheus: fixed templates into which names go as quoted strings. Names of metrics:
 * KubeVirt's domain metrics and the node exporter's (api-surface §7).
 */
import type { UsageMeasure } from "@kubev/api-types/usage";
import type { UsageTarget } from "./usage-source.ts";

/** A PromQL string. */
export function quoted(text: string): string {
  return `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n")}"`;
}

/** A PromQL regular expression that matches exactly this text. */
function literally(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&");
}

const idle = 'mode!~"idle|iowait|steal"';
const realDevices = 'device!~"lo|veth.*|tap.*|genev.*|ovs.*|br-.*|cali.*"';
const realDisks = 'device!~"loop.*|ram.*|dm-.*|sr.*"';

/** One series each. `window` is PromQL's, e.g. `5m`. */
export function usageQueries(target: UsageTarget, window: string): Record<UsageMeasure, string> {
  if (target.kind === "machine") {
    const here = `namespace=${quoted(target.project)},name=${quoted(target.name)}`;
    const rate = (metric: string) => `sum(rate(${metric}{${here}}[${window}]))`;
    return {
      cpuCores: rate("kubevirt_vmi_cpu_usage_seconds_total"),
      // without a balloon the guest does not say; then what the host gave
      memoryBytes: `max(kubevirt_vmi_memory_available_bytes{${here}} - kubevirt_vmi_memory_usable_bytes{${here}}) or max(kubevirt_vmi_memory_resident_bytes{${here}})`,
      receiveBytesPerSecond: rate("kubevirt_vmi_network_receive_bytes_total"),
      transmitBytesPerSecond: rate("kubevirt_vmi_network_transmit_bytes_total"),
      readBytesPerSecond: rate("kubevirt_vmi_storage_read_traffic_bytes_total"),
      writeBytesPerSecond: rate("kubevirt_vmi_storage_write_traffic_bytes_total"),
    };
  }
  const names = [target.name, target.ip].filter((name) => name !== "").map(literally);
  const here = `instance=~${quoted(`(${names.join("|")})(:[0-9]+)?`)}`;
  const rate = (metric: string, more: string) => `sum(rate(${metric}{${here},${more}}[${window}]))`;
  return {
    cpuCores: rate("node_cpu_seconds_total", idle),
    memoryBytes: `sum(node_memory_MemTotal_bytes{${here}} - node_memory_MemAvailable_bytes{${here}})`,
    receiveBytesPerSecond: rate("node_network_receive_bytes_total", realDevices),
    transmitBytesPerSecond: rate("node_network_transmit_bytes_total", realDevices),
    readBytesPerSecond: rate("node_disk_read_bytes_total", realDisks),
    writeBytesPerSecond: rate("node_disk_written_bytes_total", realDisks),
  };
}

export const hostsNowQueries = {
  cpuCores: `sum by (instance)(rate(node_cpu_seconds_total{${idle}}[5m]))`,
  memoryBytes: "sum by (instance)(node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)",
} as const;

/** By `namespace/name` in the label `machine`. */
const named = (what: string) => `label_join(${what}, "machine", "/", "namespace", "name")`;
const most = (what: string) => `max by (machine)(${named(what)})`;

export const machinesNowQueries = {
  cpuCores: `sum by (machine)(${named("rate(kubevirt_vmi_cpu_usage_seconds_total[5m])")})`,
  // while it migrates two hosts tell of it; without a balloon the guest does not say, and then what the host gave counts
  memoryBytes: `${most("kubevirt_vmi_memory_available_bytes - kubevirt_vmi_memory_usable_bytes")} or ${most("kubevirt_vmi_memory_resident_bytes")}`,
} as const;
