/** Where the reader is: the project and name in the path, and the search part of the URL. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Search } from "../query-string.ts";

/** The project in the path, or undefined on pages over all projects. */
export function useProject(): string | undefined {
  return (useParams({ strict: false }) as { project?: string }).project; // as: routes have no other parameters
}

/** Project and name of the object the page is about. */
export function useNamed(): { project: string; name: string } {
  const { project = "", name = "" } = useParams({ strict: false }) as { project?: string; name?: string }; // as: see above
  return { project, name };
}

export function useUrlSearch(): Search {
  return useSearch({ strict: false }) as Search; // as: parseSearch makes nothing but strings
}

type SearchChange = Record<string, string | number | undefined>;

/** Changes parts of the search; undefined and '' remove a part. Each change is a new history entry unless `replace`. */
export function useSetUrlSearch(): (change: SearchChange, replace?: boolean) => void {
  const navigate = useNavigate();
  return useCallback(
    (change, replace = false) => {
      void navigate({
        to: ".",
        replace,
        search: ((current: Search) => ({ ...current, ...change })) as never, // as: search is untyped by design, see query-string.ts
      });
    },
    [navigate],
  );
}

/** Goes to a path from paths.ts. */
export function useGo(): (to: string, search?: Record<string, string>) => void {
  const navigate = useNavigate();
  return useCallback(
    (to, search) => void navigate({ to, search: (search ?? {}) as never }), // as: search is untyped by design
    [navigate],
  );
}
