/** Wires the controllers of Kube-OVN's smaller kinds: there are few of them, and each may depend on any other. */
import { ipKind, subnetKind } from "./kinds.ts";
import { networkKinds, type NetworkObject } from "./network-kinds.ts";
import { networkStatuses } from "./network-status.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";

/** Changes that come together are looked at once. */
const settleMs = 50;

export function startNetworkExtras({ storeOf, reconciler }: Wiring): Wake {
  const store = storeOf("kube-ovn-controller");
  const statuses = reconciler("kube-ovn-controller/status", () => {
    for (const [kind, statusOf] of networkStatuses)
      for (const object of store.list(kind)) {
        if (object.metadata.deletionTimestamp !== undefined) continue;
        const status = statusOf(store, object);
        store.modifyObject<NetworkObject>(kind, object, (current) => {
          const next = { ...current.status, ...status };
          return JSON.stringify(next) === JSON.stringify(current.status ?? {})
            ? current
            : { ...current, status: next };
        });
      }
  });
  const watched = new Set(
    [...Object.values(networkKinds), subnetKind].map((kind) => `${kind.group}/${kind.resource}`),
  );
  const pools = `${ipKind.group}/${ipKind.resource}`;
  return (key) => {
    const countsAddresses = key === pools && store.list(networkKinds.ipPool).length > 0;
    if (watched.has(key) || countsAddresses) statuses.enqueueWithin(undefined, "all", settleMs);
  };
}
