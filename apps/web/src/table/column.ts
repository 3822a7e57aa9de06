/** What a list knows about one of its columns. The server sorts, filters and pages; a column only shows. */
import type { ReactNode } from "react";

export interface Column<Row> {
  id: string;
  header: string;
  /** Key for `sort`, where the server sorts by this column. */
  sortKey?: string;
  align?: "end";
  /** Width as a CSS grid track, e.g. `minmax(160px,2fr)`. */
  track: string;
  cell: (row: Row) => ReactNode;
  /** What changing makes the cell glow once; a text that is equal means nothing changed. */
  glow?: (row: Row) => string;
  /** The value in a CSV file: plain, in base units. */
  csv: (row: Row) => string | number;
  /** Hidden until chosen; `wide` ones show by themselves where there is room. */
  optional?: boolean | "wide";
  /** Cannot be hidden. */
  fixed?: boolean;
}

/** The columns to show: the person's choice where there is one, in the table's own order. */
export function visibleColumns<Row>(
  columns: readonly Column<Row>[],
  chosen: readonly string[] | undefined,
  wide = false,
): Column<Row>[] {
  return columns.filter((column) => {
    if (column.fixed === true) return true;
    if (chosen !== undefined) return chosen.includes(column.id);
    return column.optional === undefined || (column.optional === "wide" && wide);
  });
}
