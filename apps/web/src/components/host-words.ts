/** Words of hosts: their states, and what Kubernetes calls the things that a host offers. */
import type { HostRow } from "@kubev/api-types/hosts";
import { formatBytes, formatCount, formatNumber } from "../format/numbers.ts";
import type { StatusTone } from "../ui/Status.tsx";

export const hostStateWords: Record<HostRow["state"]["status"], string> = {
  ready: "Ready",
  "not-ready": "Not ready",
  cordoned: "Cordoned",
  unknown: "Unknown",
};

/** A host that answers and takes no machines wants somebody's attention. */
export function hostTone(host: Pick<HostRow, "state" | "machines">): StatusTone {
  return host.state.tone === "ok" && !host.machines.schedulable ? "attention" : host.state.tone;
}

const names: Readonly<Record<string, string>> = {
  cpu: "CPU",
  memory: "Memory",
  pods: "Pods",
  "ephemeral-storage": "Scratch space",
  "devices.kubevirt.io/kvm": "KVM",
  "devices.kubevirt.io/tun": "Network taps",
  "devices.kubevirt.io/vhost-net": "vhost-net",
};

/** `hugepages-2Mi` → `Huge pages of 2Mi`; devices keep their own name. */
export function resourceName(resource: string): string {
  return names[resource] ?? resource.replace(/^hugepages-/, "Huge pages of ");
}

export function resourceAmount(resource: string, amount: number): string {
  if (resource === "cpu") return `${formatNumber(amount)} cores`;
  return /^(memory|ephemeral-storage|hugepages-)/.test(resource) ? formatBytes(amount) : formatCount(amount);
}
