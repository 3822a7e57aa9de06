/** A short table of things that belong to one object: no sorting, no paging; on a small screen each row is a list of its facts. */
import type { ReactNode } from "react";
import { useNarrowScreen } from "../table/use-narrow.ts";
import { Facts } from "../ui/Facts.tsx";
import { cx } from "../ui/cx.ts";

interface SimpleTableProps {
  label: string;
  columns: readonly string[];
  endAligned?: readonly string[];
  rows: readonly { key: string; cells: readonly ReactNode[] }[];
}

export function SimpleTable({ label, columns, endAligned = [], rows }: SimpleTableProps) {
  const narrow = useNarrowScreen();
  const isEnd = (index: number) => endAligned.includes(columns[index] ?? "");
  if (narrow)
    return (
      <ul aria-label={label} className="divide-y divide-stroke border-b border-stroke">
        {rows.map((row) => (
          <li key={row.key} className="flex flex-col gap-1 py-2.5">
            <div className="min-w-0 break-words">{row.cells[0]}</div>
            <Facts
              className="text-xs"
              aligned
              facts={columns
                .slice(1)
                .map((column, index) => ({ name: column, value: row.cells[index + 1] }))
                .filter(({ value }) => value !== null && value !== undefined && value !== "")}
            />
          </li>
        ))}
      </ul>
    );
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
