/** A quota's resources in the words and units people use for them. */
import { formatBytes, formatNumber } from "./numbers.ts";

const words: Record<string, string> = {
  "requests.cpu": "CPU",
  "limits.cpu": "CPU limit",
  cpu: "CPU",
  "requests.memory": "Memory",
  "limits.memory": "Memory limit",
  memory: "Memory",
  "requests.storage": "Storage",
  persistentvolumeclaims: "Disks",
  "count/persistentvolumeclaims": "Disks",
  pods: "Pods",
  "count/pods": "Pods",
  "count/virtualmachines.kubevirt.io": "Virtual machines",
  "requests.ephemeral-storage": "Temporary storage",
};

export function quotaWord(resource: string): string {
  const perClass = /^(.+)\.storageclass\.storage\.k8s\.io\/(.+)$/.exec(resource);
  if (perClass === null) return words[resource] ?? resource;
  return `${words[perClass[2] ?? ""] ?? perClass[2] ?? ""} on ${perClass[1] ?? ""}`;
}

/** What counts of a resource, without the class it counts on. */
const measured = (resource: string) => resource.replace(/^.*\//, "");

export function isCpu(resource: string): boolean {
  return /^(requests\.|limits\.)?cpu$/.test(measured(resource));
}

/** An amount of `resource` in the unit people use for it. */
export function quotaAmount(resource: string, amount: number): string {
  if (/(^|[.-])(memory|storage)$|hugepages-/.test(measured(resource))) return formatBytes(amount);
  return isCpu(resource) ? `${formatNumber(amount)} cores` : formatNumber(amount);
}
