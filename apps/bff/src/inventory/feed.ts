/** One kind kept in step, watched once whatever is read from it: cluster-wide where the service may, else project by project. */
import type { FeedHealth } from "@kubev/api-types/capabilities";
import type { RecordBase } from "../domain/vm-records.ts";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import type { ResourceType } from "../kube/kube-path.ts";
import { Reflector, type ReflectorSink } from "../kube/reflector.ts";
import { resourceLabel } from "../kube/resource-types.ts";
import type { FeedState } from "../kube/sync-state.ts";
import { FeedTable } from "./feed-table.ts";
import { type WriteListener, writeSink } from "./write-sink.ts";

export interface FeedContext {
  client: KubeClient;
  clock: Clock;
  log: (message: string, fields: Record<string, unknown>) => void;
  /** Projects to look into where the cluster-wide list is refused. */
  projects: () => readonly string[];
}

/** How a feed is, whatever it holds. */
export interface FeedStatus {
  readonly type: ResourceType;
  readonly state: FeedState;
  /** Whether what it does not have is not there. */
  readonly complete: boolean;
  /** ISO 8601; null while live. */
  readonly staleSince: string | null;
  /** The cluster's own words about why it fails; '' where it said none. */
  readonly failure: string;
  readonly health: FeedHealth;
  /** Where the kind is read project by project: how each of them is. */
  readonly projects: readonly ProjectFeed[];
  /** Told of each object that changed, be it in what no record holds; of undefined when any may have. */
  onWrite(listener: WriteListener): void;
}

interface ProjectFeed {
  project: string;
  state: FeedState;
  failure: string;
}

/** Everything that a reflector learns, told to each of `sinks`; more may join until it starts. */
function intoAll(sinks: readonly ReflectorSink[]): ReflectorSink {
  return {
    upsert: (raw) => {
      for (const sink of sinks) sink.upsert(raw);
    },
    remove: (namespace, name, uid) => {
      for (const sink of sinks) sink.remove(namespace, name, uid);
    },
    beginReplace: () => {
      for (const sink of sinks) sink.beginReplace();
    },
    endReplace: () => {
      for (const sink of sinks) sink.endReplace();
    },
    abortReplace: () => {
      for (const sink of sinks) sink.abortReplace();
    },
    stateChanged: () => {
      for (const sink of sinks) sink.stateChanged();
    },
  };
}

export class Feed<R extends RecordBase> implements FeedStatus {
  readonly table: FeedTable<R>;
  readonly type: ResourceType;
  readonly #context: FeedContext;
  readonly #parse: ((json: string) => unknown) | undefined;
  readonly #tables: Pick<FeedTable<never>, "sink">[];
  readonly #clusterSinks: ReflectorSink[];
  readonly #cluster: Reflector;
  readonly #perProject = new Map<string, Reflector>();
  readonly #writeListeners: WriteListener[] = [];

  constructor(
    type: ResourceType,
    project: (raw: never) => R,
    context: FeedContext,
    parse?: (json: string) => unknown,
  ) {
    this.type = type;
    this.table = new FeedTable(project);
    this.#context = context;
    this.#parse = parse;
    this.#tables = [this.table];
    this.#clusterSinks = [this.table.sink(), writeSink(this.#writeListeners)];
    this.#cluster = this.#reflector(this.#clusterSinks);
    if (type.namespaced) this.table.onState(() => this.followProjects());
  }

  /** One more table of the same objects, read by a projection of its own; before `start`. */
  addTable<T extends RecordBase>(project: (raw: never) => T): FeedTable<T> {
    const table = new FeedTable(project);
    this.#tables.push(table);
    this.#clusterSinks.push(table.sink());
    return table;
  }

  onWrite(listener: WriteListener): void {
    this.#writeListeners.push(listener);
  }

  #sinks(namespace: string): ReflectorSink[] {
    return [...this.#tables.map((table) => table.sink(namespace)), writeSink(this.#writeListeners)];
  }

  #reflector(sinks: readonly ReflectorSink[], namespace?: string): Reflector {
    const { client, clock, log } = this.#context;
    return new Reflector({
      client,
      type: this.type,
      namespace,
      sink: intoAll(sinks),
      clock,
      log,
      ...(this.#parse === undefined ? {} : { parse: this.#parse }),
    });
  }

  start(): void {
    this.#cluster.start();
  }

  async stop(): Promise<void> {
    await Promise.all([
      this.#cluster.stop(),
      ...[...this.#perProject.values()].map(async (one) => one.stop()),
    ]);
  }

  /** Starts and stops the per-project reflectors as rights and projects demand. */
  followProjects(): void {
    const wanted =
      this.type.namespaced && this.#cluster.state === "forbidden"
        ? new Set(this.#context.projects())
        : new Set<string>();
    for (const [namespace, reflector] of this.#perProject)
      if (!wanted.has(namespace)) {
        this.#perProject.delete(namespace);
        void reflector.stop().then(() => {
          if (this.#cluster.state === "live") return;
          for (const sink of this.#sinks(namespace)) {
            sink.beginReplace();
            sink.endReplace();
          }
        });
      }
    for (const namespace of wanted)
      if (!this.#perProject.has(namespace)) {
        const reflector = this.#reflector(this.#sinks(namespace), namespace);
        this.#perProject.set(namespace, reflector);
        reflector.start();
      }
  }

  markStale(sinceMs: number): void {
    this.#cluster.markStale(sinceMs);
    for (const reflector of this.#perProject.values()) reflector.markStale(sinceMs);
  }

  confirmLive(): void {
    this.#cluster.confirmLive();
    for (const reflector of this.#perProject.values()) reflector.confirmLive();
  }

  get settled(): boolean {
    return this.#cluster.settled && [...this.#perProject.values()].every((one) => one.settled);
  }

  /** True when every object of the cluster is known, not only those of some projects. */
  get complete(): boolean {
    return this.#cluster.state === "live" || this.#cluster.state === "stale";
  }

  get state(): FeedState {
    if (this.#perProject.size === 0) return this.#cluster.state;
    const states = [...this.#perProject.values()].map((one) => one.state);
    if (states.includes("live")) return states.includes("stale") ? "stale" : "live";
    if (states.includes("stale")) return "stale";
    if (states.includes("failing")) return "failing";
    return states.includes("syncing") ? "syncing" : "forbidden";
  }

  get projects(): ProjectFeed[] {
    return [...this.#perProject].map(([project, { state, failure }]) => ({ project, state, failure }));
  }

  get failure(): string {
    return [this.#cluster, ...this.#perProject.values()].map((one) => one.failure).find(Boolean) ?? "";
  }

  get staleSince(): string | null {
    const since = [this.#cluster, ...this.#perProject.values()]
      .map((one) => one.staleSinceMs)
      .filter((ms) => ms !== null);
    return since.length === 0 ? null : new Date(Math.min(...since)).toISOString();
  }

  get health(): FeedHealth {
    return {
      resource: resourceLabel(this.type),
      state: this.state,
      staleSince: this.staleSince,
      objects: this.table.size,
      scope: this.#perProject.size === 0 ? "cluster" : [...this.#perProject.keys()].toSorted(),
    };
  }
}
