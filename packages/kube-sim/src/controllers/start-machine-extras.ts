/** Wires the controllers beside a machine's own life: hotplugged disks, snapshots, restores and clones. */
import type { KubeObject } from "../store/kube-object.ts";
import { ownerVmiAnnotation } from "./attachment-pod.ts";
import type { EventRecorder } from "./events.ts";
import { HotplugController } from "./hotplug-controller.ts";
import { type Indexes, namespacedKey } from "./indexes.ts";
import {
  claimKind,
  dataVolumeKind,
  type Kind,
  podKind,
  vmCloneKind,
  vmiKind,
  vmiReplicaSetKind,
  vmKind,
  vmPoolKind,
  vmRestoreKind,
  vmSnapshotKind,
  volumeSnapshotKind,
} from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import { MemoryDumpController } from "./memory-dump-controller.ts";
import type { Reconciler } from "./reconciler.ts";
import type { ControllerOptions } from "./start-controllers.ts";
import type { StillGuests } from "./still-guests.ts";
import type { TypedStore } from "./typed-store.ts";
import { announceUpload, uploadTargetAnnotation } from "./upload-claim.ts";
import { VmCloneController } from "./vm-clone-controller.ts";
import { VmRestoreController } from "./vm-restore-controller.ts";
import { VmiReplicaSetController } from "./vmi-replica-set-controller.ts";
import { VmPoolController } from "./vm-pool-controller.ts";
import { VmSnapshotController } from "./vm-snapshot-controller.ts";

/** Pools and replica sets look once at all that happens to their members in this time: each look goes through all of them. */
const membersWithinMs = 50;

export interface Wiring {
  context: ControllerOptions;
  storeOf: (manager: string) => TypedStore;
  eventsOf: (component: string) => EventRecorder;
  indexes: Indexes;
  still: StillGuests;
  reconciler: (name: string, run: ConstructorParameters<typeof Reconciler>[4]) => Reconciler;
}

/** `group/resource` of a changed object, the object, and whether it is gone. */
export type Wake = (key: string, object: KubeObject, gone: boolean) => void;

const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;

