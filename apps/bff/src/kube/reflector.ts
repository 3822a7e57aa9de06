/**
 * Keeps one kind in step with the cluster, for ever: WatchList where served, else paged lists, then watches with bookmarks.
 * It never stops by itself: an absent kind is probed again, a forbidden one too, everything else is retried with full
 * jitter. client-node's ListWatch ends for good on errors other than 410, which is why this exists.
 */
import type { Clock } from "./clock.ts";
import { ItemSplitter } from "./item-splitter.ts";
import type { KubeClient } from "./kube-client.ts";
import { KubeError, kubeErrorFrom } from "./kube-error.ts";
import type { ResourceType } from "./kube-path.ts";
import { collectionPath } from "./kube-path.ts";
import { LineSplitter } from "./line-splitter.ts";
import { withoutManagedFields } from "./managed-fields.ts";
import { turns } from "./turns.ts";

export type FeedState = "syncing" | "live" | "stale" | "absent" | "forbidden";

/** Where a reflector puts what it learns. `Raw` objects must not be kept. */
export interface ReflectorSink {
  /** An object is there, new or changed. */
  upsert(raw: unknown): void;
  remove(namespace: string, name: string, uid: string): void;
  /** A relist begins; everything upserted until `endReplace` is the whole truth. Objects not named go by difference. */
  beginReplace(): void;
  endReplace(): void;
  abortReplace(): void;
  stateChanged(): void;
}

export interface ReflectorOptions {
  client: KubeClient;
  type: ResourceType;
  namespace?: string | undefined;
  labelSelector?: string | undefined;
  fieldSelector?: string | undefined;
  sink: ReflectorSink;
  clock: Clock;
  log: (message: string, fields: Record<string, unknown>) => void;
  /** Reads one JSON object; kinds whose numbers exceed 2^53 pass a lossless reader. */
  parse?: (json: string) => unknown;
}

const pageSize = 500;
const baseBackOffMs = 500;
const maxBackOffMs = 30_000;
/** A feed that was healthy for this long starts over with short waits. */
const healthyMs = 60_000;
const probeAbsentMs = 30_000;
/** The API server sends a bookmark about every minute; silence beyond that is a dead connection. */
const silenceMs = 90_000;
const staleAfterFailureMs = 10_000;
/**
 * An API server whose own caches fill after a start refuses for seconds what it grants afterwards: what was known is shown, as
 * old, until the refusal has lasted this long. Whether a person may see it is asked for each person anyway.
 */
const believeRefusalAfterMs = 60_000;

interface WatchEvent {
  type: string;
  object: {
    metadata?: {
      namespace?: string;
      name?: string;
      uid?: string;
      resourceVersion?: string;
      annotations?: Record<string, string>;
    };
    code?: number;
    reason?: string;
    message?: string;
  };
}

