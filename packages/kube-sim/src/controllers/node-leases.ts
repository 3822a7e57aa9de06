/** The kubelet's lease in kube-node-lease, by which a cluster knows that a host lives; renewed every ten seconds as upstream. */
import type { Clock } from "./controller.ts";
import type { Node } from "./core-shapes.ts";
import { leaseKind, nodeKind } from "./kinds.ts";
import { TypedStore } from "./typed-store.ts";

const everyMs = 10_000;
const namespace = "kube-node-lease";

/** `isAlive` says of which hosts the kubelet answers. Returns the way to stop. */
export function startNodeLeases(
  store: TypedStore,
  clock: Clock,
  isAlive: (node: Node) => boolean,
): () => void {
  const leases = new TypedStore(store.raw, "kubelet");
  let timer: { cancel(): void } | null = null;
  const renew = () => {
    const renewTime = new Date(clock.now()).toISOString().replace("Z", "000Z");
    for (const node of store.list(nodeKind)) {
      if (!isAlive(node)) continue;
      const { name, uid } = node.metadata;
      const spec = { holderIdentity: name, leaseDurationSeconds: 40, renewTime };
      const renewed = leases.modify(leaseKind, namespace, name, (lease) => ({ ...lease, spec }));
      if (renewed !== undefined) continue;
      leases.create(leaseKind, {
        metadata: { name, namespace, ownerReferences: [{ apiVersion: "v1", kind: "Node", name, uid }] },
        spec,
      });
    }
    timer = clock.setTimeout(renew, everyMs);
  };
  renew();
  return () => timer?.cancel();
}
