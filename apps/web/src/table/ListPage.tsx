/** The frame of every list page: title, search, quick filters, table, paging, and what is said when there is nothing. */
import type { QueryProblem, Warning } from "@kubev/api-types/list-query";
import type { UseQueryResult } from "@tanstack/react-query";
import { type ReactNode, useMemo, useRef } from "react";
import { toast } from "../ui/toast.ts";
import { LoadFailed } from "../components/LoadFailed.tsx";
import { usePreferences } from "../components/use-preferences.ts";
import { useTitle } from "../components/use-title.ts";
import { formatExact } from "../format/dates.ts";
import { formatCount } from "../format/numbers.ts";
import { defaultPageSize, type ListSearch } from "../query-string.ts";
import { errorLine } from "../reasons/error-text.ts";
import { reasonText } from "../reasons/reason-text.ts";
import { Button } from "../ui/Button.tsx";
import { Skeleton } from "../ui/Progress.tsx";
import { EmptyState, Notice } from "../ui/States.tsx";
import { type Column, visibleColumns } from "./column.ts";
import { DataTable, narrowPx } from "./DataTable.tsx";
import { actionsPx, choicePx, fittingColumns } from "./fit-columns.ts";
import { Paging } from "./Paging.tsx";
import { type QueryHint, SearchBox } from "./SearchBox.tsx";
import { turnedAge } from "./sort.ts";
import type { ShownWords } from "./shown-words.ts";
import type { Selection } from "./use-selection.ts";
import { useRoom } from "./use-room.ts";
import { ListMenu, SavedViewsMenu } from "./ViewMenus.tsx";

interface ListReply<Row> {
  rows: Row[];
  total: number;
  totalUnfiltered: number;
  page: number;
  pageSize: number;
  facets?: Record<string, Record<string, number>> | undefined;
  staleSince: string | null;
  warnings: Warning[];
  queryProblems: QueryProblem[];
}

export interface ListPageProps<Row> {
  tableId: string;
  title: string;
  /** What could not be loaded, e.g. "The list of disks could not be loaded." */
  failed: string;
  placeholder: string;
  hints: readonly QueryHint[];
  /** How the list shows the values of its fields, where that is not how the search spells them. */
  words?: ShownWords;
  columns: readonly Column<Row>[];
  list: {
    search: ListSearch;
    result: UseQueryResult<ListReply<Row>>;
    setQ: (q: string) => void;
    setSort: (sort: string | undefined) => void;
    setPage: (page: number) => void;
    readAll: () => Promise<unknown[]>;
  };
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  renderNarrow: (row: Row) => ReactNode;
  renderActions?: (row: Row) => ReactNode;
  onOpen?: (row: Row) => void;
  selection?: Selection<Row>;
  action?: ReactNode;
  facets?: (reply: ListReply<Row>, q: string, setQ: (q: string) => void) => ReactNode;
  /** Said when the project has none at all. */
  empty: ReactNode;
  bulkBar?: ReactNode;
}

/** What a screen of 1920 pixels leaves beside the navigation: columns show by themselves that are optional elsewhere. */
const widePx = 1680;
/** Of the page's width, what a list that scrolls may need for its bar. */
const scrollbarPx = 12;

const noWords: ShownWords = {};

