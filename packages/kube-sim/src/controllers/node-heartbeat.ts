/** virt-handler's and the kubelet's sign of life on every host, once a minute as upstream. */
import type { Clock } from "./controller.ts";
import type { Node } from "./core-shapes.ts";
import { nodeKind } from "./kinds.ts";
import { startNodeLeases } from "./node-leases.ts";
import { timestamp } from "./timestamp.ts";
import type { TypedStore } from "./typed-store.ts";

const everyMs = 60_000;
const annotation = "kubevirt.io/heartbeat";

/** Beats at once, then every minute; returns the way to stop. Hosts without the annotation have no virt-handler and stay silent. */
export function startNodeHeartbeats(store: TypedStore, clock: Clock): () => void {
  const isAlive = (node: Node): boolean => node.metadata.annotations?.[annotation] !== undefined;
  const stopLeases = startNodeLeases(store, clock, isAlive);
  let timer: { cancel(): void } | null = null;
  const beat = () => {
    const now = timestamp(clock.now());
    for (const node of store.list(nodeKind)) {
      if (!isAlive(node)) continue;
      store.modifyObject(nodeKind, node, (current) => ({
        ...current,
        metadata: {
          ...current.metadata,
          annotations: { ...current.metadata.annotations, [annotation]: now },
        },
        status: {
          ...current.status,
          ...(current.status.conditions && {
            conditions: current.status.conditions.map((condition) => ({
              ...condition,
              lastHeartbeatTime: now,
            })),
          }),
        },
      }));
    }
    timer = clock.setTimeout(beat, everyMs);
  };
  beat();
  return () => {
    timer?.cancel();
    stopLeases();
  };
}
