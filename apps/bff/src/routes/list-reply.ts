/** A page of any noun for one caller: rights first, then the query, then rows; and what is not whole is said. */
import type { ListQuery } from "@kubev/api-types/list-query";
import type { Rights } from "../access/rights.ts";
import { listWarnings, staleSinceOf } from "../inventory/feed-warnings.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { runListQuery } from "../inventory/list-query.ts";
import type { Noun } from "../inventory/noun.ts";

export async function listReply<E extends ListEntry, Row>(
  noun: Noun<E, Row>,
  rights: Rights,
  query: ListQuery,
) {
  noun.flush();
  const scope = await noun.scope(rights);
  const page = runListQuery(noun.index, noun.definition, scope, query);
  const row = await noun.rowMaker(rights, page.entries);
  return {
    rows: page.entries.map(row),
    total: page.total,
    totalUnfiltered: page.totalUnfiltered,
    page: page.page,
    pageSize: page.pageSize,
    facets: page.facets,
    staleSince: staleSinceOf(noun.feeds, rights),
    warnings: listWarnings(noun.feeds, scope, rights),
    queryProblems: page.queryProblems,
  };
}
