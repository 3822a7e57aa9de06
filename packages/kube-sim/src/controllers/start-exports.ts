/** Wires the controller of exports: whatever changes in a project that has exports lets them look again. */
import type { KubeObject } from "../store/kube-object.ts";
import { serviceKind } from "./endpoints-controller.ts";
import {
  claimKind,
  dataVolumeKind,
  type Kind,
  podKind,
  secretKind,
  vmExportKind,
  vmiKind,
  vmKind,
  vmSnapshotKind,
} from "./kinds.ts";
import type { Wake, Wiring } from "./start-machine-extras.ts";
import { VmExportController } from "./vm-export-controller.ts";

const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;

const watched = new Set(
  [claimKind, dataVolumeKind, podKind, secretKind, serviceKind, vmiKind, vmKind, vmSnapshotKind].map(keyOf),
);

export function startExports({ context, storeOf, eventsOf, indexes, reconciler }: Wiring): Wake {
  const controller = new VmExportController(
    context,
    storeOf("virt-controller"),
    eventsOf("export-controller"),
    indexes,
    (vmExport, delayMs) => exports.enqueueObject(vmExport, delayMs),
  );
  const exports = reconciler("virt-controller/export", (namespace, name) =>
    controller.reconcile(namespace, name),
  );
  /** Names by project: most have none, and then a change costs nothing. */
  const known = new Map<string, Set<string>>();
  return (key, object, gone) => {
    const { namespace = "", name } = object.metadata;
    if (key === keyOf(vmExportKind)) {
      const names = known.get(namespace) ?? new Set();
      if (gone) names.delete(name);
      else {
        names.add(name);
        exports.enqueueObject(object);
      }
      if (names.size > 0) known.set(namespace, names);
      else known.delete(namespace);
    } else if (watched.has(key))
      for (const each of known.get(namespace) ?? []) exports.enqueue(namespace, each);
  };
}
