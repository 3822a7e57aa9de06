/** What a person keeps about a list: saved views and chosen columns; and the list as a file. */
import { Bookmark, Columns3, Download, MoreHorizontal } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useSetUrlSearch, useUrlSearch } from "../components/use-place.ts";
import { usePreferences } from "../components/use-preferences.ts";
import { parseSearch, readListSearch, stringifySearch } from "../query-string.ts";
import { Button, IconButton } from "../ui/Button.tsx";
import { Menu, MenuCheckItem, MenuItem, MenuLabel, MenuSeparator } from "../ui/Menu.tsx";
import type { Column } from "./column.ts";

const SaveViewDialog = lazy(() => import("./SaveViewDialog.tsx"));
const icon = { size: 16, strokeWidth: 1.5, "aria-hidden": true } as const;

export function SavedViewsMenu({ tableId }: { tableId: string }) {
  const { preferences, update } = usePreferences();
  const search = useUrlSearch();
  const setSearch = useSetUrlSearch();
  const [naming, setNaming] = useState(false);
  const views = preferences.savedViews[tableId] ?? [];
  const { q, sort } = readListSearch(search);
  const current = stringifySearch({ q, sort });
  const store = (next: (known: typeof views) => typeof views) =>
    update(({ savedViews }) => ({
      savedViews: { ...savedViews, [tableId]: next(savedViews[tableId] ?? []) },
    }));
  const save = (name: string) => {
    store((known) => [...known.filter((view) => view.name !== name), { name, search: current }]);
    setNaming(false);
  };
  return (
    <>
      <Menu trigger={<Button icon={<Bookmark {...icon} />}>Views</Button>}>
        {views.length === 0 ? (
          <MenuLabel>Nothing saved yet. Search or sort, then save it here.</MenuLabel>
        ) : (
          views.map((view) => (
            <MenuItem
              key={view.name}
              onSelect={() => {
                const saved = readListSearch(parseSearch(view.search));
                setSearch({ q: saved.q, sort: saved.sort, page: undefined });
              }}
            >
              {view.name}
            </MenuItem>
          ))
        )}
        <MenuSeparator />
        <MenuItem
          onSelect={() => setNaming(true)}
          disabledReason={
            current === "" ? "Search or sort first; then there is something to save." : undefined
          }
        >
          Save this view
        </MenuItem>
        {views.some((view) => view.search === current) ? (
          <MenuItem onSelect={() => store((known) => known.filter((view) => view.search !== current))}>
            Remove this view
          </MenuItem>
        ) : null}
      </Menu>
      <Suspense fallback={null}>
        {naming ? <SaveViewDialog keeps={current} onSave={save} onClose={() => setNaming(false)} /> : null}
      </Suspense>
    </>
  );
}

interface ListMenuProps<Row> {
  tableId: string;
  columns: readonly Column<Row>[];
  /** Those of them that are on screen. */
  shown: readonly Column<Row>[];
  onCsv: () => void;
}

export function ListMenu<Row>({ tableId, columns, shown, onCsv }: ListMenuProps<Row>) {
  const { update } = usePreferences();
  const visible = new Set(shown.map((column) => column.id));
  return (
    <Menu
      trigger={
        <IconButton tone="default" aria-label="Columns and export" icon={<MoreHorizontal {...icon} />} />
      }
    >
      <MenuLabel>
        <span className="flex items-center gap-2">
          <Columns3 size={14} strokeWidth={1.5} aria-hidden /> Columns
        </span>
      </MenuLabel>
      {columns
        .filter((column) => column.fixed !== true)
        .map((column) => (
          <MenuCheckItem
            key={column.id}
            checked={visible.has(column.id)}
            onChange={(checked) => {
              const next = new Set(visible);
              if (checked) next.add(column.id);
              else next.delete(column.id);
              update(({ columns: kept }) => ({ columns: { ...kept, [tableId]: [...next] } }));
            }}
          >
            {column.header}
          </MenuCheckItem>
        ))}
      <MenuSeparator />
      <MenuItem icon={<Download {...icon} />} onSelect={onCsv}>
        Download as CSV
      </MenuItem>
    </Menu>
  );
}
