/** How much of each storage class is left in a zone of the embedded cluster, and whether a new volume fits. */
import { nodeKind, volumeKind } from "./kinds.ts";
import { parseQuantity } from "./quantity.ts";
import type { StorageClass } from "./storage-shapes.ts";
import type { TypedStore } from "./typed-store.ts";

export const zoneLabel = "topology.kubernetes.io/zone";
/** In a class's parameters: what a zone holds, instead of 64Ti. */
const capacityParameter = "kubesim.kubev.io/zone-capacity";
const zoneBytes = 64 * 1024 ** 4;

export function zonesOf(store: TypedStore): string[] {
  const zones = store.list(nodeKind).map((node) => node.metadata.labels?.[zoneLabel] ?? "");
  return [...new Set(zones)].filter((zone) => zone !== "");
}

/** Bytes that the volumes of each class take. */
export function usedByClass(store: TypedStore): ReadonlyMap<string, number> {
  const used = new Map<string, number>();
  for (const { spec } of store.list(volumeKind)) {
    const name = spec.storageClassName ?? "";
    used.set(name, (used.get(name) ?? 0) + parseQuantity(spec.capacity?.storage));
  }
  return used;
}

/** Bytes left in each zone: what is used spreads evenly over them. */
export function freeBytes(
  storageClass: StorageClass,
  zones: number,
  used: ReadonlyMap<string, number>,
): number {
  const asked = parseQuantity(storageClass.parameters?.[capacityParameter]);
  const taken = (used.get(storageClass.metadata.name) ?? 0) / Math.max(zones, 1);
  return Math.max(0, (asked > 0 ? asked : zoneBytes) - taken);
}
