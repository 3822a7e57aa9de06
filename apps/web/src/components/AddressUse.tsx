/** How many of a subnet's addresses are held: a bar and the two numbers. */
import type { SubnetRow } from "@kubev/api-types/subnets";
import { RoomBar } from "../ui/Progress.tsx";
import { formatAddressCount } from "./network-words.ts";

export function AddressUse({
  subnet,
}: {
  subnet: Pick<SubnetRow, "usedIps" | "availableIps" | "usedPercent">;
}) {
  return (
    <span className="flex w-full min-w-0 items-center gap-2.5">
      <span className="w-16 shrink-0">
        <RoomBar percent={subnet.usedPercent} label="Addresses in use" />
      </span>
      <span className="tabular truncate text-secondary">
        {formatAddressCount(subnet.usedIps)} used, {formatAddressCount(subnet.availableIps)} free
      </span>
    </span>
  );
}