/** The stream ended in a way that a new list repairs. */
class ExpiredError extends Error {}

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #stop = new AbortController();
  #state: FeedState = "syncing";
  #staleSinceMs: number | null = null;
  #failingSinceMs: number | null = null;
  #refusedSinceMs: number | null = null;
  #resourceVersion = "";
  #watchListServed = true;
  #synced = false;
  #attempt = 0;
  #streaming = false;
  #running: Promise<void> | null = null;

  constructor(options: ReflectorOptions) {
    this.#options = options;
  }

  get state(): FeedState {
    return this.#state;
  }
  /** Epoch milliseconds; null while live. */
  get staleSinceMs(): number | null {
    return this.#staleSinceMs;
  }
  /** True once the first full list is in, or the kind is known to be absent or forbidden. */
  get settled(): boolean {
    return this.#synced || this.#state === "absent" || this.#state === "forbidden";
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Called from outside when the cluster as a whole stopped answering: what is shown is as old as that. */
  markStale(sinceMs: number): void {
    if (this.#state === "live") this.#enter("stale", sinceMs);
  }

  /** The cluster answers again: an open stream is as good as it was. */
  confirmLive(): void {
    if (this.#state === "stale" && this.#streaming) this.#progressed();
  }

  #enter(state: FeedState, staleSinceMs: number | null): void {
    if (this.#state === state && this.#staleSinceMs === staleSinceMs) return;
    this.#state = state;
    this.#staleSinceMs = staleSinceMs;
    this.#options.sink.stateChanged();
  }

  async #run(): Promise<void> {
    const { clock } = this.#options;
    while (!this.#stop.signal.aborted) {
      const startedMs = clock.monotonicMs();
      try {
        if (this.#resourceVersion === "") await this.#list();
        await this.#watch();
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (clock.monotonicMs() - startedMs > healthyMs) this.#attempt = 0;
        await this.#recover(error);
      }
    }
  }

  async #recover(error: unknown): Promise<void> {
    const { clock, log, type } = this.#options;
    if (error instanceof ExpiredError) {
      this.#resourceVersion = "";
      if (this.#attempt === 0) {
        this.#attempt = 1;
        return;
      }
    }
    let waitMs = clock.random() * Math.min(maxBackOffMs, baseBackOffMs * 2 ** this.#attempt);
    this.#attempt = Math.min(this.#attempt + 1, 10);
    if (error instanceof KubeError) {
      const absent = error.status === 404;
      const refused = error.status === 403 || error.status === 401;
      if (refused) this.#refusedSinceMs ??= clock.monotonicMs();
      const believed =
        !this.#synced || clock.monotonicMs() - (this.#refusedSinceMs ?? 0) > believeRefusalAfterMs;
      if (absent || (refused && believed)) {
        this.#resourceVersion = "";
        if (this.#state !== (absent ? "absent" : "forbidden")) {
          this.#options.sink.beginReplace();
          this.#options.sink.endReplace();
        }
        this.#enter(absent ? "absent" : "forbidden", null);
        waitMs = probeAbsentMs * (0.5 + clock.random() / 2);
      } else if (error.retryAfterSeconds !== undefined)
        waitMs = Math.max(waitMs, error.retryAfterSeconds * 1000);
    }
    if (this.#state === "live" || this.#state === "syncing" || this.#state === "stale") {
      this.#failingSinceMs ??= clock.nowMs();
      if (this.#synced && clock.nowMs() - this.#failingSinceMs + waitMs > staleAfterFailureMs)
        this.#enter("stale", this.#staleSinceMs ?? this.#failingSinceMs);
    }
    log("feed interrupted", { resource: type.plural, waitMs: Math.round(waitMs), error: String(error) });
    await clock.sleep(waitMs, this.#stop.signal);
  }

  #progressed(): void {
    this.#failingSinceMs = null;
    this.#refusedSinceMs = null;
    this.#enter("live", null);
  }

  #selectors(): Record<string, string | undefined> {
    return { labelSelector: this.#options.labelSelector, fieldSelector: this.#options.fieldSelector };
  }

  async #list(): Promise<void> {
    if (this.#watchListServed) return; // the watch brings the list along
    const { client, type, namespace, sink } = this.#options;
    const parse = this.#options.parse ?? JSON.parse;
    sink.beginReplace();
    try {
      let next: string | undefined;
      let resourceVersion = "";
      do {
        const answer = await client.send(collectionPath(type, namespace), {
          query: { limit: pageSize, continue: next, ...this.#selectors() },
          signal: this.#stop.signal,
          timeoutMs: 60_000,
        });
        if (answer.status !== 200) throw await this.#errorOf(answer);
        const splitter = new ItemSplitter((json) => sink.upsert(parse(withoutManagedFields(json))));
        for await (const chunk of answer.body) {
          splitter.push(chunk as Buffer); // undici bodies yield buffers
          if (turns.over) await turns.next();
        }
        const { metadata } = splitter.end();
        resourceVersion = metadata?.resourceVersion ?? resourceVersion;
        next = metadata?.continue === "" ? undefined : metadata?.continue;
      } while (next !== undefined);
      sink.endReplace();
      this.#resourceVersion = resourceVersion;
      this.#synced = true;
      this.#progressed();
    } catch (error) {
      sink.abortReplace();
      throw error instanceof KubeError && error.status === 410 ? new ExpiredError("The list expired") : error;
    }
  }

  async #errorOf(answer: { status: number; body: AsyncIterable<unknown> }): Promise<KubeError> {
    let text = "";
    for await (const chunk of answer.body) {
      text += (chunk as Buffer).toString("utf8"); // undici bodies yield buffers
      if (text.length > 65_536) break;
    }
    return kubeErrorFrom(answer.status, text);
  }

  async #watch(): Promise<void> {
    const { client, type, namespace, sink, clock } = this.#options;
    const parse = this.#options.parse ?? JSON.parse;
    const initial = this.#resourceVersion === "";
    const timeoutSeconds = 240 + Math.floor(clock.random() * 240);
    const abort = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, abort.signal]);
    const openedMs = clock.monotonicMs();
    let lastByteMs = openedMs;
    const deadlineMs = lastByteMs + timeoutSeconds * 1000 + 15_000;
    const watchdog = setInterval(() => {
      const nowMs = clock.monotonicMs();
      if (nowMs - lastByteMs > silenceMs || nowMs > deadlineMs) abort.abort();
    }, 5000);
    watchdog.unref();
    let replacing = false;
    try {
      const answer = await client.send(
        collectionPath(type, namespace),
        {
          query: {
            watch: true,
            allowWatchBookmarks: true,
            timeoutSeconds,
            ...(initial
              ? { sendInitialEvents: true, resourceVersionMatch: "NotOlderThan" }
              : { resourceVersion: this.#resourceVersion }),
            ...this.#selectors(),
          },
          signal,
        },
        "stream",
      );
      if (answer.status !== 200) {
        const error = await this.#errorOf(answer);
        if (initial && (error.status === 422 || error.status === 400)) {
          this.#watchListServed = false;
          return;
        }
        if (error.status === 410) throw new ExpiredError(error.message);
        throw error;
      }
      if (initial) {
        sink.beginReplace();
        replacing = true;
      } else {
        this.#streaming = true;
        this.#progressed();
      }
      const splitter = new LineSplitter();
      for await (const chunk of answer.body) {
        lastByteMs = clock.monotonicMs();
        if (this.#streaming && this.#state === "stale") this.#progressed();
        // undici bodies yield buffers
        for (const line of splitter.push(chunk as Buffer)) {
          const event = parse(withoutManagedFields(line)) as WatchEvent; // shape of a watch event; every use below tolerates absence
          const metadata = event.object?.metadata;
          switch (event.type) {
            case "ADDED":
            case "MODIFIED":
              sink.upsert(event.object);
              break;
            case "DELETED":
              sink.remove(metadata?.namespace ?? "", metadata?.name ?? "", metadata?.uid ?? "");
              break;
            case "BOOKMARK":
              if (replacing && metadata?.annotations?.["k8s.io/initial-events-end"] === "true") {
                sink.endReplace();
                replacing = false;
                this.#synced = true;
                this.#streaming = true;
                this.#progressed();
              }
              break;
            case "ERROR":
              if (event.object.code === 410) throw new ExpiredError(event.object.message ?? "expired");
              throw new KubeError(
                event.object.code ?? 500,
                event.object.reason ?? "",
                event.object.message ?? "watch error",
              );
            default:
              throw new Error(`Unknown watch event ${JSON.stringify(event.type)}`);
          }
          if (!replacing && metadata?.resourceVersion !== undefined)
            this.#resourceVersion = metadata.resourceVersion;
          if (turns.over) await turns.next();
        }
      }
      if (replacing) throw new Error("The watch ended before its initial events did");
      if (clock.monotonicMs() - openedMs < 1000)
        await clock.sleep(baseBackOffMs * (0.5 + clock.random()), this.#stop.signal); // a server that ends streams at once must not make this spin
    } finally {
      this.#streaming = false;
      clearInterval(watchdog);
      abort.abort();
      if (replacing) sink.abortReplace();
    }
  }
}
