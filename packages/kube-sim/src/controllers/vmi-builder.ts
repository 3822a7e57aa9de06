/** Makes the VirtualMachineInstance of a starting VirtualMachine, with the defaults that KubeVirt fills in (see the recorded traces). */
import { initialVmiStatus, withVmiDefaults } from "../admission/vm/vmi-defaults.ts";
import type { NewObject } from "../store/kube-object.ts";
import type { ExpandedTemplate } from "./instancetype.ts";
import type { VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";
import { parseQuantity } from "./quantity.ts";
import { startRevisionName } from "./start-revision.ts";

export const vmFinalizer = "kubevirt.io/virtualMachineControllerFinalize";
/** Of an instance that waits for its guest from another cluster; none ever comes here. */
export const receiverAnnotation = "kubevirt.io/create-migration-target";
export const instanceFinalizer = "kubevirt.io/foregroundDeleteVirtualMachine";

/** Guest memory in bytes: what the guest sees, else what it requests. */
export function guestMemoryBytes(spec: VmiSpec): number {
  return parseQuantity(spec.domain.memory?.guest ?? spec.domain.resources?.requests?.["memory"]);
}

export function vcpus(spec: VmiSpec): number {
  const { cores = 1, sockets = 1, threads = 1 } = spec.domain.cpu ?? {};
  return cores * sockets * threads;
}

/** `expanded` is the template with instance type and preference applied. */
export function buildVmi(
  vm: VirtualMachine,
  expanded: ExpandedTemplate,
  startPaused: boolean,
  now: string,
): Omit<NewObject, "apiVersion" | "kind"> {
  const spec: VmiSpec = {
    ...withVmiDefaults(expanded.spec),
    ...(startPaused && { startStrategy: "Paused" }),
  };
  return {
    metadata: {
      name: vm.metadata.name,
      ...(vm.metadata.namespace !== undefined && { namespace: vm.metadata.namespace }),
      labels: { ...vm.spec.template.metadata?.labels },
      annotations: {
        ...expanded.annotations,
        ...expanded.marks,
        "kubevirt.io/vm-generation": String(vm.metadata.generation ?? 1),
        ...(vm.spec.runStrategy === "WaitAsReceiver" && { [receiverAnnotation]: "true" }),
      },
      finalizers: [vmFinalizer, instanceFinalizer],
      ownerReferences: [
        {
          apiVersion: "kubevirt.io/v1",
          kind: "VirtualMachine",
          name: vm.metadata.name,
          uid: vm.metadata.uid,
          controller: true,
          blockOwnerDeletion: true,
        },
      ],
    },
    spec,
    status: {
      ...initialVmiStatus(spec, now),
      virtualMachineRevisionName: startRevisionName(vm),
    },
  };
}
