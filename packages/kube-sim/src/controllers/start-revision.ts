/** The record of what a VM was started with: one ControllerRevision, the older ones go. Source: createVMRevision in watch/vm/vm.go. */
import type { Indexes } from "./indexes.ts";
import { controllerRevisionKind } from "./kinds.ts";
import type { VirtualMachine } from "./kubevirt-shapes.ts";
import { withRevisionNames } from "./type-revisions.ts";
import type { TypedStore } from "./typed-store.ts";

const prefixOf = (vm: VirtualMachine): string => `revision-start-vm-${vm.metadata.uid}-`;

export const startRevisionName = (vm: VirtualMachine): string =>
  `${prefixOf(vm)}${vm.metadata.generation ?? 1}`;

export function recordStart(store: TypedStore, indexes: Indexes, vm: VirtualMachine): void {
  const { namespace, uid } = vm.metadata;
  const name = startRevisionName(vm);
  for (const revision of indexes.revisionsByOwner.get(uid)) {
    const older = revision.metadata.name.startsWith(prefixOf(vm)) && revision.metadata.name !== name;
    if (older) store.delete(controllerRevisionKind, revision);
  }
  if (store.get(controllerRevisionKind, namespace, name)) return;
  store.create(controllerRevisionKind, {
    metadata: {
      name,
      ...(namespace !== undefined && { namespace }),
      ownerReferences: [
        {
          apiVersion: vm.apiVersion,
          kind: vm.kind,
          name: vm.metadata.name,
          uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    data: { spec: withRevisionNames(vm) },
    revision: vm.metadata.generation ?? 1,
  });
}
