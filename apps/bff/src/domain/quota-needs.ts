/** What new objects count against a project's quotas, said once for disks and machines. Names: Kubernetes' resource quota. Pure. */
import type { QuotaLine } from "@kubev/api-types/quota-line";
import type { Reason } from "@kubev/api-types/reason";
import { reasonOf } from "./reasons.ts";

/** Amounts by resource of a ResourceQuota, in base units. */
export type QuotaNeeds = ReadonlyMap<string, number>;

/**
 * What storage on a class counts against.
 * @param claims how many claims `sizeBytes` is spread over; 0 for the growth of one that is there
 */
export function storageNeeds(sizeBytes: number, storageClass: string, claims: number): QuotaNeeds {
  const perClass = `${storageClass}.storageclass.storage.k8s.io`;
  return new Map([
    ["requests.storage", sizeBytes],
    ["persistentvolumeclaims", claims],
    ["count/persistentvolumeclaims", claims],
    [`${perClass}/requests.storage`, sizeBytes],
    [`${perClass}/persistentvolumeclaims`, claims],
  ]);
}

/** The first quota that would be gone over; null when none. */
export function quotaProblem(quota: readonly QuotaLine[], needs: QuotaNeeds): Reason | null {
  for (const { resource, hard, used } of quota) {
    const needed = needs.get(resource) ?? 0;
    // what is over already only stands in the way of what takes more of it
    if (needed > 0 && needed > hard - used)
      return reasonOf("quota-exceeded", { resource, needed, available: Math.max(0, hard - used) });
  }
  return null;
}

/** The quota lines that disks on this class count against. */
export function storageQuota(quota: readonly QuotaLine[], storageClass: string): QuotaLine[] {
  const needs = storageNeeds(0, storageClass, 0);
  return quota.filter((line) => needs.has(line.resource));
}
