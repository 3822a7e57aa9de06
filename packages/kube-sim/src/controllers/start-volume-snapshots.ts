/** Wires the CSI snapshotter: snapshots, and the contents behind them. */
import type { KubeObject } from "../store/kube-object.ts";
import { type Kind, volumeSnapshotContentKind, volumeSnapshotKind } from "./kinds.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";
import { VolumeSnapshotController } from "./volume-snapshot-controller.ts";

const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;

export function startVolumeSnapshots({
  context,
  storeOf,
  eventsOf,
  indexes,
  still,
  reconciler,
}: Wiring): Wake {
  const controller = new VolumeSnapshotController(
    context,
    storeOf("snapshot-controller"),
    eventsOf("snapshot-controller"),
    indexes,
    still,
    (snapshot, delayMs) => snapshots.enqueueObject(snapshot, delayMs),
  );
  const snapshots = reconciler("snapshot-controller", (namespace, name) =>
    controller.reconcile(namespace, name),
  );
  const contents = reconciler("snapshot-controller/content", (_namespace, name) =>
    controller.reconcileContent(name),
  );
  return (key, object, gone) => {
    if (gone) return;
    if (key === keyOf(volumeSnapshotKind)) snapshots.enqueueObject(object);
    if (key === keyOf(volumeSnapshotContentKind)) contents.enqueueObject(object);
  };
}
