/** The host that the page is about; its detail is fetched again while it is looked at, for it follows many things at once. */
import type { HostDetail } from "@kubev/api-types/hosts";
import { useQuery } from "@tanstack/react-query";
import { read } from "../../api/queries.ts";
import { useNamed } from "../../components/use-place.ts";

const everyMs = 5000;

export function useHostQuery() {
  const { name } = useNamed();
  return {
    name,
    query: useQuery({ ...read("getHost", { params: { name } }), refetchInterval: everyMs }),
  };
}

/** Within the layout, which shows its tabs only once the host is there. */
export function useHost(): HostDetail {
  const { query } = useHostQuery();
  if (query.data === undefined) throw new Error("A host's tab was shown before the host was loaded.");
  return query.data;
}
