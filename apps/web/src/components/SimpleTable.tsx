/** A short table of things that belong to one object: no sorting, no paging; scrolls sideways where it is narrow. */
import type { ReactNode } from "react";
import { cx } from "../ui/cx.ts";

interface SimpleTableProps {
  label: string;
  columns: readonly string[];
  endAligned?: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

export function SimpleTable({ label, columns, endAligned = [], rows }: SimpleTableProps) {
  const isEnd = (index: number) => endAligned.includes(columns[index] ?? "");
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a region that scrolls must be reachable by keyboard
    <section aria-label={label} tabIndex={0} className="overflow-x-auto rounded-sm">
      <table className="w-full border-collapse text-left">
        <thead>
          <tr className="border-b border-stroke text-xs text-tertiary">
            {columns.map((column, index) => (
              <th
                key={column}
                scope="col"
                className={cx("h-8 pr-6 font-normal whitespace-nowrap", isEnd(index) && "text-right")}
              >
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key} className="border-b border-stroke align-middle">
              {row.cells.map((cell, index) => (
                <td
                  key={columns[index]}
                  className={cx("h-10 py-1.5 pr-6", isEnd(index) && "tabular text-right whitespace-nowrap")}
                >
                  {cell}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
