/** What virt-controller marks on a VMI for its migration, and takes away again. */
import { isTrue } from "./conditions.ts";
import type { Pod } from "./core-shapes.ts";
import { podMemoryLabel } from "./guest-growth.ts";
import type { Indexes } from "./indexes.ts";
import { vmiKind } from "./kinds.ts";
import type { Migration, VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { memoryOverheadBytes } from "./launcher-pod.ts";
import { configuration } from "./migration-facts.ts";
import { isPodOver } from "./node-requests.ts";
import { binaryQuantity } from "./quantity.ts";
import type { TypedStore } from "./typed-store.ts";

const targetNodeLabel = "kubevirt.io/migrationTargetNodeName";

export function withActivePod(
  vmi: VirtualMachineInstance,
  pod: Pod,
  nodeName: string,
): VirtualMachineInstance {
  const activePods = { ...vmi.status?.activePods, [pod.metadata.uid]: nodeName };
  return { ...vmi, status: { ...vmi.status, activePods } };
}

/** For virt-handler, once the target runs. */
export function handedOver(
  vmi: VirtualMachineInstance,
  migration: Migration,
  target: Pod,
  sourcePod: string,
): VirtualMachineInstance {
  const { nodeName = "" } = target.spec;
  const memory = target.spec.containers[0]?.resources?.requests?.["memory"];
  return {
    ...vmi,
    metadata: {
      ...vmi.metadata,
      labels: {
        ...vmi.metadata.labels,
        [targetNodeLabel]: nodeName,
        ...(memory !== undefined &&
          isTrue(vmi.status?.conditions, "HotMemoryChange") && { [podMemoryLabel]: memory }),
      },
      annotations: { ...vmi.metadata.annotations, "kubevirt.io/nonroot": "true" },
    },
    status: {
      ...vmi.status,
      migrationState: {
        migrationConfiguration: configuration,
        migrationUid: migration.metadata.uid,
        sourceNode: vmi.status?.nodeName ?? "",
        sourcePod,
        targetMemoryOverhead: binaryQuantity(memoryOverheadBytes(vmi.spec)),
        targetNode: nodeName,
        targetPod: target.metadata.name,
      },
    },
  };
}

/** Of a migration, from the VMI that it is over for. */
export function takeMarksAway(store: TypedStore, indexes: Indexes, vmi: VirtualMachineInstance): void {
  store.modifyObject(vmiKind, vmi, (current) => {
    const { [targetNodeLabel]: _target, ...labels } = current.metadata.labels ?? {};
    const living = indexes.podsByOwner.get(vmi.metadata.uid).filter((pod) => !isPodOver(pod));
    const activePods = Object.fromEntries(living.map((pod) => [pod.metadata.uid, pod.spec.nodeName ?? ""]));
    return {
      ...current,
      metadata: { ...current.metadata, labels },
      status: { ...current.status, activePods },
    };
  });
}
