/** Whether any host could take a machine, now or at all. Pure arithmetic over what hosts offer and what runs there. */
import type { Reason } from "@kubev/api-types/reason";
import { type Amounts, shortageOf } from "./host-placement.ts";
import type { HostRecord } from "./platform-records.ts";
import type { PodRecord } from "./vm-records.ts";
import { reasonOf } from "./reasons.ts";

export interface HostFit {
  host: HostRecord;
  /** Why it takes no machine whatever its size, or null. */
  refusal: Reason | null;
  requested: { cpuCores: number; memoryBytes: number };
}

export interface MachineNeed {
  cpuCores: number;
  memoryBytes: number;
  dedicatedCpu: boolean;
  hugepages: string;
  /** How many of each device, by the name of its resource. */
  devices: Readonly<Record<string, number>>;
}

/** KubeVirt requests a tenth of a core per vCPU unless CPUs are dedicated (cpuAllocationRatio's default). */
const cpuAllocationRatio = 10;
/** virt-launcher, libvirt, QEMU and page tables on top of the guest: a floor and a share (KubeVirt's GetMemoryOverhead). */
const overheadBytes = 220 * 1024 ** 2;
const overheadShare = 1 / 512;

export function memoryRequest(need: MachineNeed): number {
  return need.memoryBytes * (1 + overheadShare) + overheadBytes + need.cpuCores * 8 * 1024 ** 2;
}

export function cpuRequest(need: MachineNeed): number {
  return need.dedicatedCpu ? need.cpuCores : need.cpuCores / cpuAllocationRatio;
}

/** Of each resource as much as the host has that has the most; null without hosts. */
export function largestOf(hosts: Iterable<HostRecord>): Amounts | null {
  let largest: Record<string, number> | null = null;
  for (const host of hosts) {
    largest ??= {};
    for (const [name, amount] of Object.entries(host.resources.allocatable))
      largest[name] = Math.max(largest[name] ?? 0, amount);
  }
  return largest;
}

/** What a pod asks more of than any host has, so that none takes it ever; null where there is none, or no host is known. */
export function excessOf(
  pod: Pick<PodRecord, "cpuCores" | "memoryBytes" | "otherRequests">,
  largest: Amounts | null,
): { resource: string; needed: number } | null {
  if (largest === null) return null;
  const requests = { memory: pod.memoryBytes, cpu: pod.cpuCores, ...pod.otherRequests };
  const shortage = shortageOf(requests, largest, {});
  return shortage === null ? null : { resource: shortage.resource, needed: shortage.needed };
}

export type Fit = { result: "ok" } | { result: "warning" | "blocking"; reason: Reason };

export function fitOf(need: MachineNeed, hosts: readonly HostFit[]): Fit {
  const open = hosts.filter((fit) => fit.refusal === null && fit.host.taints.length === 0);
  if (open.length === 0) return { result: "blocking", reason: reasonOf("no-host-for-machines") };
  const featured = open.filter(
    ({ host }) =>
      (!need.dedicatedCpu || host.features.includes("cpumanager=true")) &&
      (need.hugepages === "" || host.hugepages.includes(need.hugepages)) &&
      shortageOf(need.devices, host.resources.allocatable, {}) === null,
  );
  if (featured.length === 0) {
    const wanted = [
      ...Object.entries(need.devices).map(([name, count]) => (count > 1 ? `${count} × ${name}` : name)),
      ...(need.hugepages === "" ? [] : [`hugepages-${need.hugepages}`]),
      ...(need.dedicatedCpu ? ["CPU manager"] : []),
    ];
    const feature = wanted.join(" with ");
    return { result: "blocking", reason: reasonOf("no-host-with-feature", { feature }) };
  }
  const size = { cpuCores: need.cpuCores, memoryBytes: need.memoryBytes };
  const requests = { cpuCores: cpuRequest(need), memoryBytes: memoryRequest(need) };
  const large = featured.filter(({ host }) => shortageOf(requests, { ...host.allocatable }, {}) === null);
  if (large.length === 0) return { result: "blocking", reason: reasonOf("no-host-large-enough", size) };
  // KubeVirt asks the scheduler for a share of each vCPU only, so that a host may seem to take more than it has
  if (large.every(({ host }) => host.capacity.cpuCores < need.cpuCores))
    return { result: "warning", reason: reasonOf("no-host-so-many-cpus", { cpuCores: need.cpuCores }) };
  const free = large.some(
    ({ host, requested }) => shortageOf(requests, { ...host.allocatable }, { ...requested }) === null,
  );
  return free ? { result: "ok" } : { result: "warning", reason: reasonOf("no-host-fits", size) };
}
