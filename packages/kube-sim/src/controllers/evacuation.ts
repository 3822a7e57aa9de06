/** virt-controller's evacuation of a host that is being drained: its migratable machines move, two at a time. */
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
const alphabet = "bcdfghjklmnpqrstvwxz2456789";

export function evacuateHost(store: TypedStore, indexes: Indexes, name: string, random: () => number): void {
  const node = store.get(nodeKind, undefined, name);
  if (!node?.spec.taints?.some((taint) => taint.key === drainTaint)) return;
  const guests = vmisOn(store, indexes, name);
  const moving = guests.filter((vmi) => isMoving(indexes, vmi));
  const waiting = guests.filter(
    (vmi) =>
      !moving.includes(vmi) &&
      vmi.spec.evictionStrategy?.startsWith("LiveMigrate") === true &&
      vmi.status?.conditions?.some(({ type, status }) => type === "LiveMigratable" && status === "True") ===
        true,
  );
  for (const vmi of waiting.slice(0, Math.max(0, mostAtOnce - moving.length))) {
    const suffix = Array.from({ length: 5 }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
    store.create(migrationKind, {
      metadata: {
        name: `kubevirt-evacuation-${suffix}`,
        ...(vmi.metadata.namespace !== undefined && { namespace: vmi.metadata.namespace }),
        annotations: { "kubevirt.io/EvacuationMigration": name },
        labels: { "kubevirt.io/vmi-name": vmi.metadata.name },
        finalizers: ["kubevirt.io/migrationJobFinalize"],
      },
      spec: { vmiName: vmi.metadata.name },
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
