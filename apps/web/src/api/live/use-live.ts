/** Live data for React: keeps the cache of what is on screen current. */
import { liveTopicOf } from "./live-topics.ts";
import type { LiveFeed, LiveList } from "@kubev/api-types/live";
import { noProject, type ObjectNoun } from "@kubev/api-types/object-catalog";
import type { ListQuery } from "@kubev/api-types/list-query";
import { type QueryKey, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, useEffect, useSyncExternalStore } from "react";
import { followList, refetchAll } from "./catch-up.ts";
import type { LiveClient, LiveState } from "./client.ts";

export const LiveContext = createContext<LiveClient | null>(null);
export const LiveProvider = LiveContext.Provider;

function useLiveClient(): LiveClient {
  const client = useContext(LiveContext);
  if (client === null) throw new Error("A live hook was used outside of LiveProvider.");
  return client;
}

export function useLiveState(): LiveState {
  const client = useLiveClient();
  return useSyncExternalStore(client.onStateChange, () => client.state);
}

/** Patches the cached list under `queryKey` row by row while the component is on screen. */
export function useLiveList(list: LiveList, query: Partial<ListQuery>, queryKey: QueryKey): void {
  const live = useLiveClient();
  const cache = useQueryClient();
  const topic = JSON.stringify(query);
  const key = JSON.stringify(queryKey);
  useEffect(() => {
    const cacheKey = JSON.parse(key) as QueryKey; // as: our own serialisation of a key
    const { take, refetch, stop } = followList(cache, cacheKey);
    const unsubscribe = live.subscribe(
      { type: "subscribe-list", list, query: JSON.parse(topic) as Partial<ListQuery> }, // as: our own serialisation
      { onResync: refetch, onRows: take },
    );
    return () => {
      unsubscribe();
      stop();
    };
  }, [live, cache, list, topic, key]);
}

/** Refetches what a feed invalidates while the component is on screen. */
export function useLiveFeed(feed: LiveFeed, project?: string, name?: string, noun?: ObjectNoun): void {
  const live = useLiveClient();
  const cache = useQueryClient();
  useEffect(() => {
    const operations: readonly unknown[] = liveTopicOf[feed];
    const refetch = () =>
      refetchAll(
        cache,
        ({ queryKey: [operation, input] }) =>
          operations.includes(operation) && (name === undefined || isAbout(input, project, name, noun)),
      );
    return live.subscribe(
      { type: "subscribe-feed", feed, project, name, noun },
      { onResync: refetch, onInvalidate: refetch },
    );
  }, [live, cache, feed, project, name, noun]);
}

function isAbout(
  input: unknown,
  project: string | undefined,
  name: string,
  noun: ObjectNoun | undefined,
): boolean {
  const params = (input as { params?: { project?: string; name?: string; noun?: string } }).params; // as: keys are built by keyOf
  if (params?.name !== name || params.noun !== noun) return false;
  return params.project === (project ?? (noun === undefined ? undefined : noProject));
}
