/** What every noun of the console answers alike: an index, how it is queried, who may see it, and how a row is made. */
import type { LiveList } from "@kubev/api-types/live";
import type { Rights } from "../access/rights.ts";
import type { Scope } from "../access/scope.ts";
import type { FeedStatus } from "./feed.ts";
import type { ListEntry, ListIndex } from "./list-index.ts";
import type { ListDefinition } from "./list-query.ts";

export interface Noun<E extends ListEntry, Row> {
  name: LiveList;
  index: ListIndex<E>;
  definition: ListDefinition<E>;
  /** Feeds whose health a reader must know; the first is the noun itself. */
  feeds: readonly FeedStatus[];
  /** Brings joins up to date. */
  flush(): void;
  scope(rights: Rights): Promise<Scope>;
  /**
   * A row is made of its entry and of what the person may do, nothing else, and is one object where those are equal: its text is
   * made once for everybody, and what changes none of its entries changes no row.
   */
  sharesRows?: true;
  /** Asks the rights that rows of these entries need, by project and not by row, then makes rows without asking again. */
  rowMaker(rights: Rights, entries: readonly E[]): Promise<(entry: E) => Row>;
}
