/** The search of a page that holds all its lines already; what is typed stands in the address. */
import { TypedFilter } from "./TypedFilter.tsx";
import { useSetUrlSearch, useUrlSearch } from "./use-place.ts";

/** The text looked for, as it was typed. */
export function usePageSearch(): string {
  return (useUrlSearch().q ?? "").trim();
}

export function PageSearch({ placeholder }: { placeholder: string }) {
  const { q = "" } = useUrlSearch();
  const setSearch = useSetUrlSearch();
  return (
    <div className="max-w-md">
      <TypedFilter
        label="Search"
        text={q}
        onChange={(next) => setSearch({ q: next }, true)}
        placeholder={placeholder}
      />
    </div>
  );
}
