/** A query over an index: scope, filter, facets, page. Rights come first, so that nothing else can count a hidden row. */
import type { ListQuery, QueryProblem } from "@kubev/api-types/list-query";
import type { Tone } from "@kubev/api-types/reason";
import { type Scope, inScope, sees } from "../access/scope.ts";
import type { QueryField } from "../domain/query-language.ts";
import { compileQuery, parseQuery } from "../domain/query-language.ts";
import { type ListEntry, type ListIndex, nameOfKey } from "./list-index.ts";
import { MatchedEntries, type MatchRules } from "./matched-entries.ts";

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
  /** How bad an entry is, where entries of one state do not all feel alike. */
  tone?: (entry: E) => Tone;
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
  // first without the name, which is a new text for each of a hundred thousand entries
  if (inScope(scope, entry.project)) return true;
  if (scope.names.size > 0 && sees(scope, entry.project, nameOfKey(entry.key))) return true;
  const { openTo } = entry;
  if (openTo === undefined) return false;
  if (openTo === "all") return scope.projects.size > 0;
  return !openTo.isDisjointFrom(scope.projects);
}

/** True when the entry shows in the list of one project. */
function belongsTo(entry: ListEntry, project: string): boolean {
  const { openTo } = entry;
  if (openTo === undefined) return entry.project === project;
  return openTo === "all" || openTo.has(project);
}

/** The only projects that what belongs can lie in; null where it can lie anywhere. */
function homesOf({ all, projects, names }: Scope, project: string | undefined): ReadonlySet<string> | null {
  if (project !== undefined) return new Set([project]);
  if (all || names.has("")) return null;
  return names.size === 0 ? projects : projects.union(new Set(names.keys()));
}

/** What a query says of an index, whatever its entries are. */
interface Question<E> {
  /** Equal texts, equal answers. */
  text: string;
  column: string;
  descending: boolean;
  problems: QueryProblem[];
  rules: MatchRules<E>;
}

function questionOf<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: ListQuery,
): Question<E> {
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
  const { project } = query;
  // what a hidden project uses is not told, even of things that the caller sees for another reason
  const hidden = project !== undefined && !inScope(scope, project);
  const seen = scope.all
    ? null
    : [[...scope.projects].toSorted(), [...scope.names].map(([where, names]) => [where, ...names])];
  return {
    text: JSON.stringify([query.q ?? "", column, project ?? null, seen]),
    column,
    descending,
    problems: queryProblems,
    rules: {
      belongs: (entry) =>
        !(hidden && entry.openTo !== undefined) &&
        isVisible(entry, scope) &&
        (project === undefined || belongsTo(entry, project)) &&
        hides?.(entry) !== true,
      test,
      facet: definition.facet,
      tone: definition.tone,
    },
  };
}

/** The page that is asked for, or the last one where rows went away and it lies behind them: `page` says which. */
export function runListQuery<E extends ListEntry>(
  index: ListIndex<E>,
  definition: ListDefinition<E>,
  scope: Scope,
  query: ListQuery,
): ListPage<E> {
  const { text, column, descending, problems, rules } = questionOf(index, definition, scope, query);
  const homes = homesOf(scope, query.project);
  const matched = index.derived(`match ${text}`, () => {
    const order = homes === null ? index.ordered(column) : index.orderedIn(homes, column);
    return new MatchedEntries(order, rules);
  });
  const lastPage = Math.max(1, Math.ceil(matched.total / query.pageSize));
  const page = Math.min(query.page, lastPage);
  return {
    entries: matched.page((page - 1) * query.pageSize, query.pageSize, descending),
    total: matched.total,
    totalUnfiltered: matched.totalUnfiltered,
    page,
    pageSize: query.pageSize,
    facets: matched.counts(),
    queryProblems: problems,
  };
}
