/**
 * Live data of all tabs: what changed is collected for at most 100 ms, every distinct window is computed once, each client
 * gets one frame. Rights are asked again at least every 10 s, so rows that may no longer be seen leave by themselves.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { listQuery } from "@kubev/api-types/list-query";
import { objectNouns, type ObjectNoun } from "@kubev/api-types/object-catalog";
import { liveCloseCodes, liveList, liveProtocol } from "@kubev/api-types/live";
import type { LiveList } from "@kubev/api-types/live";
import type { z } from "zod";
import { WebSocketServer } from "ws";
import type { RawData, WebSocket } from "ws";
import { inScope } from "../access/rights.ts";
import { personKey } from "../identity/session.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { fieldsOfZodError } from "../http/error-mapping.ts";
import { requireSameOrigin } from "../http/request-guards.ts";
import { callerOf } from "../http/request-session.ts";
import type { ListEntry } from "../inventory/list-index.ts";
import { isVisible } from "../inventory/list-query.ts";
import type { Services } from "../services.ts";
import type { Subscription } from "./live-client.ts";
import { LiveClient } from "./live-client.ts";
import { type ClientMessage, problemBody, readMessage } from "./live-messages.ts";
import type { LiveView } from "./shared-view.ts";
import { SharedView } from "./shared-view.ts";

const tickMs = 100;
const recheckMs = 5000;
const feedEveryMs = 500;
const maxMessageBytes = 16 * 1024;
const maxSubscriptions = 50;
const maxSocketsPerPerson = 50;

/** Feeds of one thing, with the list in which only those see it who may follow it. */
const listOfFeed = { vm: "vms", disk: "disks" } as const;

interface Followed {
  view: LiveView;
  list: LiveList;
  followers: Map<Subscription, LiveClient>;
  dirty: boolean;
  busy: boolean;
  /** False until its rows were computed once; who follows before that gets them then. */
  computed: boolean;
}

/** Where something happened: seen by those whose scope of the list holds the project, and by the person who did it. */
interface SeenChange {
  list: LiveList;
  project: string;
  /** Of what lies in no project but is used by some. */
  openTo?: ListEntry["openTo"];
  userName?: string;
}

interface FeedFollower {
  client: LiveClient;
  subscription: Subscription;
  feed: string;
  project: string;
  name: string;
  noun: ObjectNoun | undefined;
  /** `gone` once the object went; null while nothing happened. */
  pending: { gone: boolean } | null;
  /** Changes that count only if this person may see them. */
  perhaps: SeenChange[];
}

