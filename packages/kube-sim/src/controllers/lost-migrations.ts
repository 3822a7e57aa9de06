/**
 * Migrations whose objects went before they had ended (somebody took their finalizer away): what of them is still about, in pods
 * and in guests, is found by their name.
 */
import type { GuestMoves } from "./guest-moves.ts";
import { type Indexes, launcherPodOf, namespacedKey } from "./indexes.ts";
import { migrationKind, vmiKind } from "./kinds.ts";
import type { Migration } from "./kubevirt-shapes.ts";
import { isPodOver } from "./node-requests.ts";
import type { TypedStore } from "./typed-store.ts";

/** Those of this name that are not `present`, as they were known, or as much of them as their target's pod tells. */
export function lostMigrations(
  { store, indexes, moves }: { store: TypedStore; indexes: Indexes; moves: GuestMoves },
  namespace: string | undefined,
  name: string,
  present: Migration | undefined,
): Migration[] {
  const lost = new Map(moves.named(namespace, name).map((one) => [one.metadata.uid, one]));
  for (const pod of indexes.podsByMigration.get(namespacedKey(namespace, name))) {
    const uid = pod.metadata.labels?.["kubevirt.io/migrationJobUID"];
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === vmiKind.kind);
    if (uid === undefined || owner === undefined || isPodOver(pod) || lost.has(uid)) continue;
    const vmi = store.get(vmiKind, namespace, owner.name);
    // One that has ended well has left its target's pod to the guest.
    if (vmi?.metadata.uid !== owner.uid || launcherPodOf(indexes, vmi) === pod) continue;
    const { creationTimestamp } = pod.metadata;
    lost.set(uid, {
      apiVersion: `${migrationKind.group}/v1`,
      kind: migrationKind.kind,
      metadata: {
        name,
        uid,
        creationTimestamp,
        resourceVersion: "",
        ...(namespace !== undefined && { namespace }),
      },
      spec: { vmiName: vmi.metadata.name },
    });
  }
  lost.delete(present?.metadata.uid ?? "");
  return [...lost.values()];
}
