/** One pass over an index: scope, filter, facets, page. Rights come first, so that nothing else can count a hidden row. */
import type { ListQuery, QueryProblem } from "@kubev/api-types/list-query";
import type { Scope } from "../access/rights.ts";
import type { QueryField } from "../domain/query-language.ts";
import { compileQuery, parseQuery } from "../domain/query-language.ts";
import type { ListEntry, ListIndex } from "./list-index.ts";

/** How one noun is searched, counted and sorted. */
export interface ListDefinition<E extends ListEntry> {
  defaultSort: string;
  fields: Readonly<Record<string, QueryField<E>>>;
  /** Lower case. */
  haystack: (entry: E) => string;
  /** Entries that no list shows and no count has, unless the query names the field. */
  leftOut?: { unlessAskedFor: string; test: (entry: E) => boolean };
  /** The state that rows are counted by. */
  facet: (entry: E) => string;
}

export interface ListPage<E> {
  entries: E[];
  total: number;
  totalUnfiltered: number;
  page: number;
  pageSize: number;
  facets: Record<string, Record<string, number>>;
  queryProblems: QueryProblem[];
}

export function runListQuery<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: ListQuery,
): ListPage<E> {
  const parsed = parseQuery(query.q ?? "");
  const { test, problems } = compileQuery(parsed, definition.fields, definition.haystack);
  const { leftOut } = definition;
  const askedFor = parsed.terms.some((term) => term.field === leftOut?.unlessAskedFor);
  const hides = leftOut === undefined || askedFor ? null : leftOut.test;
  const queryProblems = [...problems];
  const sort = query.sort ?? definition.defaultSort;
  const descending = sort.startsWith("-");
  let column = descending ? sort.slice(1) : sort;
  if (!index.sortKeys().includes(column)) {
    queryProblems.push({
      at: 0,
      length: 0,
      reason: { code: "query-sort-unknown", params: { sort: column } },
    });
    column = definition.defaultSort;
  }
  const slots = index.ordered(column);
  const from = (query.page - 1) * query.pageSize;
  const entries: E[] = [];
  const counts: Record<string, number> = {};
  let total = 0;
  let totalUnfiltered = 0;
  for (let i = 0; i < slots.length; i += 1) {
    const entry = slots[descending ? slots.length - 1 - i : i]?.entry;
    if (entry === undefined) continue;
    if (!scope.all && !scope.projects.has(entry.project)) continue;
    if (query.project !== undefined && entry.project !== query.project) continue;
    if (hides?.(entry) === true) continue;
    totalUnfiltered += 1;
    if (test !== null && !test(entry)) continue;
    if (total >= from && entries.length < query.pageSize) entries.push(entry);
    total += 1;
    const state = definition.facet(entry);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return {
    entries,
    total,
    totalUnfiltered,
    page: query.page,
    pageSize: query.pageSize,
    facets: { status: counts },
    queryProblems,
  };
}
