/**
 * Live data of all tabs: what changed is collected for at most 100 ms, every distinct window is computed once, each client
 * gets one frame. Rights are asked again at least every 10 s, so rows that may no longer be seen leave by themselves.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { listQuery } from "@kubev/api-types/list-query";
import { liveCloseCodes, liveList, liveProtocol } from "@kubev/api-types/live";
import type { LiveList } from "@kubev/api-types/live";
import type { z } from "zod";
import { WebSocketServer } from "ws";
import type { RawData, WebSocket } from "ws";
import type { ListEntry } from "../inventory/list-index.ts";
import { personKey } from "../identity/session.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { fieldsOfZodError } from "../http/error-mapping.ts";
import type { LetGo } from "../http/reader-watch.ts";
import { requireSameOrigin } from "../http/request-guards.ts";
import { callerOf } from "../http/request-session.ts";
import type { Services } from "../services.ts";
import type { Subscription } from "./live-client.ts";
import { LiveClient } from "./live-client.ts";
import { LiveFeeds } from "./live-feeds.ts";
import { type ClientMessage, problemBody, readMessage } from "./live-messages.ts";
import type { LiveView } from "./shared-view.ts";
import { SharedView } from "./shared-view.ts";

const tickMs = 100;
/** How often is looked whose ping is due; each is pinged far more rarely. */
const beatMs = 500;
const recheckMs = 5000;
/** Each view is computed and each client looked at once in so many ticks: rights and sessions end without any object changing, and asked all at once they are a flood. */
const recheckTurns = recheckMs / tickMs;
const maxMessageBytes = 16 * 1024;
const maxSubscriptions = 50;
const maxSocketsPerPerson = 50;

interface Followed {
  view: LiveView;
  /** Ends the listening to its person's rights. */
  stop(): void;
  list: LiveList;
  followers: Map<Subscription, LiveClient>;
  dirty: boolean;
  busy: boolean;
  /** False until its rows were computed once; who follows before that gets them then. */
  computed: boolean;
  /** The tick of `recheckTurns` in which it is computed again. */
  turn: number;
}

