/** What is left of a project's quotas, for whom the cluster lets see them. */
import type { QuotaLine } from "@kubev/api-types/quota-line";
import type { Caller } from "../identity/callers.ts";
import { listQuotas, tightestQuota } from "../inventory/projects.ts";
import type { Services } from "../services.ts";

/** The tightest line of each resource; null where the caller, or the console, may not read quotas. */
export async function projectQuota(
  { inventory }: Services,
  caller: Caller,
  project: string,
): Promise<QuotaLine[] | null> {
  const { quotas } = inventory.feeds;
  if (quotas.state === "forbidden" || !(await caller.rights.can(listQuotas, project))) return null;
  return tightestQuota([...quotas.table.values()].filter(({ namespace }) => namespace === project));
}
