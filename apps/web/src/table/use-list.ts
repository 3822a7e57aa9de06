/** One server-driven list: its query from the URL, its page from the cache, its changes from the live feed. */
import type { ReplyOf } from "@kubev/api-types/endpoints";
import type { ListQuery, Warning } from "@kubev/api-types/list-query";
import type { LiveList } from "@kubev/api-types/live";
import { objectCatalog, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ObjectRow } from "@kubev/api-types/objects";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { call } from "../api/client.ts";
import { useLiveList } from "../api/live/use-live.ts";
import { readList } from "../api/queries.ts";
import { useProject, useSetUrlSearch, useUrlSearch } from "../components/use-place.ts";
import { nounsOfHolders } from "../objects/object-words.ts";
import { readListSearch } from "../query-string.ts";

type FixedList = Exclude<LiveList, ObjectNoun>;

/** The list reads and the live list of the same rows. Catalogued nouns have one read for all. */
export const listOperations = {
  vms: "listVms",
  images: "listImages",
  disks: "listDisks",
  projects: "listProjects",
  hosts: "listHosts",
  vpcs: "listVpcs",
  subnets: "listSubnets",
} as const satisfies Record<FixedList, string>;

/** What the URL says of the list, and the ways to change it. */
export function useListSearch(project: string | undefined) {
  const search = readListSearch(useUrlSearch());
  const setSearch = useSetUrlSearch();
  const query: Partial<ListQuery> = { ...search, ...(project === undefined ? {} : { project }) };
  return {
    query,
    state: {
      project,
      search,
      setQ: (q: string) => setSearch({ q, page: undefined }, true),
      setSort: (sort: string | undefined) => setSearch({ sort, page: undefined }),
      setPage: (page: number) => setSearch({ page: page === 1 ? undefined : page }),
    },
  };
}

/** Everything a list page needs; `list` fixes the row type. */
export function useList<List extends FixedList>(list: List) {
  const operation: (typeof listOperations)[List] = listOperations[list];
  const { query, state } = useListSearch(useProject());
  const any: (typeof listOperations)[FixedList] = operation;
  const options = readList(operation, { query } as never); // as: every list takes the same query (contract)
  const result = useQuery(options);
  useLiveList(list, query, options.queryKey);
  return {
    ...state,
    result,
    /** Every row of the present search, over all pages. */
    readAll: async () => readAll(async (page) => call(any, { query: { ...query, ...page } })),
    /** Every row of another search. @throws where not all of the list is known now */
    readWhole: async (q: string) =>
      readAll(async (page) => whole(await call(any, { query: { ...query, q, ...page } }))),
  };
}

type ObjectList<N extends ObjectNoun> = Omit<ReplyOf<"listObjects">, "rows"> & { rows: ObjectRow<N>[] };

/** The same for a catalogued noun; of one project only where the noun lies in projects. */
export function useObjectList<N extends ObjectNoun>(noun: N) {
  const project = useProject();
  const { query, state } = useListSearch(
    objectCatalog[noun].namespaced || nounsOfHolders.has(noun) ? project : undefined,
  );
  const options = readList("listObjects", { params: { noun }, query });
  const result = useQuery(options) as UseQueryResult<ObjectList<N>>; // as: the server makes rows of this noun by its own shape
  useLiveList(noun, query, options.queryKey);
  return {
    ...state,
    result,
    readAll: async () =>
      readAll(async (page) => call("listObjects", { params: { noun }, query: { ...query, ...page } })),
    readWhole: async (q: string) =>
      readAll(async (page) =>
        whole(await call("listObjects", { params: { noun }, query: { ...query, q, ...page } })),
      ),
  };
}

/**
 * What a cluster lacks for good, or shows of some projects only, hides no row that this list had: unless nothing at all is left,
 * for a kind that is served again in a moment looks like that, too.
 */
const lasting: readonly string[] = ["feed-absent", "feed-partial"];

/** What is late, or not to be had just now, does not hold all there is. @throws in that case */
function whole<
  Reply extends { staleSince: string | null; warnings: readonly Warning[]; totalUnfiltered: number },
>(reply: Reply): Reply {
  const { staleSince, warnings, totalUnfiltered } = reply;
  const passing = warnings.filter(({ reason }) => !lasting.includes(reason.code));
  if (staleSince !== null || passing.length > 0 || (warnings.length > 0 && totalUnfiltered === 0))
    throw new Error("Not all of the list is known now");
  return reply;
}

const exportLimit = 20_000;

async function readAll(
  read: (page: {
    page: number;
    pageSize: number;
  }) => Promise<{ rows: unknown[]; total: number; page: number }>,
): Promise<unknown[]> {
  const rows: unknown[] = [];
  for (let page = 1; rows.length < exportLimit; page += 1) {
    const reply = await read({ page, pageSize: 200 });
    // rows went away meanwhile, and an earlier page was answered again
    if (reply.page < page) break;
    rows.push(...reply.rows);
    if (reply.rows.length === 0 || rows.length >= reply.total) break;
  }
  return rows;
}
