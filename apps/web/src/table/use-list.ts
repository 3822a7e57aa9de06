/** One server-driven list: its query from the URL, its page from the cache, its changes from the live feed. */
import type { ListQuery } from "@kubev/api-types/list-query";
import type { LiveList } from "@kubev/api-types/live";
import { useQuery } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useLiveList } from "../api/live/use-live.ts";
import { readList } from "../api/queries.ts";
import { useProject, useSetUrlSearch, useUrlSearch } from "../components/use-place.ts";
import { readListSearch } from "../query-string.ts";

/** The list reads and the live list of the same rows. */
export const listOperations = {
  vms: "listVms",
  images: "listImages",
  disks: "listDisks",
  projects: "listProjects",
  hosts: "listHosts",
  vpcs: "listVpcs",
  subnets: "listSubnets",
} as const satisfies Record<LiveList, string>;

/** Everything a list page needs; `list` fixes the row type. */
export function useList<List extends LiveList>(list: List) {
  const operation: (typeof listOperations)[List] = listOperations[list];
  const project = useProject();
  const search = readListSearch(useUrlSearch());
  const setSearch = useSetUrlSearch();
  const query: Partial<ListQuery> = { ...search, ...(project === undefined ? {} : { project }) };
  const options = readList(operation, { query } as never); // as: every list takes the same query (contract)
  const result = useQuery(options);
  useLiveList(list, query, options.queryKey);
  return {
    project,
    search,
    result,
    setQ: (q: string) => setSearch({ q, page: undefined }, true),
    setSort: (sort: string | undefined) => setSearch({ sort, page: undefined }),
    setPage: (page: number) => setSearch({ page: page === 1 ? undefined : page }),
    /** Every row of the present search, over all pages. */
    readAll: () => readAll(operation, query),
  };
}

const exportLimit = 20_000;

async function readAll(operation: (typeof listOperations)[LiveList], query: Partial<ListQuery>) {
  const rows: unknown[] = [];
  for (let page = 1; rows.length < exportLimit; page += 1) {
    const reply = await call(operation, { query: { ...query, page, pageSize: 200 } });
    rows.push(...reply.rows);
    if (reply.rows.length === 0 || rows.length >= reply.total) break;
  }
  return rows;
}
