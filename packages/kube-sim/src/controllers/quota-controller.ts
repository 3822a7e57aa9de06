/** Counts what a project uses against its quotas. Source: Kubernetes' resource quota controller; requests count while a pod lives. */
import { claimKind, podKind, quotaKind, vmKind } from "./kinds.ts";
import { binaryQuantity, cpuQuantity, parseQuantity } from "./quantity.ts";
import type { TypedStore } from "./typed-store.ts";

function sumOf(store: TypedStore, namespace: string, part: "requests" | "limits", resource: string): number {
  let sum = 0;
  for (const pod of store.list(podKind, namespace)) {
    if (pod.status?.phase === "Succeeded" || pod.status?.phase === "Failed") continue;
    for (const container of pod.spec.containers)
      sum += parseQuantity(container.resources?.[part]?.[resource]);
  }
  return sum;
}

function usedOf(store: TypedStore, namespace: string, key: string): string | undefined {
  const [part, resource] = key.includes(".")
    ? [key.slice(0, key.indexOf(".")), key.slice(key.indexOf(".") + 1)]
    : ["requests", key];
  const claims = () => store.list(claimKind, namespace);
  switch (key) {
    case "pods":
    case "count/pods":
      return String(
        store
          .list(podKind, namespace)
          .filter((pod) => pod.status?.phase !== "Succeeded" && pod.status?.phase !== "Failed").length,
      );
    case "persistentvolumeclaims":
      return String(claims().length);
    case "requests.storage":
      return binaryQuantity(
        claims().reduce((sum, claim) => sum + parseQuantity(claim.spec.resources?.requests?.storage), 0),
      );
    case "count/virtualmachines.kubevirt.io":
      return String(store.list(vmKind, namespace).length);
    default:
      if (part !== "requests" && part !== "limits") return undefined;
      if (resource === "cpu") return cpuQuantity(sumOf(store, namespace, part, "cpu"));
      if (resource === "memory") return binaryQuantity(sumOf(store, namespace, part, "memory"));
      return String(sumOf(store, namespace, part, resource ?? ""));
  }
}

export function reconcileQuota(store: TypedStore, namespace: string | undefined, name: string): void {
  const quota = store.get(quotaKind, namespace, name);
  if (!quota || namespace === undefined) return;
  const hard = quota.spec.hard ?? {};
  const used = Object.fromEntries(
    Object.keys(hard).flatMap((key) => {
      const amount = usedOf(store, namespace, key);
      return amount === undefined ? [] : [[key, amount]];
    }),
  );
  store.modifyObject(quotaKind, quota, (current) => ({ ...current, status: { hard, used } }));
}
