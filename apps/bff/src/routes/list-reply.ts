/** A page of any noun for one caller: rights first, then the query, then rows; and what is not whole is said. */
import type { FeedHealth } from "@kubev/api-types/capabilities";
import type { ListQuery, Warning } from "@kubev/api-types/list-query";
import type { Rights, Scope } from "../access/rights.ts";
import { inScope } from "../access/rights.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { FeedStatus } from "../inventory/feed.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { runListQuery } from "../inventory/list-query.ts";
import type { Noun } from "../inventory/noun.ts";

const params = (feed: FeedHealth) => ({ resource: feed.resource });

/** What keeps a list from being the whole truth, for somebody who sees `scope`. */
export function feedWarnings(feeds: readonly FeedStatus[], scope: Scope): Warning[] {
  return feeds.flatMap((feed): Warning[] => {
    const { health } = feed;
    switch (health.state) {
      case "live": {
        if (health.scope === "cluster") return [];
        const seen = health.scope.filter((project) => inScope(scope, project));
        return [{ reason: reasonOf("feed-partial", { ...params(health), projects: seen.join(", ") }) }];
      }
      case "syncing":
        return [{ reason: reasonOf("feed-syncing", params(health)) }];
      case "stale":
        return [{ reason: reasonOf("feed-stale", { ...params(health), since: health.staleSince ?? "" }) }];
      case "absent":
        return [{ reason: reasonOf("feed-absent", params(health)) }];
      case "forbidden":
        return [{ reason: reasonOf("feed-forbidden", params(health)) }];
    }
  });
}

/** The oldest `staleSince` of a noun's feeds, or null. */
export function staleSinceOf(feeds: readonly FeedStatus[]): string | null {
  const since = feeds.map((feed) => feed.staleSince).filter((at) => at !== null);
  return since.toSorted()[0] ?? null;
}

export async function listReply<E extends ListEntry, Row>(
  noun: Noun<E, Row>,
  rights: Rights,
  query: ListQuery,
) {
  noun.flush();
  const scope = await noun.scope(rights);
  const page = runListQuery(noun.index, noun.definition, scope, query);
  const projects = [...new Set(page.entries.map((entry) => entry.project))];
  const row = await noun.rowMaker(rights, projects);
  return {
    rows: page.entries.map(row),
    total: page.total,
    totalUnfiltered: page.totalUnfiltered,
    page: page.page,
    pageSize: page.pageSize,
    facets: page.facets,
    staleSince: staleSinceOf(noun.feeds),
    warnings: feedWarnings(noun.feeds, scope),
    queryProblems: page.queryProblems,
  };
}
