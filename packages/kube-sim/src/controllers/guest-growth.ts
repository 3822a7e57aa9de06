/**
 * What virt-handler says of vCPUs and memory that a migration was to bring, once the guest is on its target. Source: hotplugCPU,
 * hotplugMemory and finalizeMigration in pkg/virt-handler/migration-target.go.
 */
import type { GuestSize } from "../machines/machine.ts";
import { isTrue, withCondition, withoutCondition } from "./conditions.ts";
import type { EventRecorder } from "./events.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { guestSize } from "./machine-spec.ts";

const nodeLabel = "kubevirt.io/nodeName";
/** What the target's pod asks for, while memory is on its way to be plugged. */
export const podMemoryLabel = "kubevirt.io/vmi-pod-memory-resource-requests";

/** What the guest was to grow to, and QEMU's words where it refused. */
export interface Growth {
  size: GuestSize;
  cpuFailure?: string;
  memoryFailure?: string;
}

const memoryFailed = {
  type: "HotMemoryChange",
  status: "False",
  reason: "Memory Hotplug Failed",
  message: "memory hotplug failed, the VM configuration is not supported",
} as const;

/** The words of reason and message are upstream's way round. */
export function reportGrowth(
  events: EventRecorder,
  vmi: VirtualMachineInstance,
  { cpuFailure, memoryFailure }: Growth,
): void {
  if (cpuFailure !== undefined) events.record(vmi, "Warning", cpuFailure, "failed to change vCPUs");
  if (memoryFailure !== undefined)
    events.record(vmi, "Warning", memoryFailure, "failed to update guest memory");
}

/** What was asked for while the guest was on its way keeps its condition, and another migration follows. */
function statusAfterGrowth(
  vmi: VirtualMachineInstance,
  { size, cpuFailure, memoryFailure }: Growth,
  now: string,
): NonNullable<VirtualMachineInstance["status"]> {
  const status = { ...vmi.status };
  const wanted = guestSize(vmi);
  const { cores = 1, sockets = 1, threads = 1 } = vmi.spec.domain.cpu ?? {};
  if (isTrue(status.conditions, "HotVCPUChange") && wanted.cpuCores === size.cpuCores) {
    status.conditions = withoutCondition(status.conditions, "HotVCPUChange");
    if (cpuFailure === undefined) status["currentCPUTopology"] = { cores, sockets, threads };
  }
  if (isTrue(status.conditions, "HotMemoryChange") && wanted.memoryBytes === size.memoryBytes) {
    status.conditions =
      memoryFailure === undefined
        ? withoutCondition(status.conditions, "HotMemoryChange")
        : withCondition(status.conditions, memoryFailed, now);
    const guest = vmi.spec.domain.memory?.guest ?? "0";
    if (memoryFailure === undefined)
      status["memory"] = {
        ...(status["memory"] as object | undefined), // as vmi-builder.ts wrote it
        guestCurrent: guest,
        guestRequested: guest,
      };
  }
  const memoryOverhead = status.migrationState?.targetMemoryOverhead;
  if (memoryOverhead !== undefined)
    status["memory"] = { ...(status["memory"] as object | undefined), memoryOverhead }; // as vmi-builder.ts wrote it
  return status;
}

/** The instance with its guest on the target. */
export function arrivedOn(
  nodeName: string,
  vmi: VirtualMachineInstance,
  growth: Growth,
  endTimestamp: string,
): VirtualMachineInstance {
  const { [podMemoryLabel]: _told, ...labels } = vmi.metadata.labels ?? {};
  return {
    ...vmi,
    metadata: { ...vmi.metadata, labels: { ...labels, [nodeLabel]: nodeName } },
    status: {
      ...statusAfterGrowth(vmi, growth, endTimestamp),
      nodeName,
      migrationState: {
        ...vmi.status?.migrationState,
        endTimestamp,
        targetNodeDomainReadyTimestamp: endTimestamp,
      },
    },
  };
}

/** The refusal of further memory after one that failed. Source: handleMemoryHotplugRequest in virt-controller's vm.go. */
export function hasMemoryFailed({ status }: VirtualMachineInstance): boolean {
  const told = status?.conditions?.some(({ type }) => type === memoryFailed.type) === true;
  return told && !isTrue(status.conditions, memoryFailed.type);
}
