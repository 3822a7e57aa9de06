/**
 * Keeps one kind in step with the cluster, for ever: WatchList where served, else paged lists, then watches with bookmarks.
 * It never stops by itself: an absent kind is probed again, a forbidden one too, everything else is retried with full
 * jitter. client-node's ListWatch ends for good on errors other than 410, which is why this exists.
 */
import type { Clock } from "./clock.ts";
import { ItemSplitter } from "./item-splitter.ts";
import type { KubeAnswer, KubeClient } from "./kube-client.ts";
import { KubeError, kubeErrorFrom } from "./kube-error.ts";
import type { ResourceType } from "./kube-path.ts";
import { collectionPath } from "./kube-path.ts";
import { LineSplitter } from "./line-splitter.ts";
import { withoutManagedFields } from "./managed-fields.ts";
import { StreamGuard } from "./stream-guard.ts";
import { type FeedState, SyncState } from "./sync-state.ts";
import { turns } from "./turns.ts";

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
const longestPageMs = 60_000;
const shortestWatchMs = 1000;
/** What a server may ask for; one that asks for a day is not believed. */
const longestRetryAfterMs = 5 * 60_000;

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
    details?: { retryAfterSeconds?: number };
  };
}

/** The stream ended in a way that a new list repairs. */
class ExpiredError extends Error {}

export class Reflector {
  readonly #options: ReflectorOptions;
  readonly #stop = new AbortController();
  readonly #sync: SyncState;
  #resourceVersion = "";
  #watchListServed = true;
  #attempt = 0;
  #running: Promise<void> | null = null;

  constructor(options: ReflectorOptions) {
    this.#options = options;
    this.#sync = new SyncState(options.clock, () => options.sink.stateChanged());
  }

