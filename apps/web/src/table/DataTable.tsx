/** The one table: server-driven, virtualised, keyboard-driven; two-line rows where it is narrow. */
import { useVirtualizer } from "@tanstack/react-virtual";
import { ArrowDown, ArrowUp } from "lucide-react";
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef } from "react";
import { useShortcut } from "../shell/shortcuts.ts";
import { CheckBox } from "../ui/Checkbox.tsx";
import { cx } from "../ui/cx.ts";
import type { Column } from "./column.ts";
import { actionsPx, choicePx, tracksIn } from "./fit-columns.ts";
import { nextSort, parseSort } from "./sort.ts";
import { TableRow } from "./TableRow.tsx";
import { useActiveRow } from "./use-active-row.ts";

export interface DataTableProps<Row> {
  /** What the rows are, e.g. "Virtual machines". */
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  keyOf: (row: Row) => string;
  nameOf: (row: Row) => string;
  sort: string | undefined;
  onSort: (sort: string | undefined) => void;
  compact: boolean;
  /** Pixels between the table's edges. */
  roomPx: number;
  /** 1-based number of the first row, over all pages. */
  firstRow: number;
  total: number;
  /** The two lines of a row on narrow screens. */
  renderNarrow: (row: Row) => ReactNode;
  renderActions?: ((row: Row) => ReactNode) | undefined;
  onOpen?: ((row: Row) => void) | undefined;
  selection?:
    | { has: (key: string) => boolean; set: (rows: readonly Row[], selected: boolean) => void }
    | undefined;
}

/** Below this room a row has two lines instead of columns. */
export const narrowPx = 640;
const narrowHeight = 58;
/** Pixels of the head, which sticks to the upper edge over the rows that are scrolled past it. */
const wideHead = 32;

export function DataTable<Row>(props: DataTableProps<Row>) {
  const { rows, keyOf, columns, selection, compact } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const narrow = props.roomPx < narrowPx;
  const [active, activate] = useActiveRow();
  /** Whether the active row, which may have to be scrolled into being first, is yet to be shown and to take the focus. */
  const focusIsDue = useRef(false);
  /** Rows keep the functions they were given: what these do is asked for when they are called. */
  const latest = useRef(props);
  useLayoutEffect(() => {
    latest.current = props;
  });
  const open = useCallback((row: Row) => latest.current.onOpen?.(row), []);
  const lastChosen = useRef<string>(undefined);
  const select = useCallback((row: Row, selected: boolean, withShift: boolean) => {
    const now = latest.current;
    const from = withShift ? now.rows.findIndex((each) => now.keyOf(each) === lastChosen.current) : -1;
    const to = now.rows.findIndex((each) => now.keyOf(each) === now.keyOf(row));
    lastChosen.current = now.keyOf(row);
    const chosen = from === -1 ? [row] : now.rows.slice(Math.min(from, to), Math.max(from, to) + 1);
    now.selection?.set(chosen, selected);
  }, []);
  const stepFrom = useCallback(
    (from: Row | null, step: number) => {
      const now = latest.current;
      const at = from === null ? -1 : now.rows.findIndex((each) => now.keyOf(each) === now.keyOf(from));
      const row = now.rows[Math.min(now.rows.length - 1, Math.max(0, at === -1 ? 0 : at + step))];
      if (row === undefined) return;
      focusIsDue.current = true;
      activate(now.keyOf(row));
    },
    [activate],
  );
  const rowHeight = narrow ? narrowHeight : compact ? 30 : 36;
  const headHeight = narrow ? 0 : wideHead;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : keyOf(row);
    },
    overscan: 6,
    scrollMargin: headHeight,
  });
  useEffect(() => virtual.measure(), [virtual, rowHeight]);

  const activeIndex = rows.findIndex((row) => keyOf(row) === active?.key);
  const activeRow = rows[activeIndex];
  const move = (step: number) => stepFrom(activeRow ?? null, step);
  // after every commit: a row that is not there yet comes with the scrolling, in a later one
  useLayoutEffect(() => {
    if (!focusIsDue.current) return;
    const element = scroller.current?.querySelector<HTMLElement>("[role=row][tabindex='0']");
    if (element == null) {
      if (activeIndex === -1) focusIsDue.current = false;
      else virtual.scrollToIndex(activeIndex, { align: "center" });
      return;
    }
    focusIsDue.current = false;
    element.focus({ preventScroll: true });
    // not the virtualiser: it knows of no scrollbar at the lower edge, and the sticky head is padding of the scroller
    element.scrollIntoView({ block: "nearest" });
  });
  useShortcut({ keys: ["j"], label: "Next row", group: "Lists", run: () => move(1) });
  useShortcut({ keys: ["k"], label: "Previous row", group: "Lists", run: () => move(-1) });
  useShortcut({
    keys: ["x"],
    label: "Select the row",
    group: "Lists",
    run: () => activeRow && select(activeRow, selection?.has(keyOf(activeRow)) === false, false),
  });
  useShortcut({
    keys: ["o"],
    label: "Open the row",
    group: "Lists",
    run: () => activeRow && props.onOpen?.(activeRow),
  });

  const narrowTracks = `${selection ? "30px " : ""}minmax(0,1fr)${props.renderActions ? " 36px" : ""}`;
  const { tracks, leastPx } = tracksIn(props.roomPx, [
    ...(selection ? [`${choicePx}px`] : []),
    ...columns.map((column) => column.track),
    ...(props.renderActions ? [`${actionsPx}px`] : []),
  ]);

  return (
    <div
      ref={scroller}
      className="relative min-h-0 flex-1 overflow-auto"
      style={{ scrollPaddingTop: headHeight }}
      tabIndex={-1}
      data-compact={compact || undefined}
    >
      <div
        role="table"
        aria-label={props.label}
        aria-rowcount={props.total + 1}
        className="w-full"
        style={narrow ? undefined : { minWidth: leastPx }}
      >
        {narrow ? null : <TableHead {...props} tracks={tracks} />}
        <div role="rowgroup" className="relative" style={{ height: virtual.getTotalSize() }}>
          {virtual.getVirtualItems().map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const key = keyOf(row);
            return (
              <TableRow
                key={key}
                id={key}
                row={row}
                name={props.nameOf(row)}
                columns={columns}
                tracks={narrow ? narrowTracks : tracks}
                narrow={narrow}
                height={rowHeight}
                top={item.start - headHeight}
                rowIndex={props.firstRow + item.index + 1}
                active={active?.key === key}
                selected={selection?.has(key)}
                renderNarrow={props.renderNarrow}
                renderActions={props.renderActions}
                actionsStick={!narrow && leastPx > props.roomPx}
                onActive={activate}
                onOpen={open}
                onSelect={select}
                onStep={stepFrom}
              />
            );
          })}
        </div>
      </div>
    </div>
  );
}

