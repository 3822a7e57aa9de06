/** The one cache. A lost session is noticed here, once, whichever request met it. */
import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { ApiError } from "./api-error.ts";

/** Builds the cache; `onSessionLost` runs when any request was answered "not signed in". */
export function createQueryClient(onSessionLost: () => void): QueryClient {
  const onError = (error: unknown) => {
    if (error instanceof ApiError && (error.code === "unauthenticated" || error.code === "session-expired"))
      onSessionLost();
  };
  return new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // without a network a deed fails and says so; kept back, it would be done long after somebody asked for it
      mutations: { networkMode: "always" },
      queries: {
        staleTime: 10_000,
        refetchOnWindowFocus: false,
        retry: (failures, error) => failures < 2 && isWorthRetrying(error),
        retryDelay: (attempt, error) =>
          error instanceof ApiError && error.detail?.retryAfterSeconds !== undefined
            ? error.detail.retryAfterSeconds * 1000
            : Math.min(8000, 500 * 2 ** attempt),
      },
    },
  });
}

function isWorthRetrying(error: unknown): boolean {
  if (!(error instanceof ApiError)) return false;
  return (
    error.code === "network" ||
    error.code === "upstream-unavailable" ||
    error.code === "upstream-timeout" ||
    error.code === "draining"
  );
}
