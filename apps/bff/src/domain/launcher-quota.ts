/** What the pods that run a machine count against its project's quotas. Pure arithmetic; the cluster decides when a pod is made. */
import type { QuotaNeeds } from "./quota-needs.ts";
import { quantityOrZero } from "./quantity.ts";
import type { MachineNeed } from "./schedulability.ts";
import { cpuRequest, memoryRequest } from "./schedulability.ts";
import type { SettingsTemplate } from "./vm-settings.ts";

/** One pod for a machine of this size. */
export function launcherNeeds(need: MachineNeed): QuotaNeeds {
  return new Map([
    ["pods", 1],
    ["count/pods", 1],
    ["requests.cpu", cpuRequest(need)],
    ["cpu", cpuRequest(need)],
    ["requests.memory", memoryRequest(need)],
    ["memory", memoryRequest(need)],
    // KubeVirt copies requests to limits where a quota wants limits (autoCPULimit, autoMemoryLimits)
    ["limits.cpu", need.cpuCores],
    ["limits.memory", memoryRequest(need)],
  ]);
}

/** A machine of its own once more, on top of its pod. */
export const instanceNeeds: QuotaNeeds = new Map([["count/virtualmachineinstances.kubevirt.io", 1]]);

type Domain = NonNullable<SettingsTemplate["domain"]>;

/** What a domain with its type written out asks of a host. */
function needOf({ cpu = {}, memory = {}, resources = {} }: Domain): MachineNeed {
  return {
    cpuCores: (cpu.sockets ?? 1) * (cpu.cores ?? 1) * (cpu.threads ?? 1),
    memoryBytes: quantityOrZero(resources.requests?.["memory"] ?? memory.guest),
    dedicatedCpu: cpu["dedicatedCpuPlacement"] === true,
    hugepages: "",
    devices: {},
  };
}

/**
 * What another size adds to what is counted now.
 * @param running the domain that runs and counts already; null where none does, so that the next start adds all of it
 * @param migrates the new size comes in a second pod beside the first, which is counted until the machine has moved
 */
export function resizeNeeds(now: Domain, running: Domain | null, migrates: boolean): QuotaNeeds {
  const next = launcherNeeds(needOf(now));
  if (running === null) return new Map([...next, ...instanceNeeds]);
  if (migrates) return next;
  const counted = launcherNeeds(needOf(running));
  return new Map([...next].map(([resource, amount]) => [resource, amount - (counted.get(resource) ?? 0)]));
}
