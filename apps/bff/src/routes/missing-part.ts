/**
 * An object that is not known because the cluster lacks the whole part that it belongs to, because that part fails, or because
 * this server began a moment ago: that is said, not that the object is missing.
 */
import { endpointPaths, type OperationName } from "@kubev/api-types/endpoint-paths";
import type { ObjectNoun } from "@kubev/api-types/object-catalog";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import type { Feeds } from "../inventory/inventory.ts";
import type { Services } from "../services.ts";

/** By what the path of an operation on one object begins with. */
const feedOfPath: readonly [string, keyof Feeds][] = [
  ["/api/projects/:project/vms/:name", "vms"],
  ["/api/projects/:project/images/:name", "images"],
  ["/api/vpcs/:name", "vpcs"],
  ["/api/subnets/:name", "subnets"],
];

function feedOf({ inventory: { feeds }, nouns }: Services, name: OperationName, params: unknown) {
  const { path } = endpointPaths[name];
  if (path.startsWith("/api/objects/:noun/")) {
    const { noun } = params as { noun: ObjectNoun }; // the operation's schema has checked it
    return nouns.catalogue[noun].feed;
  }
  const key = feedOfPath.find(([start]) => path === start || path.startsWith(`${start}/`))?.[1];
  return key === undefined ? undefined : feeds[key];
}

/** What to answer in place of `error`; undefined where the part is there. Whether it is, everybody may know: the capabilities say it. */
export function missingPart(
  services: Services,
  name: OperationName,
  params: unknown,
  error: unknown,
): ApiProblem | undefined {
  if (problemOf(error).code !== "not-found") return undefined;
  const { ready, feeds } = services.inventory;
  const feed = feedOf(services, name, params) ?? (ready ? undefined : feeds.projects);
  if (feed === undefined) return undefined;
  const { resource } = feed.health;
  if (feed.state === "absent")
    return new ApiProblem("capability-missing", { reason: reasonOf("feed-absent", { resource }) }, error);
  if (feed.state === "failing") {
    const reason = reasonOf("feed-failing", { resource }, feed.failure);
    return new ApiProblem("upstream-unavailable", { reason }, error);
  }
  return ready
    ? undefined
    : new ApiProblem("upstream-unavailable", { reason: reasonOf("feed-syncing", { resource }) }, error);
}
