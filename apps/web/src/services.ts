/** What lives as long as the tab: the cache and the live connection, joined by "the session is gone". */
import { otherPaths } from "@kubev/api-types/endpoint-paths";
import type { liveProtocol as contractProtocol } from "@kubev/api-types/live";
import type { QueryClient } from "@tanstack/react-query";
import { LiveClient, type LiveSocket } from "./api/live/client.ts";
import { keyOf } from "./api/queries.ts";
import { createQueryClient } from "./api/query-client.ts";

export interface Services {
  queryClient: QueryClient;
  live: LiveClient;
  onSessionLost: (listener: () => void) => void;
}

export function createServices(): Services {
  let listener: () => void = () => undefined;
  const sessionLost = () => {
    void queryClient.invalidateQueries({ queryKey: keyOf("getSession", {}) }).then(() => listener());
  };
  const queryClient = createQueryClient(sessionLost);
  const live = new LiveClient(
    {
      connect: connectLive,
      setTimer: (run, delayMs) => {
        const timer = setTimeout(run, delayMs);
        return () => clearTimeout(timer);
      },
      random: Math.random,
    },
    sessionLost,
  );
  return {
    queryClient,
    live,
    onSessionLost: (next) => {
      listener = next;
    },
  };
}

/** The protocol of api-types/live.ts, whose schemas must not reach the browser. */
const liveProtocol: typeof contractProtocol = "kubev.live.v1";

function connectLive(): LiveSocket {
  const url = new URL(otherPaths.live, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(url, liveProtocol) as unknown as LiveSocket; // as: the real socket is wider
}
