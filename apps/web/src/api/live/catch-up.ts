/** Live messages and HTTP answers cross on the way: what a message told must not be lost to an answer that was made before it. */
import type { Query, QueryClient, QueryKey } from "@tanstack/react-query";
import type { RowsMessage } from "./client.ts";
import { applyRows, type ListWindow, type LiveRow } from "./list-window.ts";

/** Patches the list cached under `key`; messages that come while it is being fetched count for the answer too. */
export function followList(cache: QueryClient, key: QueryKey) {
  let meanwhile: RowsMessage[] = [];
  const find = () => cache.getQueryCache().find({ queryKey: key, exact: true });
  const refetch = () => void cache.invalidateQueries({ queryKey: key, exact: true });
  const apply = (messages: readonly RowsMessage[]) => {
    let list = cache.getQueryData<ListWindow<LiveRow>>(key);
    for (const message of messages) {
      if (list === undefined) return;
      const next = applyRows(list, message);
      if (next === null) {
        refetch();
        return;
      }
      list = next;
    }
    cache.setQueryData(key, list);
  };
  const stop = cache.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || meanwhile.length === 0 || event.query !== find()) return;
    const { action } = event;
    if (action.type !== "error" && !(action.type === "success" && action.manual !== true)) return;
    const messages = meanwhile;
    meanwhile = [];
    // The stream goes on from what these told, whether or not the answer was newer.
    if (action.type === "success") apply(messages);
  });
  const take = (message: RowsMessage) => {
    if (find()?.state.fetchStatus === "fetching") meanwhile.push(message);
    apply([message]);
  };
  return { take, refetch, stop };
}

/** Refetches what fits; what is loading for the first time is fetched once more when it has come, for it may be older. */
export function refetchAll(cache: QueryClient, fits: (query: Query) => boolean): void {
  for (const query of cache.getQueryCache().findAll({ predicate: fits, fetchStatus: "fetching" })) {
    if (query.state.data !== undefined || again.has(query)) continue; // a running refetch is begun anew by itself
    again.add(query);
    const once = () => {
      again.delete(query);
      void cache.invalidateQueries({ queryKey: query.queryKey, exact: true });
    };
    query.promise?.then(once, () => again.delete(query));
  }
  void cache.invalidateQueries({ predicate: fits });
}

const again = new WeakSet<Query>();
