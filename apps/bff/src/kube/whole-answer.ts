/**
 * An exchange whose answer is read whole: without the streams, signals and their listeners that one in parts needs. Most
 * are small and many, access reviews above all, and those were half of what such an exchange cost.
 */
import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
import { KubeUnreachableError } from "./kube-error.ts";

export interface WholeAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  bytes: Buffer<ArrayBuffer>;
}

interface Limits {
  /** From now to the end of the body. */
  timeoutMs: number;
  signal: AbortSignal | undefined;
  /** Of an answer that is no success: what lies beyond is not read. */
  maxErrorBytes: number;
  /** Of a success; more is an error. */
  maxBytes: number;
  /** A connection is there, and the request begins to go out on it. */
  onStart: () => void;
  /** An answer began to come, with this status. */
  onHead: (status: number) => void;
}

const toError = (reason: unknown): Error => (reason instanceof Error ? reason : new Error("aborted"));

/** @throws what undici throws, KubeUnreachableError of too large an answer, a DOMException named TimeoutError, or the signal's reason, at once whatever the line does */
export async function wholeAnswer(
  dispatcher: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { timeoutMs, signal, maxErrorBytes, maxBytes, onStart, onHead }: Limits,
): Promise<WholeAnswer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    let status = 0;
    let headers: IncomingHttpHeaders = {};
    let controller: Dispatcher.DispatchController | null = null;
    let ended: Error | null = null;
    const end = (why: Error) => {
      ended = why;
      clearTimeout(timer);
      signal?.removeEventListener("abort", onAbort);
    };
    const finish = () => {
      resolve({ status, headers, bytes: Buffer.concat(chunks) });
    };
    const giveUp = (why: Error) => {
      if (ended !== null) return;
      end(why);
      reject(why);
      controller?.abort(why);
    };
    const onAbort = () => giveUp(toError(signal?.reason));
    const timer = setTimeout(
      () => giveUp(new DOMException("The whole answer did not come in time", "TimeoutError")),
      timeoutMs,
    );
    timer.unref();
    signal?.addEventListener("abort", onAbort, { once: true });
    dispatcher.dispatch(options, {
      onRequestStart: (its) => {
        controller = its;
        if (ended === null) onStart();
        else its.abort(ended); // it was given up before it had a connection
      },
      onResponseStart: (_controller, itsStatus, itsHeaders) => {
        if (itsStatus < 200 || ended !== null) return;
        status = itsStatus;
        headers = itsHeaders;
        onHead(itsStatus);
      },
      onResponseData: (its, chunk) => {
        if (ended !== null) return;
        chunks.push(chunk);
        bytes += chunk.length;
        if (status < 300 && bytes > maxBytes)
          giveUp(
            new KubeUnreachableError("unreachable", `The cluster's answer is larger than ${maxBytes} bytes`),
          );
        if (status < 300 || bytes <= maxErrorBytes) return;
        const enough = new Error("The rest of a refusal is not read");
        end(enough);
        finish();
        its.abort(enough);
      },
      onResponseEnd: () => {
        if (ended !== null) return;
        end(answered);
        finish();
      },
      onResponseError: (_controller, error) => {
        if (ended !== null) return;
        end(error);
        reject(error);
      },
    });
  });
}

const answered = new Error("It was answered");
