/** virt-controller's evacuation of a host: machines whose eviction was asked for, or all where it bears the drain taint, two at a time. */
import { randomSuffix } from "../store/random-suffix.ts";
import type { KubeObject } from "../store/kube-object.ts";
import type { Indexes } from "./indexes.ts";
import { namespacedKey } from "./indexes.ts";
import { migrationKind, nodeKind, vmiKind } from "./kinds.ts";
import type { VirtualMachineInstance } from "./kubevirt-shapes.ts";
import { isMigrationOver } from "./migration-end.ts";
import type { TypedStore } from "./typed-store.ts";

/** The taint that asks for it. Source: KubeVirt's migration configuration, nodeDrainTaintKey. */
const drainTaint = "kubevirt.io/drain";
/** Source: KubeVirt's migration configuration, parallelOutboundMigrationsPerNode. */
const mostAtOnce = 2;

export function evacuateHost(store: TypedStore, indexes: Indexes, name: string, random: () => number): void {
  endEvacuations(store, indexes, name);
  const node = store.get(nodeKind, undefined, name);
  const drained = node?.spec.taints?.some((taint) => taint.key === drainTaint) === true;
  const guests = vmisOn(store, indexes, name).filter(
    (vmi) => drained || vmi.status?.evacuationNodeName === name,
  );
  const moving = guests.filter((vmi) => isMoving(indexes, vmi));
  const waiting = guests.filter(
    (vmi) =>
      !moving.includes(vmi) &&
      vmi.spec.evictionStrategy?.startsWith("LiveMigrate") === true &&
      vmi.status?.conditions?.some(({ type, status }) => type === "LiveMigratable" && status === "True") ===
        true,
  );
  for (const vmi of waiting.slice(0, Math.max(0, mostAtOnce - moving.length))) {
    store.create(migrationKind, {
      metadata: {
        name: `kubevirt-evacuation-${randomSuffix(random)}`,
        ...(vmi.metadata.namespace !== undefined && { namespace: vmi.metadata.namespace }),
        annotations: { "kubevirt.io/EvacuationMigration": name },
        labels: { "kubevirt.io/vmi-name": vmi.metadata.name },
        finalizers: ["kubevirt.io/migrationJobFinalize"],
      },
      spec: { vmiName: vmi.metadata.name },
    });
  }
}

/** The host that a machine was asked to leave. */
export function evacuatedNodes(object: KubeObject): string[] {
  const { evacuationNodeName = "" } = (object as VirtualMachineInstance).status ?? {}; // called with VMIs only
  return evacuationNodeName === "" ? [] : [evacuationNodeName];
}

/** A machine that has left bears the mark no longer. */
function endEvacuations(store: TypedStore, indexes: Indexes, node: string): void {
  for (const pod of indexes.podsByNode.get(node)) {
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === "VirtualMachineInstance");
    const vmi = owner && store.get(vmiKind, pod.metadata.namespace, owner.name);
    if (vmi?.status?.evacuationNodeName !== node || vmi.status.nodeName === node) continue;
    store.modifyObject(vmiKind, vmi, (current) => {
      const { evacuationNodeName: _left, ...status } = current.status ?? {};
      return { ...current, status };
    });
  }
}

/** The running guests of a host, by way of its pods. */
function vmisOn(store: TypedStore, indexes: Indexes, node: string): VirtualMachineInstance[] {
  return indexes.podsByNode.get(node).flatMap((pod) => {
    const owner = pod.metadata.ownerReferences?.find(({ kind }) => kind === "VirtualMachineInstance");
    const vmi = owner && store.get(vmiKind, pod.metadata.namespace, owner.name);
    const runsHere =
      vmi?.status?.phase === "Running" && vmi.status.nodeName === node && pod.status?.phase === "Running";
    return vmi && runsHere ? [vmi] : [];
  });
}

function isMoving(indexes: Indexes, vmi: VirtualMachineInstance): boolean {
  return indexes.migrationsByVmi
    .get(namespacedKey(vmi.metadata.namespace, vmi.metadata.name))
    .some((migration) => !isMigrationOver(migration));
}
