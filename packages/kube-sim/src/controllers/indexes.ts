/** The look-ups that controllers share, so that ten thousand machines cost each of them no more than ten. */
import type { KubeObject } from "../store/kube-object.ts";
import type { ObjectStore } from "../store/object-store.ts";
import type { Pod } from "./core-shapes.ts";
import {
  controllerRevisionKind,
  eventKind,
  migrationKind,
  podKind,
  vmiKind,
  vmKind,
  volumeKind,
} from "./kinds.ts";
import type { Migration, VirtualMachine, VirtualMachineInstance, VmiSpec } from "./kubevirt-shapes.ts";
import { isPodOver, NodeRequests } from "./node-requests.ts";
import { ObjectIndex } from "./object-index.ts";
import type { PersistentVolume } from "./storage-shapes.ts";
import { SubnetAddresses } from "./subnet-addresses.ts";

export interface Indexes {
  /** By `namespacedKey`. */
  podsByClaim: ObjectIndex<Pod>;
  podsByOwner: ObjectIndex<Pod>;
  podsByNode: ObjectIndex<Pod>;
  /** Targets, by `namespacedKey` of the migration that they were made for. */
  podsByMigration: ObjectIndex<Pod>;
  vmsByClaim: ObjectIndex<VirtualMachine>;
  vmsByOwner: ObjectIndex<VirtualMachine>;
  revisionsByOwner: ObjectIndex<KubeObject>;
  vmisByClaim: ObjectIndex<VirtualMachineInstance>;
  /** By `namespace/name` of the VMI. */
  migrationsByVmi: ObjectIndex<Migration>;
  /** By the claim's uid. */
  volumesByClaim: ObjectIndex<PersistentVolume>;
  /** Those that are bound to no claim, all under `openVolumes`. */
  openVolumes: ObjectIndex<PersistentVolume>;
  /** By the involved object's uid. */
  eventsByObject: ObjectIndex<KubeObject>;
  nodeRequests: NodeRequests;
  addresses: SubnetAddresses;
  close(): void;
}

export const openVolumes = "";

export function namespacedKey(namespace: string | undefined, name: string): string {
  return `${namespace ?? ""}/${name}`;
}

export function openIndexes(store: ObjectStore): Indexes {
  const podsByClaim = new ObjectIndex<Pod>(store, podKind, (pod) =>
    (pod.spec.volumes ?? []).flatMap((volume) =>
      volume.persistentVolumeClaim
        ? [namespacedKey(pod.metadata.namespace, volume.persistentVolumeClaim.claimName)]
        : [],
    ),
  );
  const ownersOf = ({ metadata }: KubeObject): string[] =>
    (metadata.ownerReferences ?? []).map((owner) => owner.uid);
  const podsByOwner = new ObjectIndex<Pod>(store, podKind, ownersOf);
  const vmsByOwner = new ObjectIndex<VirtualMachine>(store, vmKind, ownersOf);
  const revisionsByOwner = new ObjectIndex<KubeObject>(store, controllerRevisionKind, ownersOf);
  const podsByNode = new ObjectIndex<Pod>(store, podKind, (pod) =>
    pod.spec.nodeName === undefined ? [] : [pod.spec.nodeName],
  );
  const podsByMigration = new ObjectIndex<Pod>(store, podKind, ({ metadata }) => {
    const migration = metadata.annotations?.["kubevirt.io/migrationJobName"];
    return migration === undefined ? [] : [namespacedKey(metadata.namespace, migration)];
  });
  const claimsOf = (namespace: string | undefined, spec: VmiSpec): string[] =>
    (spec.volumes ?? []).flatMap((volume) => {
      const name = volume.dataVolume?.name ?? volume.persistentVolumeClaim?.claimName;
      return name === undefined ? [] : [namespacedKey(namespace, name)];
    });
  const vmsByClaim = new ObjectIndex<VirtualMachine>(store, vmKind, (vm) =>
    claimsOf(vm.metadata.namespace, vm.spec.template.spec),
  );
  const vmisByClaim = new ObjectIndex<VirtualMachineInstance>(store, vmiKind, (vmi) =>
    claimsOf(vmi.metadata.namespace, vmi.spec),
  );
  const migrationsByVmi = new ObjectIndex<Migration>(store, migrationKind, (migration) => [
    namespacedKey(migration.metadata.namespace, migration.spec.vmiName ?? ""),
  ]);
  const volumesByClaim = new ObjectIndex<PersistentVolume>(store, volumeKind, (volume) =>
    volume.spec.claimRef?.uid ? [volume.spec.claimRef.uid] : [],
  );
  const unbound = new ObjectIndex<PersistentVolume>(store, volumeKind, ({ spec }) =>
    spec.claimRef?.uid ? [] : [openVolumes],
  );
  const eventsByObject = new ObjectIndex<KubeObject>(store, eventKind, (event) => {
    const { uid } = event["involvedObject"] as { uid?: string }; // every Event has one
    return uid === undefined ? [] : [uid];
  });
  const all = {
    podsByClaim,
    podsByOwner,
    podsByNode,
    podsByMigration,
    vmsByClaim,
    vmsByOwner,
    revisionsByOwner,
    vmisByClaim,
    migrationsByVmi,
    volumesByClaim,
    openVolumes: unbound,
    eventsByObject,
  };
  const nodeRequests = new NodeRequests(store);
  const addresses = new SubnetAddresses(store);
  return {
    ...all,
    nodeRequests,
    addresses,
    close: () => {
      for (const index of [...Object.values(all), nodeRequests, addresses]) index.close();
    },
  };
}

/** The pod that carries this VMI's guest: on the VMI's host, once it has one. A migration's target is on another. */
export function launcherPodOf(indexes: Indexes, vmi: VirtualMachineInstance): Pod | undefined {
  const { nodeName } = vmi.status ?? {};
  const owned = indexes.podsByOwner.get(vmi.metadata.uid);
  const here = nodeName === undefined ? owned : owned.filter((pod) => pod.spec.nodeName === nodeName);
  return here.find((pod) => !isPodOver(pod)) ?? here.at(-1);
}
