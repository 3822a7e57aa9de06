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

/** All that match, in order, and the counts that go with them. */
interface Matched<E> {
  entries: readonly E[];
  totalUnfiltered: number;
  counts: Record<string, number>;
  queryProblems: QueryProblem[];
}

interface Remembered {
  version: number;
  /** By query and scope, the one used longest ago first. */
  matched: Map<string, Matched<unknown>>;
}

/** What one state of an index answered: the pages, tabs and people of one query pay for it once. */
const remembered = new WeakMap<object, Remembered>();
const maxRemembered = 32;

function match<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: Pick<ListQuery, "q" | "sort" | "project">,
): Matched<E> {
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
  // what a hidden project uses is not told, even of things that the caller sees for another reason
  const hidden = query.project !== undefined && !inScope(scope, query.project);
  const slots = hidden ? [] : index.ordered(column);
  const entries: E[] = [];
  const counts: Record<string, number> = {};
  let totalUnfiltered = 0;
  for (let i = 0; i < slots.length; i += 1) {
    const entry = slots[descending ? slots.length - 1 - i : i]?.entry;
    if (entry === undefined) continue;
    if (!isVisible(entry, scope)) continue;
    if (query.project !== undefined && !belongsTo(entry, query.project)) continue;
    if (hides?.(entry) === true) continue;
    totalUnfiltered += 1;
    if (test !== null && !test(entry)) continue;
    entries.push(entry);
    const state = definition.facet(entry);
    counts[state] = (counts[state] ?? 0) + 1;
  }
  return { entries, totalUnfiltered, counts, queryProblems };
}

function matchOnce<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: ListQuery,
): Matched<E> {
  let known = remembered.get(index);
  if (known?.version !== index.version) {
    known = { version: index.version, matched: new Map() };
    remembered.set(index, known);
  }
  const seen = scope.all ? null : [...scope.projects].toSorted();
  const key = JSON.stringify([query.q ?? "", query.sort ?? "", query.project ?? null, seen]);
  // entries of this index are the only ones ever remembered under it
  const found = (known.matched.get(key) as Matched<E> | undefined) ?? match(index, definition, scope, query);
  known.matched.delete(key);
  known.matched.set(key, found);
  const [oldest] = known.matched.keys();
  if (known.matched.size > maxRemembered && oldest !== undefined) known.matched.delete(oldest);
  return found;
}

/** The page that is asked for, or the last one where rows went away and it lies behind them: `page` says which. */
export function runListQuery<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: ListQuery,
): ListPage<E> {
  const { entries, totalUnfiltered, counts, queryProblems } = matchOnce(index, definition, scope, query);
  const lastPage = Math.max(1, Math.ceil(entries.length / query.pageSize));
  const page = Math.min(query.page, lastPage);
  const from = (page - 1) * query.pageSize;
  return {
    entries: entries.slice(from, from + query.pageSize),
    total: entries.length,
    totalUnfiltered,
    page,
    pageSize: query.pageSize,
    facets: { status: counts },
    queryProblems,
  };
}
