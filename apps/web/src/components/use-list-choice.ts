/** A choice among the rows of a list that may be long: the server searches, a page is shown, what is chosen is read besides. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { errorText } from "../reasons/error-text.ts";
import type { ComboboxItem, ItemSearch } from "../ui/choice-item.ts";
import { choiceQuery, nameQuery } from "./list-choice.ts";

/** What a choice asks of a list; the words of `q` are made here. */
export interface ChoicePage {
  q: string;
  sort: "name";
  pageSize: number;
}

interface PageOptions<Row> {
  queryKey: readonly unknown[];
  queryFn: (context: { signal: AbortSignal }) => Promise<{ rows: readonly Row[]; total: number }>;
}

interface ListChoice<Row> {
  /** A page of the list, e.g. `(query) => pageOf("listDisks", { query: { project, ...query } })`. */
  page: (query: ChoicePage) => PageOptions<Row>;
  toItem: (row: Row) => ComboboxItem;
  value: string;
  /** Which rows are offered, in the query language; all without it. */
  where?: string | undefined;
  /** Finds the row of a value, where values are no plain names; null where this list cannot have it. */
  rowOf?: ((value: string) => string | null) | undefined;
  /** Whether there is anything to ask; true without it. */
  enabled?: boolean | undefined;
  /** What is chosen among, e.g. "disks". */
  many: string;
}

export interface ListChoiceResult<Row> {
  /** The page that is shown, as rows and as items. */
  rows: readonly Row[];
  items: readonly ComboboxItem[];
  search: ItemSearch;
  /** The row of the value; undefined while it is not known, or where there is none. */
  chosen: Row | undefined;
}

const pageSize = 50;

/** Which list it is of, whatever is looked for in it. */
const listOf = (key: readonly unknown[]) =>
  JSON.stringify(key, (name, value: unknown) => (name === "q" ? undefined : value));

function failureOf(error: Error | null, many: string): string | undefined {
  if (error === null) return undefined;
  const { title, advice, upstreamText } = errorText(error, `The ${many} could not be loaded.`);
  return [title, advice, upstreamText].filter(Boolean).join(" ");
}

export function useListChoice<Row>(choice: ListChoice<Row>): ListChoiceResult<Row> {
  const { page, toItem, value, where = "", rowOf = nameQuery, enabled = true, many } = choice;
  const [typed, setTyped] = useState("");
  const options = page({ q: choiceQuery(where, typed), sort: "name", pageSize });
  const list = listOf(options.queryKey);
  // one that nobody waits for any more is cancelled: each keystroke may ask at once
  const found = useQuery({
    ...options,
    placeholderData: (before, query) =>
      query !== undefined && listOf(query.queryKey) === list ? before : undefined,
    enabled,
  });
  const rows = found.data?.rows ?? [];
  const isChosen = (row: Row) => toItem(row).value === value;
  const shown = value === "" ? undefined : rows.find(isChosen);
  // it was on a page when it was chosen, and is not on the next one
  const [kept, setKept] = useState<{ list: string; row: Row } | undefined>(undefined);
  if (shown !== undefined && (shown !== kept?.row || list !== kept.list)) setKept({ list, row: shown });
  const known = shown ?? (kept?.list === list && isChosen(kept.row) ? kept.row : undefined);
  const asked = value === "" ? null : rowOf(value);
  const named = useQuery({
    ...page({ q: asked ?? "", sort: "name", pageSize }),
    enabled: enabled && asked !== null && known === undefined && found.data !== undefined,
  });
  const chosen = known ?? (asked === null ? undefined : named.data?.rows.find(isChosen));
  return {
    rows,
    items: rows.map(toItem),
    search: {
      onSearch: setTyped,
      more: Math.max(0, (found.data?.total ?? 0) - rows.length),
      isLooking: found.isPlaceholderData || (found.data === undefined && found.isFetching),
      failed: found.isFetching ? undefined : failureOf(found.error, many),
      // one that is not to be asked would be asked by this too
      onRead: () => void (enabled && found.refetch({ cancelRefetch: false })),
      chosen: chosen === undefined ? undefined : toItem(chosen),
    },
    chosen,
  };
}

/** Two lists chosen from as one; what both have is offered once. */
export function bothChoices<Row>(
  first: ListChoiceResult<Row>,
  second: ListChoiceResult<Row>,
): ListChoiceResult<Row> {
  const known = new Set(first.items.map((item) => item.value));
  return {
    rows: [...first.rows, ...second.rows],
    items: [...first.items, ...second.items.filter((item) => !known.has(item.value))],
    search: {
      onSearch: (text: string) => {
        first.search.onSearch(text);
        second.search.onSearch(text);
      },
      more: first.search.more + second.search.more,
      isLooking: first.search.isLooking || second.search.isLooking,
      failed: first.search.failed ?? second.search.failed,
      onRead: () => {
        first.search.onRead();
        second.search.onRead();
      },
      chosen: first.search.chosen ?? second.search.chosen,
    },
    chosen: first.chosen ?? second.chosen,
  };
}
