/** Answers WATCH: history, live changes, bookmarks, WatchList, 410, per-watch selection. */
import { apiVersionOf } from "../schema/kind.ts";
import { asVersion, encodeObject } from "../store/encoded-object.ts";
import type { VersionedChange } from "../store/kind-table.ts";
import type { KubeObject } from "../store/kube-object.ts";
import { tooOld } from "../store/status-error.ts";
import type { ApiContext, ResourceCall } from "./api-context.ts";
import { drained } from "./drained.ts";
import { readIncludeObject, requestFilter } from "./list.ts";
import { readWatchOptions, type WatchOptions } from "./list-options.ts";
import { negotiate, type Shape } from "./representation.ts";
import { partialMetadata, tableColumns, tableRow } from "./table.ts";

const BOOKMARK_EVERY_MS = 60_000;
/** The API server cuts watches between 30 and 60 minutes where the client names no limit. */
const LONGEST_MS = 40 * 60_000;
/** A client that reads slower than this is cut off and has to list again. */
const MOST_BUFFERED_BYTES = 64 * 1024 * 1024;

/** Changes behind initial objects that a client does not read: as many as are remembered for those who come back. */
const MOST_WAITING = 20_000;
/** Node's timers begin anew with 1 ms beyond it. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

type EventType = "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";

export function handleWatch(context: ApiContext, call: ResourceCall): void {
  const { shape } = negotiate(call.request.headers.accept);
  const options = readWatchOptions(call.url);
  const stream = new WatchStream(context, call, shape, options);
  stream.start();
}

class WatchStream {
  readonly #context: ApiContext;
  readonly #call: ResourceCall;
  readonly #shape: Shape;
  readonly #options: WatchOptions;
  readonly #matches: ((object: KubeObject) => boolean) | undefined;
  readonly #apiVersion: string;
  readonly #timers: NodeJS.Timeout[] = [];
  #columnsSent = false;
  #stop: (() => void) | undefined;
  /** Live changes held back while the initial objects are sent. */
  #waiting: VersionedChange[] | undefined;

  constructor(context: ApiContext, call: ResourceCall, shape: Shape, options: WatchOptions) {
    this.#context = context;
    this.#call = call;
    this.#shape = shape;
    this.#options = options;
    this.#matches = requestFilter(call);
    this.#apiVersion = apiVersionOf(call.info.group, call.info.version);
  }

  start(): void {
    const { store } = this.#context;
    const { kind, info, response } = this.#call;
    const { since } = this.#options;
    response.on("error", () => this.#close());
    this.#context.faults.trackWatch(response, () => {
      if (this.#options.bookmarks && this.#stop !== undefined) this.#bookmark(undefined);
    });
    response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-cache, private" });
    response.flushHeaders();
    const missed = since === undefined ? [] : store.changesAfter(kind, since);
    if (missed === undefined) {
      const gone = tooOld(String(since), store.compactedVersion(kind)).status;
      this.#write("ERROR", JSON.stringify(gone));
      response.end();
      return;
    }
    const stopChanges = store.onKindChange(kind, (change) => {
      if (this.#waiting === undefined) this.#deliver(change);
      else if (this.#waiting.push(change) > MOST_WAITING) response.destroy();
    });
    // clients come back to a kind that has become another, or find that it is gone
    const stopKind = store.kinds.onChange(kind, () => this.#finish());
    this.#stop = () => {
      stopChanges();
      stopKind();
    };
    response.on("close", () => this.#close());
    const namespace = info.namespace === "" ? undefined : info.namespace;
    if (since !== undefined) for (const change of missed) this.#deliver(change);
    else void this.#sendInitial(store.snapshot(kind, namespace), store.version);
    const { timeoutSeconds } = this.#options;
    const timeoutMs = timeoutSeconds > 0 ? Math.min(timeoutSeconds * 1000, LONGEST_TIMER_MS) : LONGEST_MS;
    this.#timers.push(setTimeout(() => this.#finish(), timeoutMs));
    if (this.#options.bookmarks) {
      this.#timers.push(setInterval(() => this.#bookmark(undefined), BOOKMARK_EVERY_MS));
    }
    this.#call.request.socket.setKeepAlive(true, 30_000);
  }

  /** Everything there is, at the reader's pace; what changes meanwhile waits its turn. */
  async #sendInitial(objects: readonly KubeObject[], version: number): Promise<void> {
    const { response } = this.#call;
    this.#waiting = [];
    let sent = 0;
    for (const object of objects) {
      if (response.destroyed) return;
      if (this.#matches !== undefined && !this.#matches(object)) continue;
      this.#send("ADDED", object);
      sent += 1;
      if (response.writableNeedDrain) await drained(response);
      else if (sent % 200 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    if (this.#options.initialEvents && this.#options.bookmarks) {
      this.#bookmark({ "k8s.io/initial-events-end": "true" }, version);
    }
    const waiting = this.#waiting;
    this.#waiting = undefined;
    for (const change of waiting) this.#deliver(change);
  }

  /** Ends the stream cleanly, as at its deadline. */
  #finish(): void {
    if (this.#options.bookmarks) this.#bookmark(undefined);
    this.#close();
    this.#call.response.end();
  }

  #close(): void {
    this.#stop?.();
    this.#stop = undefined;
    for (const timer of this.#timers) clearTimeout(timer);
  }

  /** An object that enters or leaves the selection shows as ADDED or DELETED. */
  #deliver({ change }: VersionedChange): void {
    const { namespace } = this.#call.info;
    if (namespace !== "" && change.object.metadata.namespace !== namespace) return;
    if (this.#matches === undefined) {
      this.#send(change.type, change.object);
      return;
    }
    const before = change.previous !== undefined && this.#matches(change.previous);
    const after = change.type !== "DELETED" && this.#matches(change.object);
    if (after) this.#send(before ? "MODIFIED" : "ADDED", change.object);
    else if (before && change.type === "DELETED") this.#send("DELETED", change.object);
    // as it was when it was in sight, but for its version: apiserver's cacher, convertToWatchEvent
    else if (before && change.previous !== undefined)
      this.#send("DELETED", withVersionOf(change.previous, change.object));
  }

  #send(type: EventType, object: KubeObject): void {
    const shown = asVersion(object, this.#apiVersion, this.#call.kind.schema);
    if (this.#shape === "object") {
      this.#writeLine(eventLine(type, shown));
      return;
    }
    if (this.#shape === "metadata") {
      this.#write(type, JSON.stringify(partialMetadata(shown)));
      return;
    }
    const row = tableRow(this.#call.kind, shown, readIncludeObject(this.#call.url), this.#context.now());
    this.#write(
      type,
      JSON.stringify({
        kind: "Table",
        apiVersion: "meta.k8s.io/v1",
        metadata: { resourceVersion: object.metadata.resourceVersion },
        columnDefinitions: this.#columnsSent ? null : tableColumns(this.#call.kind),
        rows: [row],
      }),
    );
    this.#columnsSent = true;
  }

  #bookmark(annotations: Record<string, string> | undefined, version = this.#context.store.version): void {
    if (annotations === undefined && this.#waiting !== undefined) return;
    const object = {
      kind: this.#call.kind.kind,
      apiVersion: this.#apiVersion,
      metadata: {
        resourceVersion: String(version),
        creationTimestamp: null,
        ...(annotations === undefined ? {} : { annotations }),
      },
    };
    if (this.#shape === "table") {
      this.#write(
        "BOOKMARK",
        JSON.stringify({
          kind: "Table",
          apiVersion: "meta.k8s.io/v1",
          metadata: { resourceVersion: String(version) },
          columnDefinitions: null,
          rows: [{ cells: [], object }],
        }),
      );
      return;
    }
    this.#write("BOOKMARK", JSON.stringify(object));
  }

  #write(type: EventType, json: string): void {
    this.#writeLine(`{"type":"${type}","object":${json}}\n`);
  }

  #writeLine(line: Buffer | string): void {
    const { response } = this.#call;
    response.write(line);
    if (response.writableLength > MOST_BUFFERED_BYTES) response.destroy();
  }
}

const withVersionOf = (past: KubeObject, { metadata }: KubeObject): KubeObject => ({
  ...past,
  metadata: { ...past.metadata, resourceVersion: metadata.resourceVersion },
});

/** The line made last: all watches of a change are told of it one after the other. */
let latest: { type: EventType; object: KubeObject; line: Buffer } | undefined;

function eventLine(type: EventType, object: KubeObject): Buffer {
  if (latest?.object !== object || latest.type !== type) {
    const line = Buffer.concat([
      Buffer.from(`{"type":"${type}","object":`),
      encodeObject(object),
      Buffer.from("}\n"),
    ]);
    latest = { type, object, line };
  }
  return latest.line;
}
