/** An object that is not there because the cluster lacks the whole part that it belongs to: that is said, not that the object is missing. */
import { endpointPaths, type OperationName } from "@kubev/api-types/endpoint-paths";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import type { Feeds } from "../inventory/inventory.ts";

/** By what the path of an operation on one object begins with. */
const feedOfPath: readonly [string, keyof Feeds][] = [
  ["/api/projects/:project/vms/:name", "vms"],
  ["/api/projects/:project/images/:name", "images"],
  ["/api/vpcs/:name", "vpcs"],
  ["/api/subnets/:name", "subnets"],
];

/** What to answer in place of `error`; undefined where the part is there. Whether it is, everybody may know: the capabilities say it. */
export function missingPart(feeds: Feeds, name: OperationName, error: unknown): ApiProblem | undefined {
  const { path } = endpointPaths[name];
  const feed = feedOfPath.find(([start]) => path === start || path.startsWith(`${start}/`))?.[1];
  if (feed === undefined || feeds[feed].state !== "absent" || problemOf(error).code !== "not-found")
    return undefined;
  const { resource } = feeds[feed].health;
  return new ApiProblem("capability-missing", { reason: reasonOf("feed-absent", { resource }) }, error);
}
