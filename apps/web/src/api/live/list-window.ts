/** Applies a live message to the page of a list that is on screen. Pure, so that every case is a test. */
import type { Warning } from "@kubev/api-types/list-query";
import type { ResourceRef } from "@kubev/api-types/resource-ref";
import type { RowsMessage } from "./client.ts";

export interface LiveRow {
  ref: ResourceRef;
}

/** The parts of a list reply that live messages change. */
export interface ListWindow<Row extends LiveRow> {
  rows: Row[];
  page?: number | undefined;
  total: number;
  totalUnfiltered: number;
  facets?: Record<string, Record<string, number>> | undefined;
  staleSince: string | null;
  warnings?: Warning[] | undefined;
}

/** What identifies a row: its uid, else its noun, project and name. */
export function rowKey(row: LiveRow): string {
  return row.ref.uid ?? `${row.ref.noun}/${row.ref.project ?? ""}/${row.ref.name}`;
}

/** The window after `message`, or null when it names a row nobody has: then fetch again. */
export function applyRows<Row extends LiveRow, List extends ListWindow<Row>>(
  list: List,
  message: RowsMessage,
): List | null {
  const upserts = new Map<string, Row>();
  for (const row of message.upserts as Row[]) upserts.set(rowKey(row), row); // as: rows of the list of the same name (contract)
  let rows: Row[];
  if (message.order === undefined) {
    rows = list.rows.map((row) => upserts.get(rowKey(row)) ?? row);
  } else {
    const known = new Map(list.rows.map((row) => [rowKey(row), row]));
    rows = [];
    for (const key of message.order) {
      const row = upserts.get(key) ?? known.get(key);
      if (row === undefined) return null;
      rows.push(row);
    }
  }
  return {
    ...list,
    rows,
    ...(message.page === undefined ? {} : { page: message.page }),
    total: message.total,
    totalUnfiltered: message.totalUnfiltered,
    staleSince: message.staleSince,
    ...(message.facets === undefined ? {} : { facets: message.facets }),
    ...(message.warnings === undefined ? {} : { warnings: message.warnings }),
  };
}