  get state(): FeedState {
    return this.#sync.state;
  }
  /** Epoch milliseconds; null while live. */
  get staleSinceMs(): number | null {
    return this.#sync.staleSinceMs;
  }
  /** The cluster's own words about why it fails; '' where it said none. */
  get failure(): string {
    return this.#sync.failure;
  }
  /** True once the first full list is in, or it is known that there is none to be had. */
  get settled(): boolean {
    return this.#sync.settled;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Called from outside when the cluster as a whole stopped answering. */
  markStale(sinceMs: number): void {
    this.#sync.markStale(sinceMs);
  }

  /** Called from outside when the cluster answers again. */
  confirmLive(): void {
    this.#sync.confirmLive();
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
    const gone = this.#goneBy(error);
    const waitMs = gone === null ? this.#waitAfter(error) : probeAbsentMs * (0.5 + clock.random() / 2);
    this.#attempt = Math.min(this.#attempt + 1, 10);
    if (gone === null) {
      const answer = error instanceof KubeError ? error : null;
      this.#sync.failed(answer?.message ?? "", waitMs, answer?.status === 429);
    } else {
      this.#resourceVersion = "";
      if (this.#sync.without(gone)) {
        this.#options.sink.beginReplace();
        this.#options.sink.endReplace();
      }
    }
    log("feed interrupted", { resource: type.plural, waitMs: Math.round(waitMs), error: String(error) });
    await clock.sleep(waitMs, this.#stop.signal);
  }

  /** What the cluster's answer says about the kind, where it is to be believed. */
  #goneBy(error: unknown): "absent" | "forbidden" | null {
    if (!(error instanceof KubeError)) return null;
    if (error.status === 404) return "absent";
    const refused = error.status === 403 || error.status === 401;
    return refused && this.#sync.believesRefusal() ? "forbidden" : null;
  }

  #waitAfter(error: unknown): number {
    const { clock } = this.#options;
    const waitMs = clock.random() * Math.min(maxBackOffMs, baseBackOffMs * 2 ** this.#attempt);
    const askedMs = error instanceof KubeError ? (error.retryAfterSeconds ?? 0) * 1000 : 0;
    return Math.max(waitMs, Math.min(longestRetryAfterMs, askedMs));
  }

  #selectors(): Record<string, string | undefined> {
    return { labelSelector: this.#options.labelSelector, fieldSelector: this.#options.fieldSelector };
  }

  async #list(): Promise<void> {
    if (this.#watchListServed) return; // the watch brings the list along
    const { sink } = this.#options;
    sink.beginReplace();
    try {
      let next: string | undefined;
      let resourceVersion = "";
      do {
        const metadata = await this.#page(next);
        resourceVersion = metadata?.resourceVersion ?? resourceVersion;
        next = metadata?.continue === "" ? undefined : metadata?.continue;
      } while (next !== undefined);
      // whatever stood in for the cluster, it was no list of its: nothing that is known goes for it
      if (resourceVersion === "") throw new Error("The list has no version");
      sink.endReplace();
      this.#resourceVersion = resourceVersion;
      this.#sync.synced();
    } catch (error) {
      sink.abortReplace();
      throw error instanceof KubeError && error.status === 410 ? new ExpiredError("The list expired") : error;
    }
  }

  /** Hands one page to the sink. */
  async #page(next: string | undefined): Promise<ReturnType<ItemSplitter["end"]>["metadata"]> {
    const { client, type, namespace, sink, clock } = this.#options;
    const parse = this.#options.parse ?? JSON.parse;
    const limits = { silenceMs: longestPageMs, longestMs: longestPageMs };
    const guard = new StreamGuard(clock, this.#stop.signal, limits, () => this.#sync.look(guard.silentMs));
    try {
      const query = { limit: pageSize, continue: next, ...this.#selectors() };
      const answer = await client.send(
        collectionPath(type, namespace),
        { query, signal: guard.signal },
        "stream",
      );
      if (answer.status !== 200) throw await this.#errorOf(answer);
      const splitter = new ItemSplitter((json) => sink.upsert(parse(withoutManagedFields(json))));
      for await (const chunk of answer.body) {
        guard.heard();
        splitter.push(chunk as Buffer); // undici bodies yield buffers
        if (turns.over) await turns.next();
      }
      return splitter.end().metadata;
    } finally {
      guard.end();
    }
  }

  async #errorOf({ status, headers, body }: KubeAnswer): Promise<KubeError> {
    let text = "";
    for await (const chunk of body) {
      text += (chunk as Buffer).toString("utf8"); // undici bodies yield buffers
      if (text.length > 65_536) break;
    }
    const retryAfter = headers["retry-after"];
    return kubeErrorFrom(status, text, Array.isArray(retryAfter) ? retryAfter[0] : retryAfter);
  }

  async #watch(): Promise<void> {
    const { client, type, namespace, sink, clock } = this.#options;
    const parse = this.#options.parse ?? JSON.parse;
    const initial = this.#resourceVersion === "";
    const timeoutSeconds = 240 + Math.floor(clock.random() * 240);
    const limits = { silenceMs, longestMs: timeoutSeconds * 1000 + 15_000 };
    const guard = new StreamGuard(clock, this.#stop.signal, limits, () => this.#sync.look(guard.silentMs));
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
          signal: guard.signal,
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
      const answeredMs = clock.monotonicMs();
      if (initial) {
        sink.beginReplace();
        replacing = true;
      } else {
        this.#sync.opened();
      }
      const splitter = new LineSplitter();
      for await (const chunk of answer.body) {
        guard.heard();
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
                this.#sync.synced();
                this.#sync.streaming();
              }
              break;
            case "ERROR":
              if (event.object.code === 410) throw new ExpiredError(event.object.message ?? "expired");
              throw new KubeError(
                event.object.code ?? 500,
                event.object.reason ?? "",
                event.object.message ?? "watch error",
                [],
                event.object.details?.retryAfterSeconds,
              );
            default:
              throw new Error(`Unknown watch event ${JSON.stringify(event.type)}`);
          }
          if (!replacing) this.#sync.heard();
          if (!replacing && metadata?.resourceVersion !== undefined)
            this.#resourceVersion = metadata.resourceVersion;
          if (turns.over) await turns.next();
        }
      }
      if (replacing) throw new Error("The watch ended before its initial events did");
      if (splitter.isWithinLine) throw new Error("The watch broke off within a line");
      if (!this.#sync.ended()) throw new Error("The watch ended as soon as it was opened");
      // a server that ends streams at once must not make this spin
      if (clock.monotonicMs() - answeredMs < shortestWatchMs)
        await clock.sleep(baseBackOffMs * (0.5 + clock.random()), this.#stop.signal);
    } finally {
      this.#sync.lost(guard.silentMs > silenceMs ? guard.silentMs : 0);
      guard.end();
      if (replacing) sink.abortReplace();
    }
  }
}
