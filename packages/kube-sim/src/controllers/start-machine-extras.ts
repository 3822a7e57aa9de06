/** Wires the controllers beside a machine's own life: disks that are hotplugged. */
import type { KubeObject } from "../store/kube-object.ts";
import { ownerVmiAnnotation } from "./attachment-pod.ts";
import type { EventRecorder } from "./events.ts";
import { HotplugController } from "./hotplug-controller.ts";
import { type Indexes, namespacedKey } from "./indexes.ts";
import { claimKind, type Kind, podKind, vmiKind } from "./kinds.ts";
import type { Reconciler } from "./reconciler.ts";
import type { ControllerOptions } from "./start-controllers.ts";
import type { TypedStore } from "./typed-store.ts";

export interface Wiring {
  context: ControllerOptions;
  storeOf: (manager: string) => TypedStore;
  eventsOf: (component: string) => EventRecorder;
  indexes: Indexes;
  reconciler: (name: string, run: ConstructorParameters<typeof Reconciler>[4]) => Reconciler;
}

/** `group/resource` of a changed object, the object, and whether it is gone. */
export type Wake = (key: string, object: KubeObject, gone: boolean) => void;

const keyOf = (kind: Kind<KubeObject>) => `${kind.group}/${kind.resource}`;

export function startMachineExtras({ context, storeOf, eventsOf, indexes, reconciler }: Wiring): Wake {
  const hotplug = new HotplugController(
    context,
    storeOf("virt-handler"),
    eventsOf("virt-controller"),
    indexes,
  );
  const hotplugs = reconciler("virt-controller/hotplug", (namespace, name) =>
    hotplug.reconcile(namespace, name),
  );
  const wakes = new Map<string, Wake>([
    [keyOf(vmiKind), (_key, vmi, gone) => !gone && hotplugs.enqueueObject(vmi)],
    [
      keyOf(podKind),
      (_key, pod) => {
        const owner = pod.metadata.annotations?.[ownerVmiAnnotation];
        if (owner !== undefined) hotplugs.enqueue(pod.metadata.namespace, owner);
      },
    ],
    [
      keyOf(claimKind),
      (_key, claim) => {
        const key = namespacedKey(claim.metadata.namespace, claim.metadata.name);
        for (const vm of indexes.vmsByClaim.get(key)) hotplugs.enqueueObject(vm);
      },
    ],
  ]);
  return (key, object, gone) => wakes.get(key)?.(key, object, gone);
}
