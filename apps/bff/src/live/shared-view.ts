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
  /** True when this change of an entry of the list can show here. */
  concerns(before: ListEntry | undefined, after: ListEntry | undefined): boolean;
  /** Null when nothing that is shown changed. */
  refresh(): Promise<ViewChange | null>;
  /** Everything, for a new subscriber. */
  whole(): ViewChange;
}

const texts = new WeakMap<object, string>();

/** Of a row that many people are shown. */
function sharedText(row: object): string {
  let text = texts.get(row);
  if (text === undefined) {
    text = JSON.stringify(row);
    texts.set(row, text);
  }
  return text;
}

export class SharedView<E extends ListEntry, Row extends object> implements LiveView {
  readonly #noun: Noun<E, Row>;
  readonly #rights: Rights;
  readonly #query: ListQuery;
  #scope: Scope | null = null;
  #rows = new Map<string, string>();
  #order: string[] = [];
  #tail = "";
  /** What is shown next is chosen already, and not known here yet. */
  #isComputing = false;

  constructor(noun: Noun<E, Row>, rights: Rights, query: ListQuery) {
    this.#noun = noun;
    this.#rights = rights;
    this.#query = query;
  }

  concerns(before: ListEntry | undefined, after: ListEntry | undefined): boolean {
    const project = (after ?? before)?.project ?? "";
    if (this.#scope === null) return true;
    if (project !== "" && !touches(this.#scope, project)) return false;
    if (project !== "" && this.#query.project !== undefined && this.#query.project !== project) return false;
    if (before === undefined || after === undefined) return true;
    return this.#mayShow(before as E, after as E); // the index of this view's own list tells of them
  }

  /** Whether an entry that stays in the list changes what is shown: its row, its place, or what is counted. */
  #mayShow(before: E, after: E): boolean {
    const { sharesRows, index, definition } = this.#noun;
    if (this.#isComputing || sharesRows !== true || (this.#query.q ?? "") !== "") return true;
    if (this.#rows.has(after.uid)) return true;
    const column = (this.#query.sort ?? definition.defaultSort).replace(/^-/, "");
    return !(
      before.uid === after.uid &&
      before.openTo === after.openTo &&
      definition.leftOut?.test(before) === definition.leftOut?.test(after) &&
      definition.facet(before) === definition.facet(after) &&
      definition.tone?.(before) === definition.tone?.(after) &&
      index.equalIn(column, before, after)
    );
  }

  async refresh(): Promise<ViewChange | null> {
    this.#isComputing = true;
    try {
      return await this.#compute();
    } finally {
      this.#isComputing = false;
    }
  }

  async #compute(): Promise<ViewChange | null> {
    this.#noun.flush();
    const scope = await this.#noun.scope(this.#rights);
    const page = runListQuery(this.#noun.index, this.#noun.definition, scope, this.#query);
    const row = await this.#noun.rowMaker(this.#rights, page.entries);
    this.#scope = scope;
    const rows = new Map<string, string>();
    const upserts: string[] = [];
    for (const entry of page.entries) {
      const json = this.#noun.sharesRows === true ? sharedText(row(entry)) : JSON.stringify(row(entry));
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
