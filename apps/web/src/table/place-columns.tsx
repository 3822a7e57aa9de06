/** The two columns that say which row it is: its name, which leads to its page, and the project that it lies in. */
import type { ReactNode } from "react";
import { AppLink } from "../components/AppLink.tsx";
import type { Column } from "./column.ts";

type To = Parameters<typeof AppLink>[0]["to"];

interface NameColumn<Row> {
  track: string;
  to: (row: Row) => To;
  /** What stands for the name, e.g. words for people; the name itself without. */
  text?: (row: Row) => string;
  /** What follows the name, e.g. badges. */
  beside?: (row: Row) => ReactNode;
}

export function nameColumn<Row extends { name: string }>(column: NameColumn<Row>): Column<Row> {
  const { track, to, text = ({ name }) => name, beside } = column;
  return {
    id: "name",
    header: "Name",
    sortKey: "name",
    track,
    fixed: true,
    cell: (row) => (
      <span className="flex min-w-0 items-center gap-2" title={row.name}>
        <AppLink to={to(row)} look="plain" className="truncate font-medium">
          {text(row)}
        </AppLink>
        {beside?.(row)}
      </span>
    ),
    csv: ({ name }) => name,
  };
}

/** `to`: what is seen of that project. */
export function projectColumn<Row extends { project: string }>(
  track: string,
  to: (project: string) => To,
): Column<Row> {
  return {
    id: "project",
    header: "Project",
    sortKey: "project",
    track,
    cell: ({ project }) => (
      <AppLink to={to(project)} look="plain" className="truncate text-secondary" title={project}>
        {project}
      </AppLink>
    ),
    csv: ({ project }) => project,
  };
}
