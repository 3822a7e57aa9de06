/** A cluster of which everything is known, a console over it whose time a test makes pass, and what must hold meanwhile. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { readFileSync } from "node:fs";
import type { VmRow } from "@kubev/api-types/virtual-machines";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { Agent, request } from "undici";
import { parse } from "yaml";
import type { RecordBase } from "../src/domain/vm-records.ts";
import type { FeedStatus } from "../src/inventory/feed.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { SteppedClock } from "./stepped-clock.ts";

const project = "faults";
/** A watch that says nothing is given up after 90 s, looked at every 5 s; after 10 s without one it is said. */
const longestHalfOpenMs = 110_000;
/** Where nothing is half open: ten seconds without a watch, looked at every five, and the time that an answer takes to be missed. */
const longestUnsaidMs = 30_000;
/** A half-open watch is given up, or a server that says so left alone, or the longest back-off is over, and the next try succeeds. */
const longestConvergingMs = 135_000;
const bookmarkEveryMs = 60_000;

interface ModelKind {
  path: string;
  plural: string;
  body(name: string, round: number): Record<string, unknown>;
  change(round: number): Record<string, unknown>;
}

/** Kinds of three groups, each with something that a change changes. */
export const modelKinds = {
  vms: {
    path: `/apis/kubevirt.io/v1/namespaces/${project}/virtualmachines`,
    plural: "virtualmachines",
    body: (name, round) => ({
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name, labels: { round: String(round) } },
      spec: {
        runStrategy: "Halted",
        template: { spec: { domain: { devices: {}, memory: { guest: "64Mi" } }, volumes: [] } },
      },
    }),
    change: (round) => ({ metadata: { labels: { round: String(round) } } }),
  },
  vpcs: {
    path: "/apis/kubeovn.io/v1/vpcs",
    plural: "vpcs",
    body: (name, round) => ({
      apiVersion: "kubeovn.io/v1",
      kind: "Vpc",
      metadata: { name },
      spec: { namespaces: [String(round)] },
    }),
    change: (round) => ({ spec: { namespaces: [String(round)] } }),
  },
  quotas: {
    path: `/api/v1/namespaces/${project}/resourcequotas`,
    plural: "resourcequotas",
    body: (name, round) => ({
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name },
      spec: { hard: { pods: String(round) } },
    }),
    change: (round) => ({ spec: { hard: { pods: String(round) } } }),
  },
} as const satisfies Record<string, ModelKind>;

export type ModelKindName = keyof typeof modelKinds;
export const modelKindNames = Object.keys(modelKinds) as ModelKindName[]; // keys of the table above

interface Kubeconfig {
  users: { user: { "client-certificate-data": string; "client-key-data": string } }[];
}

/** What undici tells of every request of this process. */
interface Told {
  request: { origin: string; path: string; method: string };
  response?: { statusCode: number; headers: Buffer[] };
}

function retryAfterMs(headers: readonly Buffer[]): number {
  const at = headers.findIndex((one, index) => index % 2 === 0 && /^retry-after$/i.test(String(one)));
  return at < 0 ? 0 : Number(String(headers[at + 1])) * 1000;
}

/** Name, uid and what a change changes, of each object in order. */
type Shown = string;
const shownOf = (parts: readonly (readonly [name: string, uid: string, round: string])[]): Shown =>
  parts
    .map((part) => part.join(" "))
    .toSorted((a, b) => a.localeCompare(b))
    .join("\n");

export class FaultWorld {
  readonly clock: SteppedClock;
  readonly sim: KubeSim;
  readonly cut: ConsoleUnderTest;
  readonly #writer: Agent;
  readonly #objects = new Map<ModelKindName, Map<string, { uid: string; round: number }>>();
  /** Epoch milliseconds of the clock; when what is known of a kind began to differ from what is. */
  readonly #behindSince = new Map<ModelKindName, number>();
  readonly #notBefore = new Map<string, number>();
  readonly asked = new Map<string, number>();
  /** Of those, what was listed anew. */
  readonly #listed = new Map<string, number>();
  #tellTale: string | null = null;
  #tab: LiveTab<VmRow> | null = null;
  /** How often the tab was seen to say that it is behind. */
  staleSigns = 0;
  #round = 0;
  #sinceBookmarkMs = 0;
  /** A watch may have been half open since. */
  #frozenAtMs = Number.NEGATIVE_INFINITY;