export class LiveHub {
  readonly #services: Services;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (protocols) => (protocols.has(liveProtocol) ? liveProtocol : false),
  });
  readonly #clients = new Set<LiveClient>();
  readonly #views = new Map<string, Followed>();
  readonly #feeds = new Set<FeedFollower>();
  readonly #timers: NodeJS.Timeout[];
  #rbacVersion: number;

  constructor(services: Services) {
    this.#services = services;
    const { nouns, inventory, sessions, audit } = services;
    this.#rbacVersion = inventory.rbacVersion();
    for (const list of liveList.options)
      nouns[list].index.onChange(
        (before: { project: string } | undefined, after: { project: string } | undefined) => {
          this.#changed(list, (after ?? before)?.project ?? "");
        },
      );
    for (const noun of objectNouns)
      nouns[noun].index.onChange((before, after) => {
        const record = (after ?? before)?.record;
        this.#feedChanged(
          "object",
          (one) => one.noun === noun && one.name === record?.name && one.project === record.namespace,
          after === undefined,
        );
      });
    for (const [feed, list] of Object.entries(listOfFeed))
      nouns[list].index.onChange((before: ListEntry | undefined, after: ListEntry | undefined) => {
        const key = (after ?? before)?.key;
        this.#feedChanged(feed, (one) => `${one.project}/${one.name}` === key, after === undefined);
      });
    for (const list of ["vpcs", "subnets"] as const)
      nouns[list].index.onChange((before: ListEntry | undefined, after: ListEntry | undefined) => {
        for (const { openTo } of [before, after].filter((entry) => entry !== undefined))
          this.#perhapsChanged("networks", { list, project: "", openTo });
      });
    for (const list of ["vms", "images", "disks"] as const)
      nouns[list].index.onChange(
        (before: { project: string } | undefined, after: { project: string } | undefined) =>
          this.#perhapsChanged("tasks", { list, project: (after ?? before)?.project ?? "" }),
      );
    audit.onRow((row) =>
      this.#perhapsChanged("activity", {
        list: "projects",
        project: row.project ?? "",
        userName: row.user,
      }),
    );
    inventory.onHealth(() => {
      this.#feedChanged("capabilities", () => true, false);
      for (const followed of this.#views.values()) followed.dirty = true;
    });
    sessions.onEnd((hash) => {
      for (const client of this.#clients)
        if (client.caller.session.hash === hash) client.close(liveCloseCodes.sessionEnded, "Signed out");
    });
    this.#timers = [
      setInterval(() => void this.#tick(), tickMs),
      setInterval(() => void this.#recheck(), recheckMs),
      setInterval(() => void this.#sendFeeds(), feedEveryMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get count(): number {
    return this.#clients.size;
  }

  /** Bytes that wait for tabs to read them. */
  get bufferedBytes(): number {
    return [...this.#clients].reduce((sum, client) => sum + client.bufferedBytes, 0);
  }

  closeAll(code: number, reason: string): void {
    for (const timer of this.#timers) clearInterval(timer);
    for (const client of this.#clients) client.close(code, reason);
  }

  /** @throws ApiProblem when the upgrade is refused; nothing was written to the socket then */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    requireSameOrigin(this.#services.origins, request.headers);
    const caller = await callerOf(this.#services, request, true, true);
    if (caller === null) throw new ApiProblem("unauthenticated");
    if (!(request.headers["sec-websocket-protocol"] ?? "").split(/, */).includes(liveProtocol))
      throw new ApiProblem("bad-request");
    const who = personKey(caller.session.person);
    const same = [...this.#clients].filter((client) => personKey(client.caller.session.person) === who);
    if (same.length >= maxSocketsPerPerson) throw new ApiProblem("rate-limited");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(caller, webSocket));
  }

  #opened(caller: LiveClient["caller"], socket: WebSocket): void {
    const client = new LiveClient(caller, socket);
    this.#clients.add(client);
    socket.on("error", () => socket.terminate());
    socket.on("ping", (data) => client.pong(data));
    socket.on("close", () => {
      client.end();
      this.#clients.delete(client);
    });
    socket.on("message", (data: RawData, isBinary: boolean) => {
      const message = isBinary ? null : readMessage(data);
      if (message === null) client.close(1008, "Not a message of this protocol");
      else this.#receive(client, message);
    });
    client.send({ type: "hello", epoch: this.#services.inventory.epoch });
    client.flush();
  }

  #receive(client: LiveClient, message: ClientMessage): void {
    switch (message.type) {
      case "ping":
        client.send({ type: "pong" });
        client.flush();
        break;
      case "unsubscribe":
        client.subscriptions.get(message.id)?.stop();
        client.subscriptions.delete(message.id);
        break;
      case "subscribe-list":
      case "subscribe-feed": {
        client.subscriptions.get(message.id)?.stop();
        client.subscriptions.delete(message.id);
        if (client.subscriptions.size >= maxSubscriptions || !client.asking.take(performance.now())) {
          client.send({ type: "refused", id: message.id, error: problemBody("rate-limited") });
          return;
        }
        if (message.type === "subscribe-list") this.#followList(client, message);
        else void this.#followFeed(client, message);
        break;
      }
    }
  }

  #followList(client: LiveClient, message: Extract<ClientMessage, { type: "subscribe-list" }>): void {
    const parsed = listQuery.safeParse(message.query);
    if (!parsed.success) {
      client.send({
        type: "refused",
        id: message.id,
        error: problemBody("invalid", fieldsOfZodError(parsed.error)),
      });
      return;
    }
    const key = JSON.stringify([message.list, personKey(client.caller.session.person), parsed.data]);
    const followed = this.#views.get(key) ?? {
      view: this.#openView(message.list, client, parsed.data),
      list: message.list,
      followers: new Map<Subscription, LiveClient>(),
      dirty: true,
      busy: false,
      computed: false,
    };
    this.#views.set(key, followed);
    const { view, followers } = followed;
    const subscription: Subscription = {
      id: message.id,
      seq: 0,
      stop: () => {
        followers.delete(subscription);
        if (followers.size === 0 && this.#views.get(key) === followed) this.#views.delete(key);
      },
    };
    client.subscriptions.set(message.id, subscription);
    followers.set(subscription, client);
    if (followed.computed) {
      client.sendRows(subscription, view.whole());
      client.flush();
    } else if (!followed.busy) void this.#refresh(followed);
  }

  #openView(list: LiveList, client: LiveClient, query: z.output<typeof listQuery>): LiveView {
    const { nouns } = this.#services;
    const { rights } = client.caller;
    switch (list) {
      case "vms":
        return new SharedView(nouns.vms, rights, query);
      case "images":
        return new SharedView(nouns.images, rights, query);
      case "disks":
        return new SharedView(nouns.disks, rights, query);
      case "projects":
        return new SharedView(nouns.projects, rights, query);
      case "hosts":
        return new SharedView(nouns.hosts, rights, query);
      case "vpcs":
        return new SharedView(nouns.vpcs, rights, query);
      case "subnets":
        return new SharedView(nouns.subnets, rights, query);
      default:
        return new SharedView(nouns[list], rights, query);
    }
  }

  async #followFeed(
    client: LiveClient,
    message: Extract<ClientMessage, { type: "subscribe-feed" }>,
  ): Promise<void> {
    const project = message.project ?? "";
    const subscription: Subscription = { id: message.id, seq: 0, stop: () => this.#feeds.delete(follower) };
    const follower: FeedFollower = {
      client,
      subscription,
      feed: message.feed,
      project,
      name: message.name ?? "",
      noun: message.noun,
      pending: null,
      perhaps: [],
    };
    client.subscriptions.set(message.id, subscription);
    if (!(await this.#mayFollow(follower))) {
      if (client.subscriptions.get(message.id) === subscription) client.subscriptions.delete(message.id);
      client.send({ type: "refused", id: message.id, error: problemBody("not-found") });
      client.flush();
      return;
    }
    if (client.subscriptions.get(message.id) !== subscription) return;
    // What changed between the page's own request and this moment was told to nobody: have it fetched once more.
    follower.pending = { gone: false };
    this.#feeds.add(follower);
  }

  /** The feed of one thing tells when it changes: only those may follow it who may see it in its list. */
  async #mayFollow({ feed, client, project, noun }: FeedFollower): Promise<boolean> {
    const own = feed === "vm" || feed === "disk" ? listOfFeed[feed] : undefined;
    if (own === undefined && feed !== "object") return true;
    const list = own ?? noun;
    if (list === undefined || (own !== undefined && project === "")) return false;
    return inScope(await this.#services.nouns[list].scope(client.caller.rights), project);
  }

  #changed(list: LiveList, project: string): void {
    for (const followed of this.#views.values())
      if (followed.list === list && !followed.dirty && followed.view.concerns(project)) followed.dirty = true;
  }

  #feedChanged(feed: string, fits: (follower: FeedFollower) => boolean, gone: boolean): void {
    for (const follower of this.#feeds)
      if (follower.feed === feed && fits(follower)) follower.pending = { gone };
  }

  #perhapsChanged(feed: string, change: SeenChange): void {
    for (const follower of this.#feeds) {
      if (follower.feed !== feed || follower.pending !== null) continue;
      if (follower.project !== "" && follower.project !== change.project) continue;
      const known = follower.perhaps.some(
        (one) =>
          one.list === change.list &&
          one.project === change.project &&
          one.openTo === change.openTo &&
          one.userName === change.userName,
      );
      if (!known) follower.perhaps.push(change);
    }
  }

  async #sees(client: LiveClient, changes: readonly SeenChange[]): Promise<boolean> {
    const { person } = client.caller.session;
    if (changes.some((change) => change.userName === person.userName)) return true;
    for (const list of new Set(changes.map((change) => change.list))) {
      const scope = await this.#services.nouns[list].scope(client.caller.rights);
      const seen = ({ project, openTo }: SeenChange) =>
        isVisible({ key: "", uid: "", project, ...(openTo === undefined ? {} : { openTo }) }, scope);
      if (changes.some((change) => change.list === list && seen(change))) return true;
    }
    return false;
  }

  async #sendFeeds(): Promise<void> {
    await Promise.all(
      [...this.#feeds].map(async (follower) => {
        const { perhaps } = follower;
        if (perhaps.length === 0) return;
        follower.perhaps = [];
        if (await this.#sees(follower.client, perhaps)) follower.pending ??= { gone: false };
      }),
    );
    for (const follower of this.#feeds) {
      if (follower.pending === null) continue;
      const { gone } = follower.pending;
      follower.pending = null;
      follower.subscription.seq += 1;
      follower.client.send({
        type: "invalidate",
        id: follower.subscription.id,
        seq: follower.subscription.seq,
        gone,
      });
    }
  }

  async #tick(): Promise<void> {
    const waiting = [...this.#views.values()].filter((followed) => followed.dirty && !followed.busy);
    await Promise.all(waiting.map(async (followed) => this.#refresh(followed)));
    for (const client of this.#clients) client.flush();
  }

  async #refresh(followed: Followed): Promise<void> {
    followed.dirty = false;
    followed.busy = true;
    try {
      const change = await followed.view.refresh();
      followed.computed = true;
      for (const [subscription, client] of followed.followers)
        if (subscription.seq === 0) {
          client.sendRows(subscription, followed.view.whole());
          client.flush();
        } else if (change !== null) client.sendRows(subscription, change);
    } catch (error) {
      this.#services.log.warn({ err: error }, "a live view could not be computed");
      followed.dirty = true;
    } finally {
      followed.busy = false;
    }
  }

  /** Rights and sessions end without any object changing. */
  async #recheck(): Promise<void> {
    for (const followed of this.#views.values()) followed.dirty = true;
    const rbacVersion = this.#services.inventory.rbacVersion();
    if (rbacVersion !== this.#rbacVersion) this.#feedChanged("session", () => true, false);
    this.#rbacVersion = rbacVersion;
    for (const client of this.#clients)
      if (!(await this.#services.sessions.stillHolds(client.caller.session.hash)))
        client.close(liveCloseCodes.sessionEnded, "The session ended");
    for (const follower of this.#feeds)
      if (!(await this.#mayFollow(follower))) {
        follower.subscription.stop();
        follower.client.send({
          type: "refused",
          id: follower.subscription.id,
          error: problemBody("not-found"),
        });
      }
  }
}
