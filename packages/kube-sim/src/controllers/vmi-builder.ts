/** Makes the VirtualMachineInstance of a starting VirtualMachine, with the defaults that KubeVirt fills in (see the recorded traces). */
import type { NewObject } from "../store/kube-object.ts";
import type { VirtualMachine, VmiSpec } from "./kubevirt-shapes.ts";
import { binaryQuantity, parseQuantity } from "./quantity.ts";

export const vmFinalizer = "kubevirt.io/virtualMachineControllerFinalize";
const vmiFinalizers = [vmFinalizer, "kubevirt.io/foregroundDeleteVirtualMachine"];
const gibibyte = 1024 ** 3;

/** Guest memory in bytes: what the guest sees, else what it requests. */
export function guestMemoryBytes(spec: VmiSpec): number {
  return parseQuantity(spec.domain.memory?.guest ?? spec.domain.resources?.requests?.["memory"]);
}

export function vcpus(spec: VmiSpec): number {
  const { cores = 1, sockets = 1, threads = 1 } = spec.domain.cpu ?? {};
  return cores * sockets * threads;
}

/** `expanded` is the template's spec with instance type and preference applied. */
export function buildVmi(
  vm: VirtualMachine,
  expanded: VmiSpec,
  startPaused: boolean,
  now: string,
): Omit<NewObject, "apiVersion" | "kind"> {
  const { cores = 1, sockets = 1, threads = 1, model = "host-model" } = expanded.domain.cpu ?? {};
  const guest = expanded.domain.memory?.guest ?? expanded.domain.resources?.requests?.["memory"] ?? "0";
  const memoryBytes = parseQuantity(guest);
  const { devices } = expanded.domain;
  const defaultNic = devices.interfaces === undefined && devices.autoattachPodInterface !== false;
  const spec: VmiSpec = {
    ...expanded,
    domain: {
      ...expanded.domain,
      cpu: { ...expanded.domain.cpu, cores, sockets, threads, model, maxSockets: sockets * 4 },
      memory: {
        ...expanded.domain.memory,
        guest,
        ...(memoryBytes >= gibibyte && { maxGuest: binaryQuantity(memoryBytes * 4) }),
      },
      features: { acpi: { enabled: true }, ...expanded.domain.features },
      devices: defaultNic ? { ...devices, interfaces: [{ name: "default", masquerade: {} }] } : devices,
    },
    evictionStrategy: expanded.evictionStrategy ?? "None",
    ...(startPaused && { startStrategy: "Paused" }),
    ...(defaultNic && { networks: [{ name: "default", pod: {} }] }),
  };
  return {
    metadata: {
      name: vm.metadata.name,
      ...(vm.metadata.namespace !== undefined && { namespace: vm.metadata.namespace }),
      labels: { ...vm.spec.template.metadata?.labels },
      annotations: {
        ...vm.spec.template.metadata?.annotations,
        "kubevirt.io/vm-generation": String(vm.metadata.generation ?? 1),
      },
      finalizers: vmiFinalizers,
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
      phase: "Pending",
      currentCPUTopology: { cores, sockets, threads },
      guestOSInfo: {},
      memory: { guestAtBoot: guest, guestCurrent: guest, guestRequested: guest },
      phaseTransitionTimestamps: [{ phase: "Pending", phaseTransitionTimestamp: now }],
      runtimeUser: 107,
      virtualMachineRevisionName: `revision-start-vm-${vm.metadata.uid}-${vm.metadata.generation ?? 1}`,
    },
  };
}