  private constructor(clock: SteppedClock, sim: KubeSim, cut: ConsoleUnderTest) {
    this.clock = clock;
    this.sim = sim;
    this.cut = cut;
    const config = parse(readFileSync(sim.kubeconfigPath, "utf8")) as Kubeconfig; // written by kube-sim
    const user = config.users[0]?.user;
    const pem = (text = "") => Buffer.from(text, "base64").toString();
    this.#writer = new Agent({
      connect: {
        cert: pem(user?.["client-certificate-data"]),
        key: pem(user?.["client-key-data"]),
        rejectUnauthorized: false, // it writes also while the certificate shown has expired
      },
      allowH2: false,
    });
    for (const kind of modelKindNames) this.#objects.set(kind, new Map());
    subscribe("undici:request:create", this.#onRequest);
    subscribe("undici:request:headers", this.#onHeaders);
  }

  static async start(seed: number): Promise<FaultWorld> {
    const clock = new SteppedClock(seed);
    const sim = await startKubeSim({
      dataDir: null,
      scenario: "empty",
      machines: "stand-in",
      controllers: false,
    });
    sim.seed([{ apiVersion: "v1", kind: "Namespace", metadata: { name: project } }]);
    const cut = await startConsole({
      sim,
      clock,
      env: { SESSION_IDLE_MINUTES: "40000", SESSION_MAX_HOURS: "2000" },
    });
    const world = new FaultWorld(clock, sim, cut);
    for (const kind of modelKindNames) {
      const { items } = (await world.#call("GET", modelKinds[kind].path)) as {
        items: { metadata: { name: string; uid: string } }[];
      };
      for (const { metadata } of items) world.#of(kind).set(metadata.name, { uid: metadata.uid, round: 0 });
    }
    return world;
  }

  async close(): Promise<void> {
    unsubscribe("undici:request:create", this.#onRequest);
    unsubscribe("undici:request:headers", this.#onHeaders);
    const passing = setInterval(() => this.clock.forward(1000), 5);
    await this.cut.close();
    await this.#writer.destroy();
    await this.sim.close();
    clearInterval(passing);
  }

  #pluralOf({ request: { origin, path, method } }: Told): string | null {
    if (method !== "GET" || origin !== this.sim.url) return null;
    if (!path.includes("allowWatchBookmarks") && !path.includes("limit=500")) return null;
    return path.split("?", 1)[0]?.split("/").at(-1) ?? null;
  }

  readonly #onRequest = (message: unknown): void => {
    const plural = this.#pluralOf(message as Told); // undici's channel
    if (plural === null) return;
    this.asked.set(plural, (this.asked.get(plural) ?? 0) + 1);
    if (!(message as Told).request.path.includes("&resourceVersion="))
      // undici's channel
      this.#listed.set(plural, (this.#listed.get(plural) ?? 0) + 1);
    const notBefore = this.#notBefore.get(plural) ?? 0;
    if (this.clock.nowMs() < notBefore)
      this.#tellTale ??= `${plural} was asked for ${notBefore - this.clock.nowMs()} ms before it should`;
    this.#notBefore.delete(plural);
  };

  readonly #onHeaders = (message: unknown): void => {
    const told = message as Told; // undici's channel
    const plural = this.#pluralOf(told);
    if (plural === null || told.response?.statusCode !== 429) return;
    this.#notBefore.set(plural, this.clock.nowMs() + retryAfterMs(told.response.headers));
  };

  #of(kind: ModelKindName): Map<string, { uid: string; round: number }> {
    return this.#objects.get(kind) ?? new Map();
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await request(new URL(path, this.sim.url), {
      dispatcher: this.#writer,
      method: method as "GET", // undici's union of the same words
      ...(body === undefined
        ? {}
        : {
            body: JSON.stringify(body),
            headers: {
              "content-type": method === "PATCH" ? "application/merge-patch+json" : "application/json",
            },
          }),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${method} ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  }

  /** Makes it, or changes it where it is there. */
  async write(kind: ModelKindName, name: string): Promise<void> {
    const { path, body, change } = modelKinds[kind];
    this.#round += 1;
    const round = this.#round;
    const known = this.#of(kind).get(name);
    const stored = (
      known === undefined
        ? await this.#call("POST", path, body(name, round))
        : await this.#call("PATCH", `${path}/${name}`, change(round))
    ) as { metadata: { uid: string } };
    this.#of(kind).set(name, { uid: stored.metadata.uid, round });
  }

  async delete(kind: ModelKindName, name: string): Promise<void> {
    if (!this.#of(kind).delete(name)) return;
    await this.#call("DELETE", `${modelKinds[kind].path}/${name}`);
  }

  freezeWatches(): void {
    this.#frozenAtMs = this.clock.nowMs();
    this.sim.faults.dropWatches("freeze");
  }

  /** What the cluster holds. */
  truth(kind: ModelKindName): Shown {
    return shownOf([...this.#of(kind)].map(([name, { uid, round }]) => [name, uid, String(round)] as const));
  }

  /** What the inventory holds. */
  known(kind: ModelKindName): Shown {
    const { vms, vpcs, quotas } = this.cut.app.services.inventory.feeds;
    const part = ({ name, uid }: RecordBase, round: string | number | undefined) =>
      [name, uid, String(round ?? 0)] as const;
    switch (kind) {
      case "vms":
        return shownOf([...vms.table.values()].map((one) => part(one, one.labels["round"])));
      case "vpcs":
        return shownOf([...vpcs.table.values()].map((one) => part(one, one.namespaces[0])));
      case "quotas":
        return shownOf([...quotas.table.values()].map((one) => part(one, one.hard["pods"])));
    }
  }

  feed(kind: ModelKindName): FeedStatus {
    return this.cut.app.services.inventory.feeds[kind];
  }

  /** Time passes, and at each step of it what is behind must say so. @throws where it does not, once */
  async pass(ms: number): Promise<void> {
    await this.clock.pass(ms, () => {
      this.#sinceBookmarkMs += 500;
      if (this.#sinceBookmarkMs >= bookmarkEveryMs) {
        this.#sinceBookmarkMs = 0;
        this.sim.faults.bookmarkWatches();
      }
      for (const kind of modelKindNames) this.#lookAt(kind);
    });
    if (this.#tellTale !== null) throw new Error(this.#tellTale);
  }

  #lookAt(kind: ModelKindName): void {
    const nowMs = this.clock.nowMs();
    if (this.known(kind) === this.truth(kind)) {
      this.#behindSince.delete(kind);
      return;
    }
    const sinceMs = this.#behindSince.get(kind) ?? nowMs;
    this.#behindSince.set(kind, sinceMs);
    const { state, staleSince } = this.feed(kind);
    const fails = (message: string) => {
      // whoever uses this world next begins anew
      this.#behindSince.delete(kind);
      throw new Error(message);
    };
    const unsaidMs = nowMs - Math.max(sinceMs, this.#frozenAtMs);
    const mayBeHalfOpen = sinceMs < this.#frozenAtMs + longestHalfOpenMs;
    if (state === "live" && unsaidMs > (mayBeHalfOpen ? longestHalfOpenMs : longestUnsaidMs))
      fails(`${kind} is behind for ${unsaidMs} ms and says that it is live`);
    const saidMs = staleSince === null ? 0 : Date.parse(staleSince);
    if (state === "stale" && !mayBeHalfOpen && saidMs > sinceMs + 2000)
      fails(`${kind} is behind since ${new Date(sinceMs).toISOString()}, not only since ${staleSince}`);
  }

  /** Everything is mended, and everything comes to be known. @throws where it does not in time, by the clock */
  async converge(): Promise<void> {
    this.sim.faults.clear();
    const isThere = () =>
      modelKindNames.every(
        (kind) => this.known(kind) === this.truth(kind) && this.feed(kind).state === "live",
      );
    for (let ms = 0; ms < longestConvergingMs && !isThere(); ms += 1000) await this.pass(1000);
    for (const kind of modelKindNames) {
      if (this.known(kind) !== this.truth(kind))
        throw new Error(`${kind}:\n${this.known(kind)}\nis not the truth:\n${this.truth(kind)}`);
      if (this.feed(kind).state !== "live") throw new Error(`${kind} is ${this.feed(kind).state}`);
    }
  }

  /**
   * One kind changes, old versions are forgotten, each stream says how far it is and breaks off afterwards: where a stream goes on
   * is known from what it said last. @throws where anything is listed anew for it
   */
  async idle(): Promise<void> {
    await this.converge();
    // until everything else goes well too, for so long that the next try comes at once
    await this.pass(100_000);
    // what every other kind knows is of an older version from here on
    await this.write("quotas", "idle");
    await this.pass(1000);
    this.sim.faults.expireVersions();
    this.sim.faults.bookmarkWatches();
    await this.pass(5000);
    this.#listed.clear();
    this.sim.faults.dropWatches("reset");
    await this.pass(5000);
    if (this.#listed.size > 0)
      throw new Error(`Listed anew though nothing was missed: ${[...this.#listed.keys()].join(", ")}`);
  }

  /** A tab that follows machines, and what HTTP says of the same. */
  async follow(): Promise<{ tab: LiveTab<VmRow>; person: Person }> {
    const person = await this.cut.signIn("operator");
    const tab = await new LiveTab<VmRow>(person).follow("vms", "");
    this.#tab = tab;
    return { tab, person };
  }

  /** Whatever holds now: the open tab says since when machines are behind as what is known of them does. @throws where it does not */
  async signsAgree(): Promise<void> {
    const { feeds } = this.cut.app.services.nouns.vms;
    const since = () => feeds.flatMap(({ staleSince }) => staleSince ?? []).toSorted()[0] ?? null;
    await until(() => {
      this.clock.forward(100);
      return this.#tab === null || this.#tab.staleSince === since();
    });
    if (since() !== null) this.staleSigns += 1;
  }

  /** Waits until the tab shows what HTTP answers. */
  async settled({ tab, person }: { tab: LiveTab<VmRow>; person: Person }): Promise<void> {
    const page = await person.call("listVms", { query: { pageSize: 20, sort: "name" } });
    await until(() => {
      this.clock.forward(100);
      return (
        JSON.stringify(tab.window()) === JSON.stringify(page.rows) &&
        tab.total === page.total &&
        tab.staleSince === page.staleSince
      );
    });
  }
}