export class LiveHub {
  readonly #services: Services;
  readonly #onLetGo: LetGo;
  readonly #server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    autoPong: false,
    maxPayload: maxMessageBytes,
    handleProtocols: (protocols) => (protocols.has(liveProtocol) ? liveProtocol : false),
  });
  /** With the tick of `recheckTurns` in which each is looked at. */
  readonly #clients = new Map<LiveClient, number>();
  /** A slow look at somebody is not begun a second time beside itself. */
  readonly #rechecking = new Set<LiveClient>();
  /** By `personKey`: with thousands of sockets they are not counted through for each one more. */
  readonly #socketsOf = new Map<string, number>();
  readonly #views = new Map<string, Followed>();
  readonly #feeds: LiveFeeds;
  readonly #timers: NodeJS.Timeout[];
  #rbacVersion: number;
  #turn = 0;
  /** As `#rechecking`, of what feeds follow. */
  #isRechecking = false;

  constructor(services: Services, onLetGo: LetGo) {
    this.#services = services;
    this.#onLetGo = onLetGo;
    const { nouns, inventory, sessions, audit } = services;
    this.#feeds = new LiveFeeds(services);
    this.#rbacVersion = inventory.rbacVersion();
    for (const list of liveList.options)
      nouns[list].index.onChange((before: ListEntry | undefined, after: ListEntry | undefined) => {
        this.#changed(list, before, after);
      });
    inventory.onHealth(() => {
      this.#feeds.tell("capabilities");
      for (const followed of this.#views.values()) followed.dirty = true;
    });
    for (const tellOf of [sessions.onOutage.bind(sessions), audit.onWaiting.bind(audit)])
      tellOf(() => this.#feeds.tell("capabilities"));
    sessions.onEnd((hash) => {
      for (const client of this.#clients.keys())
        if (client.caller.session.hash === hash) client.close(liveCloseCodes.sessionEnded, "Signed out");
    });
    this.#timers = [
      setInterval(() => void this.#tick(), tickMs),
      setInterval(() => this.#beat(), beatMs),
      setInterval(() => void this.#recheck(), recheckMs),
    ];
    for (const timer of this.#timers) timer.unref();
  }

  get count(): number {
    return this.#clients.size;
  }

  /** Bytes that wait for tabs to read them. */
  get bufferedBytes(): number {
    return [...this.#clients.keys()].reduce((sum, client) => sum + client.bufferedBytes, 0);
  }

  closeAll(code: number, reason: string): void {
    for (const timer of this.#timers) clearInterval(timer);
    this.#feeds.stop();
    for (const client of this.#clients.keys()) client.close(code, reason);
  }

  /** @throws ApiProblem when the upgrade is refused; nothing was written to the socket then */
  async accept(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    requireSameOrigin(this.#services.origins, request.headers);
    const caller = await callerOf(this.#services, request, true, true);
    if (caller === null) throw new ApiProblem("unauthenticated");
    if (!(request.headers["sec-websocket-protocol"] ?? "").split(/, */).includes(liveProtocol))
      throw new ApiProblem("bad-request");
    const who = personKey(caller.session.person);
    if ((this.#socketsOf.get(who) ?? 0) >= maxSocketsPerPerson) throw new ApiProblem("rate-limited");
    this.#server.handleUpgrade(request, socket, head, (webSocket) => this.#opened(caller, who, webSocket));
  }

  #opened(caller: LiveClient["caller"], who: string, socket: WebSocket): void {
    const { clock } = this.#services;
    const client = new LiveClient(caller, socket, clock.monotonicMs());
    this.#clients.set(client, this.#clients.size % recheckTurns);
    this.#socketsOf.set(who, (this.#socketsOf.get(who) ?? 0) + 1);
    socket.on("error", () => socket.terminate());
    socket.on("ping", (data) => client.pong(data));
    socket.on("pong", () => client.answered(clock.monotonicMs()));
    socket.on("close", () => {
      client.end();
      this.#clients.delete(client);
      const left = (this.#socketsOf.get(who) ?? 1) - 1;
      if (left > 0) this.#socketsOf.set(who, left);
      else this.#socketsOf.delete(who);
    });
    socket.on("message", (data: RawData, isBinary: boolean) => {
      client.heard(clock.monotonicMs());
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
        else void this.#feeds.follow(client, message);
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
    const followed = this.#views.get(key) ?? this.#open(key, message.list, client, parsed.data);
    const { view, followers } = followed;
    const subscription: Subscription = {
      id: message.id,
      seq: 0,
      stop: () => {
        followers.delete(subscription);
        if (followers.size > 0) return;
        followed.stop();
        if (this.#views.get(key) === followed) this.#views.delete(key);
      },
    };
    client.subscriptions.set(message.id, subscription);
    followers.set(subscription, client);
    if (followed.computed) {
      client.sendRows(subscription, view.whole());
      client.flush();
    } else if (!followed.busy) void this.#refresh(followed);
  }

  #open(key: string, list: LiveList, client: LiveClient, query: z.output<typeof listQuery>): Followed {
    const followed: Followed = {
      view: this.#openView(list, client, query),
      // a decision that was renewed in the background shows at once, and not with the next look
      stop: client.caller.rights.onChange(() => {
        followed.dirty = true;
      }),
      list,
      followers: new Map(),
      dirty: true,
      busy: false,
      computed: false,
      turn: this.#views.size % recheckTurns,
    };
    this.#views.set(key, followed);
    return followed;
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

  #changed(list: LiveList, before: ListEntry | undefined, after: ListEntry | undefined): void {
    for (const followed of this.#views.values())
      if (followed.list === list && !followed.dirty && followed.view.concerns(before, after))
        followed.dirty = true;
  }

  async #tick(): Promise<void> {
    this.#turn = (this.#turn + 1) % recheckTurns;
    for (const followed of this.#views.values()) if (followed.turn === this.#turn) followed.dirty = true;
    for (const [client, turn] of this.#clients) if (turn === this.#turn) void this.#recheckClient(client);
    const waiting = [...this.#views.values()].filter((followed) => followed.dirty && !followed.busy);
    await Promise.all(waiting.map(async (followed) => this.#refresh(followed)));
    for (const client of this.#clients.keys()) client.flush();
  }

  /** Each has a rhythm of its own, from when it came: not all are pinged at once. */
  #beat(): void {
    const nowMs = this.#services.clock.monotonicMs();
    for (const client of this.#clients.keys()) {
      const why = client.beat(nowMs);
      if (why !== null) this.#onLetGo("live", why);
    }
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

  async #recheck(): Promise<void> {
    if (this.#isRechecking) return;
    this.#isRechecking = true;
    await this.#recheckAll().finally(() => {
      this.#isRechecking = false;
    });
  }

  async #recheckAll(): Promise<void> {
    const rbacVersion = this.#services.inventory.rbacVersion();
    if (rbacVersion !== this.#rbacVersion) {
      this.#feeds.tell("session");
      for (const followed of this.#views.values()) followed.dirty = true;
    }
    this.#rbacVersion = rbacVersion;
    await this.#feeds.recheck();
  }

  /** Sessions end without any object changing. */
  async #recheckClient(client: LiveClient): Promise<void> {
    if (this.#rechecking.has(client)) return;
    this.#rechecking.add(client);
    try {
      await this.#recheckNow(client);
    } catch (error) {
      this.#services.log.warn({ err: error }, "a session could not be looked at");
    } finally {
      this.#rechecking.delete(client);
    }
  }

  async #recheckNow(client: LiveClient): Promise<void> {
    if (!(await client.caller.stillHolds())) {
      client.close(liveCloseCodes.sessionEnded, "The session ended");
      return;
    }
    const who = personKey(client.caller.session.person);
    if (who === client.who) return;
    client.who = who; // his groups changed: what he follows was asked for by whom he was
    client.startOver();
    client.flush();
  }
}
