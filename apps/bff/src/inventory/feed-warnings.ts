/** What keeps a list from being the whole truth, said in words. */
import type { FeedHealth } from "@kubev/api-types/capabilities";
import type { Warning } from "@kubev/api-types/list-query";
import { type Scope, inScope } from "../access/scope.ts";
import { reasonOf } from "../domain/reasons.ts";
import type { FeedStatus } from "./feed.ts";

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
      case "failing":
        return [{ reason: reasonOf("feed-failing", params(health), feed.failure) }];
      case "forbidden":
        return [{ reason: reasonOf("feed-forbidden", params(health)) }];
    }
  });
}

/** Since when rows or the rights to see them are behind: the oldest of a noun's feeds and of the reader's rights, or null. */
export function staleSinceOf(
  feeds: readonly FeedStatus[],
  rights: { awaySinceMs: number | null },
): string | null {
  const since = [
    ...feeds.map((feed) => feed.staleSince),
    rights.awaySinceMs === null ? null : new Date(rights.awaySinceMs).toISOString(),
  ].filter((at) => at !== null);
  return since.toSorted()[0] ?? null;
}

/** All that keeps a list from being the whole truth for a reader: the feeds, and rights that could not be asked. */
export function listWarnings(
  feeds: readonly FeedStatus[],
  scope: Scope,
  rights: { unknown: boolean },
): Warning[] {
  return [...feedWarnings(feeds, scope), ...(rights.unknown ? [{ reason: reasonOf("rights-unknown") }] : [])];
}
