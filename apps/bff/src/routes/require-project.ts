/** A project that the caller may not see does not exist for him. */
import { sees } from "../access/scope.ts";
import { notFound } from "../http/api-problem.ts";
import type { Caller } from "../identity/callers.ts";
import { projectScope } from "../inventory/projects.ts";
import type { Services } from "../services.ts";

/** @throws ApiProblem `not-found` */
export async function requireProject(services: Services, caller: Caller, project: string): Promise<void> {
  const scope = await projectScope(caller.rights);
  const known = services.inventory.feeds.projects.table.get("", project) !== undefined;
  if (!known || !sees(scope, project, project)) throw notFound();
}
