/** Words of hosts: their states, and what Kubernetes calls the things that a host offers. */
import type { HostLoss } from "@kubev/api-types/capacity";
import type { HostRow } from "@kubev/api-types/hosts";
import { formatBytes, formatCount, formatNumber, formatPlural } from "../format/numbers.ts";
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

/** Why as many KVM devices are asked for as are, beside the machines that run; undefined where both say the same. */
export function kvmWords(requested: number, machines: number): string | undefined {
  if (requested === machines) return undefined;
  return requested > machines
    ? `KVM is counted by pods: a machine that is moving here, or only starting, has its pod before it counts among the ${formatPlural(machines, "machine that runs", "machines that run")} here.`
    : `KVM is counted by pods that ask for it: of the ${formatPlural(machines, "machine that runs", "machines that run")} here, not every one does.`;
}

/**
 * What finds no other host when a host is lost: by name where it is one, else counted, machines apart from pods. The end of a
 * sentence that has begun, e.g. "If it were lost, ".
 */
export function homelessWords({
  homeless,
  homelessTotal,
}: Pick<HostLoss, "homeless" | "homelessTotal">): string {
  const [only] = homeless;
  if (homelessTotal === 1 && only !== undefined)
    return `${only.machine ? "the machine" : "the pod"} ${only.name} finds no other host.`;
  // the list is cut, and beyond it nobody knows which are machines
  if (homeless.length < homelessTotal)
    return `${formatPlural(homelessTotal, "thing finds", "things find")} no other host.`;
  const machines = homeless.filter(({ machine }) => machine).length;
  const pods = homeless.length - machines;
  const counted = [
    ...(machines === 0 ? [] : [formatPlural(machines, "machine", "machines")]),
    ...(pods === 0 ? [] : [formatPlural(pods, "pod", "pods")]),
  ];
  return `${counted.join(" and ")} find no other host.`;
}
