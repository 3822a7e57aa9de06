/** A project that the caller may not see does not exist for him. */
import { inScope } from "../access/rights.ts";
import { notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { projectScope } from "../inventory/projects.ts";
import type { Services } from "../services.ts";

/** @throws ApiProblem `not-found` */
export async function requireProject(services: Services, caller: Caller, project: string): Promise<void> {
  const known = services.inventory.feeds.projects.table.get("", project) !== undefined;
  if (!known || !inScope(await projectScope(caller.rights), project)) throw notFound();
}
