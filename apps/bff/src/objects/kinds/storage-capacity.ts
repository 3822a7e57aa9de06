/** Free space of a storage class in one part of the cluster, as its driver reports it. */
import type { Quantity, RawMeta } from "../../inventory/raw.ts";
import { quantityOrZero } from "../../domain/quantity.ts";
import { reasonOf } from "../../domain/reasons.ts";
import type { ObjectKind } from "../object-kind.ts";
import { present } from "../object-kind.ts";

interface RawStorageCapacity {
  metadata?: RawMeta;
  storageClassName?: string;
  capacity?: Quantity;
  maximumVolumeSize?: Quantity;
  nodeTopology?: {
    matchLabels?: Record<string, string>;
    matchExpressions?: { key?: string; operator?: string; values?: string[] }[];
  };
}

function topologyText({ nodeTopology }: RawStorageCapacity): string {
  return [
    ...Object.entries(nodeTopology?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`),
    ...(nodeTopology?.matchExpressions ?? []).map(
      ({ key, operator, values }) => `${key ?? ""} ${operator ?? ""} ${(values ?? []).join(", ")}`,
    ),
  ].join(", ");
}

const bytesOrNull = (quantity: Quantity | undefined) =>
  quantity === undefined ? null : quantityOrZero(quantity);

export const storageCapacityKind: ObjectKind<"storage-capacity", RawStorageCapacity> = {
  noun: "storage-capacity",
  read: (raw) => {
    const capacityBytes = bytesOrNull(raw.capacity);
    return {
      state:
        capacityBytes === 0
          ? { status: "full", tone: "attention", reason: reasonOf("storage-capacity-none") }
          : present,
      facts: {
        storageClass: raw.storageClassName ?? "",
        topology: topologyText(raw),
        capacityBytes,
        largestVolumeBytes: bytesOrNull(raw.maximumVolumeSize),
      },
    };
  },
  sort: {
    storageClass: (facts) => facts.storageClass,
    capacity: (facts) => facts.capacityBytes ?? -1,
    topology: (facts) => facts.topology,
  },
  fields: {
    class: { kind: "text", match: "equals", get: (facts) => facts.storageClass },
    free: { kind: "bytes", get: (facts) => facts.capacityBytes ?? 0 },
  },
  words: (facts) => [facts.storageClass, facts.topology],
  detail: () => ({}),
};