export function ListPage<Row>(props: ListPageProps<Row>) {
  const { tableId, title, columns, list, selection } = props;
  const { preferences } = usePreferences();
  useTitle(title);
  const reply = list.result.data;
  const q = list.search.q ?? "";
  const chosen = preferences.columns[tableId];
  const frame = useRef<HTMLDivElement>(null);
  const roomPx = useRoom(frame) - scrollbarPx;
  const besidePx = (selection ? choicePx : 0) + (props.renderActions ? actionsPx : 0);
  const wide = roomPx >= widePx;
  const visible = useMemo(() => visibleColumns(columns, chosen, wide), [columns, chosen, wide]);
  const shown = useMemo(
    () => (chosen === undefined && roomPx >= narrowPx ? fittingColumns(visible, roomPx - besidePx) : visible),
    [chosen, roomPx, besidePx, visible],
  );
  const exportCsv = async () => {
    try {
      const { offerFile, toCsv } = await import("./csv.ts");
      const rows = (await list.readAll()) as Row[]; // as: the same operation as this list
      offerFile(`${tableId}.csv`, [toCsv(visible, rows)], "text/csv");
    } catch (error) {
      toast.error(`The file could not be made. ${errorLine(error)}`);
    }
  };
  return (
    <div ref={frame} className="flex h-full min-h-0 flex-col">
      <header className="flex min-h-15 flex-wrap items-center gap-x-3 gap-y-2 px-3 pt-4 pb-3 md:px-5">
        <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
        {reply === undefined ? null : (
          <span className="tabular pt-1 text-tertiary">{formatCount(reply.total)}</span>
        )}
        <div className="ml-auto">{props.action}</div>
      </header>
      <div className="flex flex-wrap items-start gap-2 px-3 pb-3 md:px-5">
        <SearchBox
          label={`Search ${title.toLowerCase()}`}
          placeholder={props.placeholder}
          q={q}
          onChange={list.setQ}
          problems={reply?.queryProblems ?? []}
          hints={props.hints}
          words={props.words ?? noWords}
        />
        <SavedViewsMenu tableId={tableId} />
        <ListMenu tableId={tableId} columns={columns} shown={shown} onCsv={() => void exportCsv()} />
      </div>
      {reply && props.facets ? (
        <div className="px-3 pb-3 empty:hidden md:px-5">{props.facets(reply, q, list.setQ)}</div>
      ) : null}
      <PartialTruth reply={reply} />
      <Body {...props} shown={shown} roomPx={roomPx} compact={preferences.density === "compact"} />
      <footer className="flex min-h-11 flex-wrap items-center gap-2 border-t border-stroke px-3 py-1.5 md:px-5">
        {selection && (selection.rows.length > 0 || selection.asked !== null) ? (
          <>
            <span className="tabular mr-1">{formatCount(selection.rows.length)} selected</span>
            {props.bulkBar}
            <Button size="sm" tone="quiet" onClick={selection.clear}>
              Clear
            </Button>
          </>
        ) : null}
        {reply === undefined ? null : (
          <Paging page={reply.page} pageSize={reply.pageSize} total={reply.total} onPage={list.setPage} />
        )}
      </footer>
    </div>
  );
}

function PartialTruth<Row>({ reply }: { reply: ListReply<Row> | undefined }) {
  if (reply === undefined) return null;
  const lines = reply.warnings.map((warning) => reasonText(warning.reason));
  if (reply.staleSince !== null)
    lines.push(`This list may be out of date since ${formatExact(reply.staleSince)}.`);
  return lines.length === 0 ? null : (
    <div className="flex flex-col gap-2 px-3 pb-3 md:px-5">
      {lines.map((line) => (
        <Notice key={line} tone="attention">
          {line}
        </Notice>
      ))}
    </div>
  );
}

function Body<Row>(
  props: ListPageProps<Row> & { shown: readonly Column<Row>[]; roomPx: number; compact: boolean },
) {
  const { list, selection } = props;
  const { data, error, refetch } = list.result;
  if (data === undefined)
    return error ? (
      <div className="min-h-0 flex-1 overflow-y-auto">
        <LoadFailed error={error} what={props.failed} onRetry={() => void refetch()} />
      </div>
    ) : (
      <div
        role="status"
        aria-label="Loading"
        className="flex min-h-0 flex-1 flex-col gap-4 overflow-hidden px-3 pt-10 md:px-5"
      >
        {Array.from({ length: 8 }, (_, index) => (
          <Skeleton key={index} className={index % 2 ? "w-4/5" : "w-11/12"} />
        ))}
      </div>
    );
  if (data.rows.length === 0)
    return (
      <div className="min-h-0 flex-1 overflow-y-auto">
        {data.totalUnfiltered === 0 && data.warnings.some(({ reason }) => reason.code === "feed-absent") ? (
          // that there are none would be said of what cannot be there
          <EmptyState title={`${props.title} need a part that this cluster does not have`}>
            What is missing is named above. An operator can install it; what runs already is not touched by
            that.
          </EmptyState>
        ) : data.totalUnfiltered === 0 && !list.search.q ? (
          props.empty
        ) : (
          <EmptyState
            title="Nothing matches this search"
            action={<Button onClick={() => list.setQ("")}>Clear the search</Button>}
          >
            {data.totalUnfiltered > 0 ? `${formatCount(data.totalUnfiltered)} are hidden by it.` : null}
          </EmptyState>
        )}
      </div>
    );
  return (
    <DataTable
      label={props.title}
      columns={props.shown}
      rows={data.rows}
      keyOf={props.keyOf}
      nameOf={props.nameOf}
      sort={turnedAge(list.search.sort)}
      onSort={(sort) => list.setSort(turnedAge(sort))}
      compact={props.compact}
      roomPx={props.roomPx}
      firstRow={(data.page - 1) * (data.pageSize || defaultPageSize) + 1}
      total={data.total}
      renderNarrow={props.renderNarrow}
      renderActions={props.renderActions}
      onOpen={props.onOpen}
      selection={selection}
    />
  );
}