function TableHead<Row>(props: DataTableProps<Row> & { tracks: string }) {
  const { rows, keyOf, selection, columns, tracks } = props;
  const chosen = selection ? rows.filter((row) => selection.has(keyOf(row))).length : 0;
  const sort = parseSort(props.sort);
  return (
    <div role="rowgroup" className="sticky top-0 z-sticky bg-surface">
      <div
        role="row"
        className="grid h-8 items-center border-b border-stroke px-3 text-xs text-tertiary md:px-5"
        style={{ gridTemplateColumns: tracks }}
      >
        {selection ? (
          <div role="columnheader" className="flex items-center">
            <CheckBox
              checked={chosen > 0 && chosen === rows.length}
              indeterminate={chosen > 0 && chosen < rows.length}
              onChange={(next) => selection.set(rows, next)}
              aria-label="Select every row of this page"
            />
          </div>
        ) : null}
        {columns.map((column) => {
          const own = sort !== null && sort.key === column.sortKey ? sort : null;
          const direction = own === null ? undefined : own.descending ? "descending" : "ascending";
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-sort={column.sortKey === undefined ? undefined : (direction ?? "none")}
              className={cx("flex min-w-0 pr-5", column.align === "end" && "justify-end")}
            >
              {column.sortKey === undefined ? (
                <span className="truncate">{column.header}</span>
              ) : (
                <button
                  type="button"
                  onClick={() => props.onSort(nextSort(props.sort, column.sortKey ?? ""))}
                  className={cx(
                    "flex min-w-0 items-center gap-1 rounded-sm hover:text-content",
                    own !== null && "font-medium text-content",
                  )}
                >
                  <span className="truncate">{column.header}</span>
                  {direction === "ascending" ? <ArrowUp size={12} strokeWidth={2} aria-hidden /> : null}
                  {direction === "descending" ? <ArrowDown size={12} strokeWidth={2} aria-hidden /> : null}
                </button>
              )}
            </div>
          );
        })}
        {props.renderActions ? (
          <div role="columnheader">
            <span className="sr-only">Actions</span>
          </div>
        ) : null}
      </div>
    </div>
  );
}
