/** Where the reader is: the project and name in the path, and the search part of the URL. */
import { useNavigate, useParams, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";
import type { Search } from "../query-string.ts";

interface Place {
  project?: string;
  name?: string;
  _splat?: string;
}

/** Routes have no other parameters, `_splat` being all that follows; the router is not registered with its types (see paths.ts for the safety). */
function usePlace(): Place {
  const place: Place = useParams({ strict: false });
  return place;
}

/** The project in the path, or undefined on pages over all projects. */
export function useProject(): string | undefined {
  return usePlace().project;
}

/** Project and name of the object the page is about. */
export function useNamed(): { project: string; name: string } {
  const { project = "", name = "" } = usePlace();
  return { project, name };
}

/** What follows in the path of a page that takes several parts; none are empty. */
export function useRest(): string[] {
  return (usePlace()._splat ?? "").split("/").filter(Boolean);
}

export function useUrlSearch(): Search {
  const search: Search = useSearch({ strict: false });
  return search;
}

type SearchChange = Record<string, string | number | undefined>;

/** Changes parts of the search; undefined and '' remove a part. Each change is a new history entry unless `replace`. */
export function useSetUrlSearch(): (change: SearchChange, replace?: boolean) => void {
  const navigate = useNavigate();
  return useCallback(
    (change, replace = false) => {
      void navigate({ to: ".", replace, search: (current: Search) => ({ ...current, ...change }) });
    },
    [navigate],
  );
}

/** Goes to a path from paths.ts. */
export function useGo(): (to: string, search?: Record<string, string>) => void {
  const navigate = useNavigate();
  return useCallback((to, search) => void navigate({ to, search: search ?? {} }), [navigate]);
}