export function startMachineExtras({ context, storeOf, eventsOf, indexes, still, reconciler }: Wiring): Wake {
  const store = storeOf("virt-controller");
  const hotplug = new HotplugController(
    context,
    { controller: store, handler: storeOf("virt-handler") },
    eventsOf("virt-controller"),
    indexes,
    (vmi, delayMs) => hotplugs.enqueueObject(vmi, delayMs),
  );
  const hotplugs = reconciler("virt-controller/hotplug", (namespace, name) =>
    hotplug.reconcile(namespace, name),
  );
  const snapshot = new VmSnapshotController(
    context,
    store,
    eventsOf("snapshot-controller"),
    still,
    (one, delayMs) => snapshots.enqueueObject(one, delayMs),
  );
  const snapshots = reconciler("virt-controller/snapshot", (namespace, name) =>
    snapshot.reconcile(namespace, name),
  );
  const restore = new VmRestoreController(context, store, (one, delayMs) =>
    restores.enqueueObject(one, delayMs),
  );
  const restores = reconciler("virt-controller/restore", (namespace, name) =>
    restore.reconcile(namespace, name),
  );
  const clone = new VmCloneController(context, store, eventsOf("clone-controller"), (one, delayMs) =>
    clones.enqueueObject(one, delayMs),
  );
  const clones = reconciler("virt-controller/clone", (namespace, name) => clone.reconcile(namespace, name));
  const memoryDump = new MemoryDumpController(context, store, indexes);
  const dumps = reconciler("virt-controller/memory-dump", (namespace, name) =>
    memoryDump.reconcile(namespace, name),
  );
  const replicaSet = new VmiReplicaSetController(
    context,
    store,
    eventsOf("virtualmachinereplicaset-controller"),
  );
  const replicaSets = reconciler("virt-controller/replicaset", (namespace, name) =>
    replicaSet.reconcile(namespace, name),
  );
  const pool = new VmPoolController(context, store, eventsOf("virtualmachinepool-controller"), indexes);
  const pools = reconciler("virt-controller/pool", (namespace, name) => pool.reconcile(namespace, name));
  const byOwner = new Map([
    [vmiReplicaSetKind.kind, replicaSets],
    [vmPoolKind.kind, pools],
  ]);
  const wakeOwner = (object: KubeObject) => {
    for (const { kind, name } of object.metadata.ownerReferences ?? [])
      byOwner.get(kind)?.enqueueWithin(object.metadata.namespace, name, membersWithinMs);
  };
  const uploadStore = storeOf("cdi-deployment");
  const uploads = reconciler("cdi-deployment/upload", (namespace, name) =>
    announceUpload(uploadStore, namespace, name),
  );

  /** Copies under way in a project look again; there are never many. */
  const wakeCopies = (object: KubeObject) => {
    const { namespace } = object.metadata;
    for (const one of store.list(vmSnapshotKind, namespace))
      if (one.status?.phase === undefined || one.status.phase === "InProgress") snapshots.enqueueObject(one);
    for (const one of store.list(vmRestoreKind, namespace))
      if (one.status?.complete !== true) restores.enqueueObject(one);
    for (const one of store.list(vmCloneKind, namespace))
      if (one.status?.phase !== "Succeeded") clones.enqueueObject(one);
  };
  const wakes = new Map<string, Wake>([
    [
      keyOf(vmiKind),
      (_key, vmi, gone) => {
        wakeOwner(vmi);
        if (vmi.metadata.ownerReferences === undefined)
          for (const set of store.list(vmiReplicaSetKind, vmi.metadata.namespace))
            replicaSets.enqueueObject(set);
        if (gone) wakeCopies(vmi);
        else hotplugs.enqueueObject(vmi);
      },
    ],
    [
      keyOf(podKind),
      (_key, pod) => {
        const owner = pod.metadata.annotations?.[ownerVmiAnnotation];
        if (owner === undefined) return;
        hotplugs.enqueue(pod.metadata.namespace, owner);
        dumps.enqueue(pod.metadata.namespace, owner); // its VM has its name
      },
    ],
    [
      keyOf(claimKind),
      (_key, claim, gone) => {
        if (!gone && claim.metadata.annotations?.[uploadTargetAnnotation] !== undefined)
          uploads.enqueueObject(claim);
        const key = namespacedKey(claim.metadata.namespace, claim.metadata.name);
        for (const vmi of indexes.vmisByClaim.get(key)) hotplugs.enqueueObject(vmi);
        if (claim.metadata.annotations?.["restore.kubevirt.io/name"] !== undefined) wakeCopies(claim);
      },
    ],
    [
      keyOf(dataVolumeKind),
      (_key, { metadata }) => {
        for (const vmi of indexes.vmisByClaim.get(namespacedKey(metadata.namespace, metadata.name)))
          hotplugs.enqueueObject(vmi);
      },
    ],
    [
      keyOf(vmKind),
      (_key, vm, gone) => {
        wakeOwner(vm);
        if (gone) wakeCopies(vm);
        // stored under virtualmachines
        else if ((vm as VirtualMachine).status?.memoryDumpRequest !== undefined) dumps.enqueueObject(vm);
      },
    ],
    [keyOf(vmiReplicaSetKind), (_key, one, gone) => !gone && replicaSets.enqueueObject(one)],
    [keyOf(vmPoolKind), (_key, one, gone) => !gone && pools.enqueueObject(one)],
    [keyOf(volumeSnapshotKind), (_key, volume) => wakeCopies(volume)],
    [
      keyOf(vmSnapshotKind),
      (_key, one, gone) => {
        if (!gone) snapshots.enqueueObject(one);
        wakeCopies(one);
      },
    ],
    [
      keyOf(vmRestoreKind),
      (_key, one, gone) => {
        if (!gone) restores.enqueueObject(one);
        wakeCopies(one);
      },
    ],
    [keyOf(vmCloneKind), (_key, one, gone) => !gone && clones.enqueueObject(one)],
  ]);
  return (key, object, gone) => wakes.get(key)?.(key, object, gone);
}
