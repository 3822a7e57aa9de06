/** What becomes of a migration that has succeeded or failed. */
import { hasFinalizer, withoutFinalizer } from "../store/finalizers.ts";
import { withCondition } from "./conditions.ts";
import type { Pod } from "./core-shapes.ts";
import type { Indexes } from "./indexes.ts";
import { migrationKind, podKind } from "./kinds.ts";
import type { Migration, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { takeMarksAway } from "./migration-marks.ts";
import { ended } from "./pod-conditions.ts";
import type { TypedStore } from "./typed-store.ts";

const finalizer = "kubevirt.io/migrationJobFinalize";
/** Finished ones beyond this many are removed. Source: virt-controller, defaultFinalizedMigrationGarbageCollectionBuffer. */
const keptFinished = 5;

export function isMigrationOver(migration: Migration): boolean {
  return migration.status?.phase === "Succeeded" || migration.status?.phase === "Failed";
}

/** After the end: the VMI's record goes into the migration, its marks go, the finalizer is dropped, old ones are removed. */
export function wrapUpMigration(
  store: TypedStore,
  indexes: Indexes,
  migration: Migration,
  vmi: VirtualMachineInstance | undefined,
): void {
  if (!hasFinalizer(migration, finalizer)) return;
  const state = vmi?.status?.migrationState;
  if (vmi && state?.migrationUid === migration.metadata.uid) takeMarksAway(store, indexes, vmi);
  store.modifyObject(migrationKind, migration, (current) => ({
    ...withoutFinalizer(current, finalizer),
    status: {
      ...current.status,
      ...(state?.migrationUid === migration.metadata.uid && { migrationState: state }),
    },
  }));
  const finished = store
    .list(migrationKind, migration.metadata.namespace)
    .filter((other) => other.spec.vmiName === migration.spec.vmiName && isMigrationOver(other))
    .toSorted((a, b) => Number(b.metadata.resourceVersion) - Number(a.metadata.resourceVersion));
  for (const old of finished.slice(keptFinished)) store.delete(migrationKind, old);
}

/** The launcher in it has ended; the pod stays for its logs until the VMI goes. */
export function completePod(store: TypedStore, pod: Pod, now: string): void {
  store.modifyObject(podKind, pod, (current) => {
    const conditions = ended("Succeeded").reduce(
      (list, condition) => withCondition(list, condition, now),
      current.status?.conditions ?? [],
    );
    return { ...current, status: { ...current.status, phase: "Succeeded", conditions } };
  });
}
