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

/** Refused before anything was stored, whatever words the webhook or the way to it brought along. */
const notAdmitted = /^(Internal error occurred: )?failed calling webhook |^admission webhook /;

/**
 * etcd, or the way to it, was lost while it wrote (api/v3rpc/rpctypes/error.go of etcd). The API server hands such an error on as a 500
 * with these words (staging/src/k8s.io/apiserver/pkg/storage/errors/storage.go makes nothing else of it).
 */
const etcdLost =
  /etcdserver: (request timed out|leader changed|server stopped)|rpc error: code = (Unavailable|DeadlineExceeded|Canceled) |context deadline exceeded/;

/**
 * Of an aggregated API. Before it passes a request on, the API server says "service unavailable" alone
 * (staging/src/k8s.io/kube-aggregator/pkg/apiserver/handler_proxy.go). With these words it tried, and the request may have arrived
 * (staging/src/k8s.io/apimachinery/pkg/util/proxy/transport.go), unless there was no connection to send it on.
 */
const backendLost = /^error trying to reach service: (?!dial )/;

/**
 * Whether a write may have been done although this is what came back: its success whose words broke off, or words of something on
 * the way, or of the API server, that it heard nothing more of it.
 */
export function mayBeDone(status: number, reason = "", message = ""): boolean {
  if (status >= 200 && status < 300) return true;
  if (status === 502 || status === 504 || reason === "ServerTimeout" || reason === "Timeout") return true;
  if (status === 500) return etcdLost.test(message) && !notAdmitted.test(message);
  return status === 503 && backendLost.test(message);
}

/** As `mayBeDone` where the words broke off, so that nobody knows what they would have said. */
export function mayBeDoneUnheard(status: number): boolean {
  return mayBeDone(status) || status >= 500;
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
