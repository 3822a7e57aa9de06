/** A VPC's address space as one bar, with the same as words below. */
import type { VpcSpace } from "@kubev/api-types/subnets";
import { formatPercent } from "../../format/numbers.ts";
import { cx } from "../../ui/cx.ts";

const fills = { subnet: "bg-control", chosen: "bg-accent", free: "bg-transparent" };

export function SpacePicture({ space }: { space: VpcSpace }) {
  const free = space.segments.reduce((sum, one) => (one.kind === "free" ? sum + one.share : sum), 0);
  const taken = space.segments.filter((segment) => segment.kind !== "free");
  return (
    <div className="flex flex-col gap-2">
      <p className="flex justify-between gap-3">
        <span className="tabular">{space.block}</span>
        <span className="text-tertiary">{formatPercent(Math.floor(free * 100))} free</span>
      </p>
      <div aria-hidden className="flex h-6 overflow-hidden rounded-sm border border-stroke bg-surface">
        {space.segments.map((segment) => (
          <span
            key={`${segment.cidr}-${segment.kind}`}
            title={`${segment.name} ${segment.cidr}`}
            className={cx(fills[segment.kind], segment.kind !== "free" && "min-w-1 border-r border-surface")}
            style={{ flexGrow: segment.share, flexBasis: 0 }}
          />
        ))}
      </div>
      <ul className="flex flex-col gap-1">
        {taken.map((segment) => (
          <li key={segment.cidr} className="flex min-w-0 items-center gap-2">
            <span aria-hidden className={cx("size-2.5 shrink-0 rounded-[2px]", fills[segment.kind])} />
            <span className="min-w-0 truncate">
              {segment.kind === "chosen" ? "The new subnet" : segment.name}
            </span>
            <span className="tabular ml-auto shrink-0 text-secondary">{segment.cidr}</span>
          </li>
        ))}
        {space.outside.map((one) => (
          <li key={one.name} className="flex min-w-0 items-center gap-2 text-secondary">
            <span aria-hidden className="size-2.5 shrink-0 rounded-[2px] border border-stroke" />
            <span className="min-w-0 truncate">{one.name}, outside of this block</span>
            <span className="tabular ml-auto shrink-0">{one.cidr}</span>
          </li>
        ))}
        {taken.length === 0 ? <li className="text-secondary">Nothing of it is used yet.</li> : null}
      </ul>
    </div>
  );
}
