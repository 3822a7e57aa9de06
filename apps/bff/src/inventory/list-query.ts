/** One pass over an index: scope, filter, facets, page. Rights come first, so that nothing else can count a hidden row. */
import type { ListQuery, QueryProblem } from "@kubev/api-types/list-query";
import type { Scope } from "../access/rights.ts";
import { inScope } from "../access/rights.ts";
import type { QueryField } from "../domain/query-language.ts";
import { compileQuery, parseQuery } from "../domain/query-language.ts";
import type { ListEntry, ListIndex } from "./list-index.ts";

/** How one noun is searched, counted and sorted. */
export interface ListDefinition<E extends ListEntry> {
  defaultSort: string;
  fields: Readonly<Record<string, QueryField<E>>>;
  /** Lower case. */
  haystack: (entry: E) => string;
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

/** True when somebody who sees `scope` may see the entry. */
export function isVisible(entry: ListEntry, scope: Scope): boolean {
  if (scope.all) return true;
  const { openTo } = entry;
  if (openTo === undefined) return scope.projects.has(entry.project);
  if (openTo === "all") return scope.projects.size > 0;
  return !openTo.isDisjointFrom(scope.projects);
}

/** True when the entry shows in the list of one project. */
function belongsTo(entry: ListEntry, project: string): boolean {
  const { openTo } = entry;
  if (openTo === undefined) return entry.project === project;
  return openTo === "all" || openTo.has(project);
}

export function runListQuery<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: ListQuery,
): ListPage<E> {
  const { test, problems } = compileQuery(parseQuery(query.q ?? ""), definition.fields, definition.haystack);
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
  // what a hidden project uses is not told, even of things that the caller sees for another reason
  const hidden = query.project !== undefined && !inScope(scope, query.project);
  const slots = hidden ? [] : index.ordered(column);
  const from = (query.page - 1) * query.pageSize;
  const entries: E[] = [];
  const counts: Record<string, number> = {};
  let total = 0;
  let totalUnfiltered = 0;
  for (let i = 0; i < slots.length; i += 1) {
    const entry = slots[descending ? slots.length - 1 - i : i]?.entry;
    if (entry === undefined) continue;
    if (!isVisible(entry, scope)) continue;
    if (query.project !== undefined && !belongsTo(entry, query.project)) continue;
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
