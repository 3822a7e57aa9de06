/** One window of one list for one set of rights: computed once, however many tabs look at it. */
import type { ListQuery } from "@kubev/api-types/list-query";
import type { Rights } from "../access/rights.ts";
import { type Scope, touches } from "../access/scope.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import type { ListPage } from "../inventory/list-query.ts";
import { runListQuery } from "../inventory/list-query.ts";
import type { Noun } from "../inventory/noun.ts";
import { listWarnings, staleSinceOf } from "../inventory/feed-warnings.ts";

/** What changed since the last look; rows are already JSON. */
export interface ViewChange {
  upserts: string[];
  order: string[] | null;
  /** The rest of the message, as JSON members. */
  tail: string;
}

export interface LiveView {
  /** True when a change to an entry of this project can show here. */
  concerns(project: string): boolean;
  /** Null when nothing that is shown changed. */
  refresh(): Promise<ViewChange | null>;
  /** Everything, for a new subscriber. */
  whole(): ViewChange;
}

export class SharedView<E extends ListEntry, Row> implements LiveView {
  readonly #noun: Noun<E, Row>;
  readonly #rights: Rights;
  readonly #query: ListQuery;
  #scope: Scope | null = null;
  #rows = new Map<string, string>();
  #order: string[] = [];
  #tail = "";

  constructor(noun: Noun<E, Row>, rights: Rights, query: ListQuery) {
    this.#noun = noun;
    this.#rights = rights;
    this.#query = query;
  }

  concerns(project: string): boolean {
    if (this.#scope === null) return true;
    if (project !== "" && !touches(this.#scope, project)) return false;
    return project === "" || this.#query.project === undefined || this.#query.project === project;
  }

  async refresh(): Promise<ViewChange | null> {
    this.#noun.flush();
    const scope = await this.#noun.scope(this.#rights);
    const page = runListQuery(this.#noun.index, this.#noun.definition, scope, this.#query);
    const row = await this.#noun.rowMaker(this.#rights, page.entries);
    this.#scope = scope;
    const rows = new Map<string, string>();
    const upserts: string[] = [];
    for (const entry of page.entries) {
      const json = JSON.stringify(row(entry));
      rows.set(entry.uid, json);
      if (this.#rows.get(entry.uid) !== json) upserts.push(json);
    }
    const order = [...rows.keys()];
    const reordered =
      order.length !== this.#order.length || order.some((uid, index) => uid !== this.#order[index]);
    const tail = this.#tailOf(page, scope);
    const changed = upserts.length > 0 || reordered || tail !== this.#tail;
    this.#rows = rows;
    this.#order = order;
    this.#tail = tail;
    return changed ? { upserts, order: reordered ? order : null, tail } : null;
  }

  #tailOf(page: ListPage<E>, scope: Scope): string {
    return [
      `"page":${page.page}`,
      `"total":${page.total}`,
      `"totalUnfiltered":${page.totalUnfiltered}`,
      `"facets":${JSON.stringify(page.facets)}`,
      `"staleSince":${JSON.stringify(staleSinceOf(this.#noun.feeds, this.#rights))}`,
      `"warnings":${JSON.stringify(listWarnings(this.#noun.feeds, scope, this.#rights))}`,
    ].join(",");
  }

  whole(): ViewChange {
    return { upserts: [...this.#rows.values()], order: this.#order, tail: this.#tail };
  }
}
