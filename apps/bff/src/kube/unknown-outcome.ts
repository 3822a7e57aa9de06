/**
 * Whether something that was asked of the cluster may have been done although its answer never came. A connection that never
 * came to be, or a wait for one, did nothing; from the first byte of a request on, nobody but the cluster knows.
 */
import type { Dispatcher } from "undici";
import type { KubeRequest } from "./kube-client.ts";

/** Whether the request would change something; a dry run and what is asked by POST do not. */
export function isWrite({ method = "GET", query, asks }: KubeRequest): boolean {
  return method !== "GET" && asks !== true && query?.["dryRun"] === undefined;
}

/**
 * Whether a write may have been done although this is what came back: its success whose words broke off, or words of something on
 * the way, or of the API server, that it heard nothing more of it.
 */
export function mayBeDone(status: number, reason = ""): boolean {
  return (status >= 200 && status < 300) || status === 502 || status === 504 || reason === "ServerTimeout";
}

/** Tells when a connection is there and a request begins to go out on it. */
export function noticeStart(onStart: () => void): Dispatcher.DispatcherComposeInterceptor {
  return (dispatch) => (options, handler) =>
    dispatch(options, {
      onRequestStart: (...told) => {
        onStart();
        handler.onRequestStart?.(...told);
      },
      onRequestUpgrade: (...told) => handler.onRequestUpgrade?.(...told),
      onResponseStart: (...told) => handler.onResponseStart?.(...told),
      onResponseData: (...told) => handler.onResponseData?.(...told),
      onResponseEnd: (...told) => handler.onResponseEnd?.(...told),
      onResponseError: (...told) => handler.onResponseError?.(...told),
    });
}
