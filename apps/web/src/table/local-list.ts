/** A page of a list that the server sends whole, because it is short: searched, sorted and cut here as the server does with long ones. */
import type { QueryProblem } from "@kubev/api-types/list-query";
import { defaultPageSize, type ListSearch } from "../query-string.ts";
import { splitQuery } from "./query-words.ts";
import { parseSort } from "./sort.ts";

export interface LocalRules<Row> {
  /** What a plain word is looked for in. */
  text: (row: Row) => readonly string[];
  /** The one field that can be named, as `kind:registry`, and is counted as a facet. */
  field: { key: string; of: (row: Row) => string };
  sorts: Readonly<Record<string, (row: Row) => string | number>>;
  defaultSort: string;
}

export function localPage<Row>(all: readonly Row[], search: ListSearch, rules: LocalRules<Row>) {
  const { key, of } = rules.field;
  const { words, wanted, problems } = parse(search.q ?? "", key);
  const found = all.filter((row) => {
    const texts = rules.text(row).map((text) => text.toLowerCase());
    return words.every(({ value, not }) => texts.some((text) => text.includes(value)) !== not);
  });
  const counts: Record<string, number> = {};
  for (const row of found) counts[of(row)] = (counts[of(row)] ?? 0) + 1;
  const shown = found.filter((row) =>
    wanted.every(({ values, not }) => values.includes(of(row).toLowerCase()) !== not),
  );
  const sort = parseSort(search.sort);
  const valueOf = rules.sorts[sort?.key ?? rules.defaultSort] ?? (() => 0);
  const sign = sort?.descending === true ? -1 : 1;
  const sorted = shown.toSorted((a, b) => sign * compare(valueOf(a), valueOf(b)));
  const pageSize = search.pageSize ?? defaultPageSize;
  // rows that went away must not leave an empty page behind
  const page = Math.min(search.page ?? 1, Math.max(1, Math.ceil(sorted.length / pageSize)));
  return {
    rows: sorted.slice((page - 1) * pageSize, page * pageSize),
    all: sorted,
    total: sorted.length,
    totalUnfiltered: all.length,
    page,
    pageSize,
    facets: { [key]: counts },
    staleSince: null,
    queryProblems: problems,
  };
}

/** The parts of docs/query-language.md that a short list knows: words, `-`, and the one field with its values. */
function parse(q: string, key: string) {
  const words: { value: string; not: boolean }[] = [];
  const wanted: { values: string[]; not: boolean }[] = [];
  const problems: QueryProblem[] = [];
  let at = 0;
  for (const part of splitQuery(q)) {
    at = q.indexOf(part, at);
    const not = part.length > 1 && part.startsWith("-");
    const body = (not ? part.slice(1) : part).toLowerCase();
    const [, field, sign] = /^([a-z][a-z-]*)([:=<>])/.exec(body) ?? [];
    if (field === undefined) words.push({ value: body.replaceAll('"', ""), not });
    else if (field === key && (sign === ":" || sign === "="))
      wanted.push({
        values: body
          .slice(key.length + 1)
          .replaceAll('"', "")
          .split(","),
        not,
      });
    else
      problems.push({
        at,
        length: part.length,
        reason:
          field === key
            ? { code: "query-operator-wrong", params: { field } }
            : { code: "query-field-unknown", params: { field, choices: key } },
      });
    at += part.length;
  }
  return { words, wanted, problems };
}

const compare = (a: string | number, b: string | number) =>
  typeof a === "number" && typeof b === "number"
    ? a - b
    : String(a).localeCompare(String(b), undefined, { numeric: true });
