/**
 * The work of emptying hosts: evictions asked for as the person who began it, again and again until nothing is left that has
 * to go. It belongs to the server, not to a page; it ends with the server, and the host then stays cordoned.
 */
import type { DrainItem, DrainOptions, DrainState } from "@kubev/api-types/host-drain";
import type { Reason } from "@kubev/api-types/reason";
import type { DrainPod } from "../domain/drain-plan.ts";
import { podVerdict } from "../domain/drain-plan.ts";
import { mapLimited } from "../domain/mapped-limit.ts";
import { reasonOf } from "../domain/reasons.ts";
import { problemOf } from "../http/error-mapping.ts";
import type { Feeds } from "../inventory/inventory.ts";
import type { Clock } from "../kube/clock.ts";
import type { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import { objectPath } from "../kube/kube-path.ts";
import { resourceTypes as types } from "../kube/resource-types.ts";
import type { AuditStore } from "../store/audit-store.ts";
import { podsToDrain } from "./drain-pods.ts";

const lookEveryMs = 1000;
/** As kubectl waits before it asks again for an eviction that was refused. */
const askAgainMs = 5000;
const longestMs = 6 * 3_600_000;
const evictionsAtOnce = 5;

export interface DrainOrder {
  host: string;
  client: KubeClient;
  user: string;
  /** The work ends with the session in whose name it is done. */
  sessionHash: string;
  options: DrainOptions;
  trail: { sourceIp: string; requestId: string };
}

interface Drain {
  order: DrainOrder;
  state: DrainState;
  items: Map<string, DrainItem>;
  askedAtMs: Map<string, number>;
  stop: AbortController;
  auditId: string;
}

interface Parts {
  feeds: Feeds;
  clock: Clock;
  audit: AuditStore;
  /** Whether the session in whose name something is done still holds; nobody else may be looking. */
  sessionHolds: (hash: string) => Promise<boolean>;
}

const keyOf = (pod: DrainPod) => `${pod.project}/${pod.name}`;

export class HostDrains {
  readonly #parts: Parts;
  readonly #drains = new Map<string, Drain>();
  readonly #listeners: ((host: string) => void)[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  onChange(listener: (host: string) => void): void {
    this.#listeners.push(listener);
  }

  isRunning(host: string): boolean {
    return this.#drains.get(host)?.state.phase === "running";
  }

  /** The newest drain of a host since the server started. */
  stateOf(host: string): DrainState | null {
    return this.#drains.get(host)?.state ?? null;
  }

  running(): DrainState[] {
    return [...this.#drains.values()].map((drain) => drain.state).filter(({ phase }) => phase === "running");
  }

  /** The host must be cordoned already, and no drain of it may be running. */
  async start(order: DrainOrder): Promise<DrainState> {
    const { clock, audit } = this.#parts;
    const drain: Drain = {
      order,
      items: new Map(),
      askedAtMs: new Map(),
      stop: new AbortController(),
      auditId: "",
      state: {
        host: order.host,
        phase: "running",
        startedBy: order.user,
        startedAt: new Date(clock.nowMs()).toISOString(),
        endedAt: null,
        items: [],
        gone: 0,
        total: 0,
      },
    };
    this.#drains.set(order.host, drain);
    drain.auditId = await audit.record({
      user: order.user,
      action: "drain",
      noun: "host",
      name: order.host,
      outcome: "running",
      ...order.trail,
      diff: [{ path: "", new: order.options }],
    });
    this.#tell(order.host);
    void this.#run(drain);
    return drain.state;
  }

  /** Evictions that were granted go on; nothing more is asked for. */
  cancel(host: string): DrainState | null {
    const drain = this.#drains.get(host);
    if (drain?.state.phase !== "running") return null;
    void this.#end(drain, "cancelled");
    return drain.state;
  }

  /** Nobody acts for somebody who has signed out. */
  endOfSession(hash: string): void {
    for (const drain of this.#drains.values())
      if (drain.order.sessionHash === hash) void this.#end(drain, "failed", reasonOf("drain-session-ended"));
  }

  /** The server ends. */
  async close(): Promise<void> {
    const reason = reasonOf("drain-ended-with-server");
    await Promise.all([...this.#drains.values()].map(async (drain) => this.#end(drain, "failed", reason)));
  }

  #tell(host: string): void {
    for (const listener of this.#listeners) listener(host);
  }

  /** Holds once the trail says so too. */
  async #end(drain: Drain, phase: "done" | "cancelled" | "failed", reason?: Reason): Promise<void> {
    if (drain.state.phase !== "running") return;
    const { clock, audit } = this.#parts;
    drain.state = {
      ...drain.state,
      phase,
      endedAt: new Date(clock.nowMs()).toISOString(),
      ...(reason === undefined ? {} : { reason }),
    };
    drain.stop.abort();
    this.#tell(drain.order.host);
    await audit.finish(drain.auditId, phase === "failed" ? "failed" : "ok", reason);
  }

  async #run(drain: Drain): Promise<void> {
    const { clock } = this.#parts;
    const { signal } = drain.stop;
    const startedMs = clock.monotonicMs();
    while (!signal.aborted) {
      try {
        if (!(await this.#parts.sessionHolds(drain.order.sessionHash))) {
          this.endOfSession(drain.order.sessionHash);
          return;
        }
        if (await this.#look(drain)) {
          void this.#end(drain, "done");
          return;
        }
      } catch (error) {
        if (signal.aborted) return;
        const problem = problemOf(error);
        // a cluster that is away comes back; a refusal stays one
        if (!problem.code.startsWith("upstream")) {
          void this.#end(drain, "failed", problem.details.reason ?? reasonOf("upstream-refused"));
          return;
        }
      }
      if (clock.monotonicMs() - startedMs > longestMs) {
        void this.#end(drain, "failed", reasonOf("upstream-silent"));
        return;
      }
      await clock.sleep(lookEveryMs, signal);
    }
  }

  /** True when nothing is left that has to go. */
  async #look(drain: Drain): Promise<boolean> {
    const { feeds } = this.#parts;
    const { host, client } = drain.order;
    const found = await podsToDrain(client, feeds, host, {
      volumes: false,
      signal: drain.stop.signal,
    });
    const present = new Set(found.map(({ pod }) => keyOf(pod)));
    for (const [key, item] of drain.items)
      if (!present.has(key) && (item.state !== "gone" || (item.kind === "machine" && item.target === null))) {
        const { reason: _reason, ...rest } = item;
        const now = feeds.instances.table.get(item.project, item.name)?.host ?? "";
        const target = item.kind === "machine" && now !== host && now !== "" ? now : null;
        drain.items.set(key, { ...rest, state: "gone", target });
      }
    await mapLimited(found, evictionsAtOnce, async ({ pod, deleting }) => this.#press(drain, pod, deleting));
    const items = [...drain.items.values()];
    const toGo = items.filter((item) => item.state !== "stays");
    drain.state = {
      ...drain.state,
      items,
      total: toGo.length,
      gone: toGo.filter((item) => item.state === "gone").length,
    };
    return toGo.every((item) => item.state === "gone");
  }

  async #press(drain: Drain, pod: DrainPod, deleting: boolean): Promise<void> {
    const { clock } = this.#parts;
    const key = keyOf(pod);
    const set = (state: DrainItem["state"], reason?: Reason) =>
      drain.items.set(key, {
        kind: pod.machine === null ? "pod" : "machine",
        project: pod.project,
        name: pod.machine?.name ?? pod.name,
        pod: pod.name,
        state,
        target: null,
        ...(reason === undefined ? {} : { reason }),
      });
    const { outcome, reason } = podVerdict(pod, drain.order.options, []);
    if (outcome === "stays") set("stays", reason);
    else if (deleting) set("moving");
    else if (outcome === "blocked") set("blocked", reason);
    else {
      const askedMs = drain.askedAtMs.get(key);
      if (askedMs !== undefined && clock.monotonicMs() - askedMs < askAgainMs) return;
      drain.askedAtMs.set(key, clock.monotonicMs());
      const refusal = await this.#evict(drain, pod, askedMs === undefined);
      if (refusal === null || /evacuation/i.test(refusal.upstreamText ?? "")) set("moving");
      else set("blocked", refusal);
    }
  }

  /** Null when it was granted or the pod is gone. @throws KubeError for what will not change by asking again */
  async #evict(drain: Drain, pod: DrainPod, first: boolean): Promise<Reason | null> {
    const { client, user, trail } = drain.order;
    let refusal: Reason | null = null;
    try {
      await client.done(objectPath(types.pod, pod.name, pod.project, "eviction"), {
        method: "POST",
        body: {
          apiVersion: "policy/v1",
          kind: "Eviction",
          metadata: { name: pod.name, namespace: pod.project },
        },
        signal: drain.stop.signal,
      });
    } catch (error) {
      if (!(error instanceof KubeError)) throw error;
      if (error.status === 404) return null;
      if (error.status !== 429 && error.status < 500) throw error;
      refusal = reasonOf("upstream-refused", undefined, error.message);
    }
    if (first && pod.machine !== null)
      await this.#parts.audit.record({
        user,
        action: "evict",
        noun: "virtual-machine",
        project: pod.project,
        name: pod.machine.name,
        outcome: "ok",
        ...trail,
        diff: [],
      });
    return refusal;
  }
}
