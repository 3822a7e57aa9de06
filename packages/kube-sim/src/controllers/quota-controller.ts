/** Counts what a project uses against its quotas. Source: Kubernetes' resource quota controller; requests count while a pod lives. */
import { claimKind, podKind, quotaKind } from "./kinds.ts";
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

/** Kinds whose number a quota may bound by their bare name. */
const COUNTED = new Set([
  "configmaps",
  "secrets",
  "services",
  "resourcequotas",
  "replicationcontrollers",
  "persistentvolumeclaims",
]);

const CLASS_KEY = /^(.+)\.storageclass\.storage\.k8s\.io\/(requests\.storage|persistentvolumeclaims)$/;

function countOf(store: TypedStore, namespace: string, name: string): string {
  const dot = name.indexOf(".");
  const [resource, group] = dot === -1 ? [name, ""] : [name.slice(0, dot), name.slice(dot + 1)];
  return String(store.raw.list({ group, resource }, namespace).length);
}

function claimsUse(
  store: TypedStore,
  namespace: string,
  storageClass: string | undefined,
  what: string,
): string {
  const claims = store
    .list(claimKind, namespace)
    .filter(({ spec }) => storageClass === undefined || spec.storageClassName === storageClass);
  return what === "persistentvolumeclaims"
    ? String(claims.length)
    : binaryQuantity(
        claims.reduce((sum, claim) => sum + parseQuantity(claim.spec.resources?.requests?.storage), 0),
      );
}

function usedOf(store: TypedStore, namespace: string, key: string): string | undefined {
  if (key.startsWith("count/")) return countOf(store, namespace, key.slice("count/".length));
  if (COUNTED.has(key)) return countOf(store, namespace, key);
  if (key === "requests.storage") return claimsUse(store, namespace, undefined, key);
  const [, storageClass, what] = CLASS_KEY.exec(key) ?? [];
  if (storageClass !== undefined && what !== undefined)
    return claimsUse(store, namespace, storageClass, what);
  if (key === "pods") {
    const isOver = (phase: string | undefined) => phase === "Succeeded" || phase === "Failed";
    return String(store.list(podKind, namespace).filter((pod) => !isOver(pod.status?.phase)).length);
  }
  const [part, resource] = /^(requests|limits)\.(.+)$/.exec(key)?.slice(1) ?? ["requests", key];
  if (part !== "requests" && part !== "limits") return undefined;
  const sum = sumOf(store, namespace, part, resource ?? "");
  if (resource === "cpu") return cpuQuantity(sum);
  return resource === "memory" ? binaryQuantity(sum) : String(sum);
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
