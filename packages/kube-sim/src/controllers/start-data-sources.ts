/** Wires the DataSource controller: each follows what it names, through at most one other DataSource. */
import type { KubeObject } from "../store/kube-object.ts";
import { reconcileDataSource } from "./data-source-controller.ts";
import { claimKind, dataSourceKind, dataVolumeKind, type Kind, volumeSnapshotKind } from "./kinds.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";

const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;
const followed = new Set([claimKind, dataVolumeKind, volumeSnapshotKind].map(keyOf));

export function startDataSources({ context, storeOf, reconciler }: Wiring): Wake {
  const store = storeOf("cdi-controller");
  const dataSources = reconciler("cdi-controller/datasource", (namespace, name) =>
    reconcileDataSource(context, store, namespace, name),
  );
  /** Those that name the object, and those that name these. */
  const wakeFollowers = ({ metadata }: KubeObject) => {
    const all = store.list(dataSourceKind);
    const names = (object: { name: string; namespace?: string } | undefined, own: string | undefined) =>
      object?.name === metadata.name && (object.namespace ?? own) === metadata.namespace;
    for (const one of all) {
      const { pvc, snapshot, dataSource } = one.spec.source ?? {};
      const own = one.metadata.namespace;
      if (!names(pvc, own) && !names(snapshot, own) && !names(dataSource, own)) continue;
      dataSources.enqueueObject(one);
      for (const follower of all)
        if (
          follower.metadata.namespace === own &&
          follower.spec.source?.dataSource?.name === one.metadata.name
        )
          dataSources.enqueueObject(follower);
    }
  };
  return (key, object, gone) => {
    if (followed.has(key)) wakeFollowers(object);
    if (key !== keyOf(dataSourceKind)) return;
    if (!gone) dataSources.enqueueObject(object);
    wakeFollowers(object);
  };
}
