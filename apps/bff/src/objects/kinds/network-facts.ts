/** The networks as their rules look at them, out of the inventory. */
import type { NetworkFacts } from "../../domain/subnet-rules.ts";
import type { Feeds } from "../../inventory/inventory.ts";

export function networkFactsOf(feeds: Feeds): NetworkFacts {
  return {
    subnets: [...feeds.subnets.table.values()],
    vpcs: [...feeds.vpcs.table.values()],
    hosts: [...feeds.hosts.table.values()],
    projects: feeds.projects.complete
      ? new Set([...feeds.projects.table.values()].map((project) => project.name))
      : null,
  };
}
