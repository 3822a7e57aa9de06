/** What a project may use and how much of it is taken. */
import type { QuotaLine } from "@kubev/api-types/quota-line";
import { formatNumber, formatPercent } from "../format/numbers.ts";
import { isCpu, quotaAmount, quotaWord } from "../format/quota.ts";
import { RoomBar } from "../ui/Progress.tsx";

/** `1.9 of 16 cores`, `58.6 GiB of 96 GiB`. */
function quotaUse({ resource, used, hard }: QuotaLine): string {
  const limit = quotaAmount(resource, hard);
  return isCpu(resource) ? `${formatNumber(used)} of ${limit}` : `${quotaAmount(resource, used)} of ${limit}`;
}

export function QuotaBars({ quota }: { quota: readonly QuotaLine[] }) {
  return (
    <ul className="flex max-w-3xl flex-col gap-3">
      {quota.map((line) => {
        const percent = line.hard === 0 ? 100 : (line.used / line.hard) * 100;
        return (
          <li key={line.resource} className="flex flex-col gap-1">
            <div className="flex justify-between gap-3">
              <span className="truncate">{quotaWord(line.resource)}</span>
              <span className="tabular shrink-0 text-secondary">{quotaUse(line)}</span>
            </div>
            <RoomBar
              percent={percent}
              label={`${quotaWord(line.resource)}: ${formatPercent(percent)} used`}
            />
          </li>
        );
      })}
    </ul>
  );
}
