/** What a project may use and how much of it is taken. */
import type { QuotaLine } from "@kubev/api-types/quota-line";
import { formatBytes, formatNumber, formatPercent } from "../format/numbers.ts";
import { ProgressBar, roomTone } from "../ui/Progress.tsx";

const words: Record<string, string> = {
  "requests.cpu": "CPU",
  "limits.cpu": "CPU limit",
  cpu: "CPU",
  "requests.memory": "Memory",
  "limits.memory": "Memory limit",
  memory: "Memory",
  "requests.storage": "Storage",
  persistentvolumeclaims: "Disks",
  pods: "Pods",
  "count/virtualmachines.kubevirt.io": "Virtual machines",
  "requests.ephemeral-storage": "Temporary storage",
};

export function quotaWord(resource: string): string {
  return words[resource] ?? resource;
}

/** An amount of `resource` in the unit people use for it. */
export function quotaAmount(resource: string, amount: number): string {
  if (/memory|storage$/.test(resource)) return formatBytes(amount);
  return /cpu/.test(resource) ? `${formatNumber(amount)} cores` : formatNumber(amount);
}

/** `1.9 of 16 cores`, `58.6 GiB of 96 GiB`. */
function quotaUse({ resource, used, hard }: QuotaLine): string {
  const limit = quotaAmount(resource, hard);
  return /cpu/.test(resource)
    ? `${formatNumber(used)} of ${limit}`
    : `${quotaAmount(resource, used)} of ${limit}`;
}

export function QuotaBars({ quota }: { quota: readonly QuotaLine[] }) {
  return (
    <ul className="flex flex-col gap-3">
      {quota.map((line) => {
        const percent = line.hard === 0 ? 100 : (line.used / line.hard) * 100;
        return (
          <li key={line.resource} className="flex flex-col gap-1">
            <div className="flex justify-between gap-3">
              <span className="truncate">{quotaWord(line.resource)}</span>
              <span className="tabular shrink-0 text-secondary">{quotaUse(line)}</span>
            </div>
            <ProgressBar
              percent={percent}
              label={`${quotaWord(line.resource)}: ${formatPercent(percent)} used`}
              tone={roomTone(percent)}
            />
          </li>
        );
      })}
    </ul>
  );
}
