/** Whether a project's quotas have room for a machine's other size: said before it is saved. A word of warning; the cluster decides. */
import type { Reason } from "@kubev/api-types/reason";
import type { SettingChange } from "@kubev/api-types/vm-settings";
import { resizeNeeds } from "../domain/launcher-quota.ts";
import { quotaProblem } from "../domain/quota-needs.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { SettingsTemplate } from "../domain/vm-settings.ts";
import type { Caller } from "../identity/callers.ts";
import type { Services } from "../services.ts";
import { projectQuota } from "./project-quota.ts";

type Domain = NonNullable<SettingsTemplate["domain"]>;

const sizeFields = new Set(["sockets", "cores", "threads", "memoryBytes", "instanceType"]);

/**
 * @param next the new domain with its type written out; asked for only where the size changes, null where nobody wrote it out
 * @param running the domain of the instance that runs, null where none does
 */
export async function sizeQuota(
  services: Services,
  caller: Caller,
  project: string,
  changes: readonly SettingChange[],
  next: () => Promise<Domain | null>,
  running: Domain | null,
): Promise<Reason | null> {
  const resized = changes.filter(({ field }) => sizeFields.has(field));
  if (resized.length === 0) return null;
  const [quota, domain] = await Promise.all([projectQuota(services, caller, project), next()]);
  if (quota === null) return reasonOf("quota-unknown");
  if (domain === null) return null;
  const migrates = resized.some(({ effect }) => effect === "migration");
  return quotaProblem(quota, resizeNeeds(domain, running, migrates));
}
