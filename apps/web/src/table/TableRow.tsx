/** One row of the table. Made anew only when it changed: in a list that moves, most rows stay as they are. */
import { memo, type ReactNode } from "react";
import { CheckBox } from "../ui/Checkbox.tsx";
import { cx } from "../ui/cx.ts";
import type { Column } from "./column.ts";
import { GlowCell } from "./GlowCell.tsx";

export interface TableRowProps<Row> {
  row: Row;
  id: string;
  name: string;
  columns: readonly Column<Row>[];
  /** Tracks of the grid: of the columns, or of the two lines where it is narrow. */
  tracks: string;
  narrow: boolean;
  height: number;
  /** Pixels from the top of all rows. */
  top: number;
  /** 1-based, over all pages and below the head. */
  rowIndex: number;
  active: boolean;
  /** Undefined where rows are not chosen. */
  selected: boolean | undefined;
  renderNarrow: (row: Row) => ReactNode;
  renderActions: ((row: Row) => ReactNode) | undefined;
  /** Whether they stay at the right edge while the rest scrolls sideways beneath them. */
  actionsStick: boolean;
  /** These stay the same functions as long as the table is there. */
  onActive: (id: string) => void;
  onOpen: (row: Row) => void;
  onSelect: (row: Row, selected: boolean, withShift: boolean) => void;
  /** To the row so many rows further, or to the last one. */
  onStep: (row: Row, step: number) => void;
}

const rowSteps = new Map([
  ["ArrowDown", 1],
  ["ArrowUp", -1],
  ["Home", Number.NEGATIVE_INFINITY],
  ["End", Number.POSITIVE_INFINITY],
]);

function Plain<Row>(props: TableRowProps<Row>) {
  const { row, id, selected, active, narrow } = props;
  return (
    <div
      role="row"
      tabIndex={active ? 0 : -1}
      onFocus={() => {
        if (!active) props.onActive(id);
      }}
      onKeyDown={(event) => {
        const isPlain = !(event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
        if (event.target !== event.currentTarget || !isPlain) return;
        if (event.key === "Enter") props.onOpen(row);
        const step = rowSteps.get(event.key);
        if (step === undefined) return;
        event.preventDefault(); // the page does not scroll besides
        props.onStep(row, step);
      }}
      aria-rowindex={props.rowIndex}
      aria-selected={selected}
      className={cx(
        "group absolute inset-x-0 top-0 grid contain-strict items-center border-b border-stroke px-3 -outline-offset-2 md:px-5",
        selected === true ? "bg-selected" : "hover:bg-hover/70",
        active && "shadow-[inset_2px_0_0_var(--accent)]",
      )}
      style={{
        height: props.height,
        transform: `translateY(${props.top}px)`,
        gridTemplateColumns: props.tracks,
      }}
    >
      {selected === undefined ? null : (
        <div role="cell" className="flex items-center">
          <CheckBox
            checked={selected}
            onChange={(next, withShift) => props.onSelect(row, next, withShift)}
            aria-label={`Select ${props.name}`}
          />
        </div>
      )}
      {narrow ? (
        <div role="cell" className="min-w-0">
          {props.renderNarrow(row)}
        </div>
      ) : (
        props.columns.map((column) => (
          <GlowCell
            key={column.id}
            value={column.glow?.(row)}
            className={cx(
              "flex h-full min-w-0 items-center rounded-sm pr-5",
              column.align === "end" && "tabular justify-end text-right",
            )}
          >
            {column.cell(row)}
          </GlowCell>
        ))
      )}
      {props.renderActions ? (
        <div
          role="cell"
          className={cx(
            "flex justify-end",
            // by its margin it may leave its own track, as far as the row is wide
            props.actionsStick &&
              "sticky right-0 -mr-5 -ml-999 h-full items-center justify-self-end bg-surface pr-5 group-hover:bg-hover",
          )}
        >
          {props.renderActions(row)}
        </div>
      ) : null}
    </div>
  );
}

export const TableRow = memo(Plain) as typeof Plain; // as: `memo` forgets that its component takes any kind of row
