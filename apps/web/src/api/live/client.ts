/**
 * The tab's one live connection, without React. It keeps every subscription over reconnects, notices gaps and restarts,
 * and tells the subscriber to fetch again whenever it cannot be sure.
 */
import type { LiveClientMessage, LiveServerMessage } from "@kubev/api-types/live";
import { backoffMs } from "./backoff.ts";

export type RowsMessage = Extract<LiveServerMessage, { type: "rows" }>;
type InvalidateMessage = Extract<LiveServerMessage, { type: "invalidate" }>;

/** `partly`: the connection stands, but something that is on screen is not followed: the server refused it. */
export type LiveState = "idle" | "connecting" | "live" | "partly" | "waiting";

export interface LiveSocket {
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  send(text: string): void;
  close(): void;
}

/** Time, chance and the network, given by the caller. */
export interface LiveEnvironment {
  connect: () => LiveSocket;
  setTimer: (run: () => void, delayMs: number) => () => void;
  random: () => number;
}

export interface LiveHandler {
  onRows?: (message: RowsMessage) => void;
  onInvalidate?: (message: InvalidateMessage) => void;
  /** Something may have been missed: fetch again. */
  onResync: () => void;
}

/** What is asked of the server, whole as it is sent: a field that is left out on the way would go unseen. */
type Topic = LiveClientMessage extends infer Message
  ? Message extends { type: "subscribe-list" | "subscribe-feed" }
    ? Omit<Message, "id">
    : never
  : never;

interface Subscription {
  topic: Topic;
  handler: LiveHandler;
  lastSeq: number | null;
  /** How often the server refused it since it last told something. */
  refusals: number;
  cancelRetry: (() => void) | null;
}

const pingEveryMs = 20_000;
const silentAfterMs = 35_000;
/** Timers of a tab in the background are late, by a minute: silence counts only once a ping of right then stayed unanswered. */
const answerWithinMs = 10_000;
/** A network that swallows what is sent refuses nothing. */
const connectWithinMs = 30_000;
const sessionEndedCode = 4401;
/** Rights come by a person's hand, not by the second: ask from some seconds on, and ever more rarely. */
const rightsMayComeAfter = { tries: 3, capMs: 60_000 };
/** What the server can never take: asking again is of no use. */
const hopeless: readonly string[] = ["invalid", "bad-request"];

export class LiveClient {
  readonly #environment: LiveEnvironment;
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #listeners = new Set<() => void>();
  readonly #onSessionEnded: () => void;
  #socket: LiveSocket | null = null;
  #open = false;
  #epoch: string | null = null;
  #attempt = 0;
  #nextId = 0;
  #state: LiveState = "idle";
  #wasConnected = false;
  #cancelTimers: (() => void)[] = [];
  #cancelSilence: (() => void) | null = null;

  constructor(environment: LiveEnvironment, onSessionEnded: () => void) {
    this.#environment = environment;
    this.#onSessionEnded = onSessionEnded;
  }

  get state(): LiveState {
    if (this.#state !== "live") return this.#state;
    for (const { refusals } of this.#subscriptions.values()) if (refusals > 0) return "partly";
    return "live";
  }

  /** Calls `listener` on every change of `state`; returns how to stop. */
  readonly onStateChange = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  start(): void {
    if (this.#socket === null && this.#state !== "waiting") this.#connect();
  }

  stop(): void {
    this.#clearTimers();
    const socket = this.#socket;
    this.#detach();
    socket?.close();
    this.#epoch = null;
    this.#wasConnected = false;
    this.#setState("idle");
  }

  /** Follows a topic until the returned function is called. */
  subscribe(topic: Topic, handler: LiveHandler): () => void {
    let id = this.#newId();
    const subscription: Subscription = { topic, handler, lastSeq: null, refusals: 0, cancelRetry: null };
    this.#subscriptions.set(id, subscription);
    if (this.#open) this.#sendSubscribe(id, subscription);
    return () => {
      id = [...this.#subscriptions].find(([, candidate]) => candidate === subscription)?.[0] ?? id;
      subscription.cancelRetry?.();
      if (this.#subscriptions.delete(id) && this.#open) this.#send({ type: "unsubscribe", id });
      if (subscription.refusals > 0) this.#tell();
    };
  }

  #newId(): string {
    this.#nextId += 1;
    return `s${this.#nextId}`;
  }

  #connect(): void {
    this.#setState("connecting");
    const socket = this.#environment.connect();
    this.#socket = socket;
    this.#giveUpAfter(connectWithinMs);
    socket.onopen = () => {
      this.#open = true;
      // a page that had to wait for its first connection read what it shows long ago
      const resync = this.#wasConnected || this.#attempt > 0;
      this.#attempt = 0;
      this.#setState("live");
      this.#wasConnected = true;
      for (const [id, subscription] of this.#subscriptions) {
        subscription.lastSeq = null;
        this.#sendSubscribe(id, subscription);
        if (resync) subscription.handler.onResync();
      }
      this.#schedulePing();
      this.#watchSilence();
    };
    socket.onmessage = (event) => {
      this.#watchSilence();
      this.#takeFrame(event.data);
    };
    socket.onclose = (event) => {
      this.#detach();
      if (event.code === sessionEndedCode) {
        this.#clearTimers();
        this.#setState("idle");
        this.#onSessionEnded();
        return;
      }
      this.#retry();
    };
  }

  #retry(): void {
    this.#clearTimers();
    this.#setState("waiting");
    const delayMs = backoffMs(this.#attempt, this.#environment.random);
    this.#attempt += 1;
    this.#cancelTimers.push(this.#environment.setTimer(() => this.#connect(), delayMs));
  }

  #takeFrame(data: unknown): void {
    if (typeof data !== "string") return;
    let messages: LiveServerMessage[];
    try {
      const parsed: unknown = JSON.parse(data);
      // as: the server builds frames from the contract's own schema; an unknown type is ignored below
      messages = (Array.isArray(parsed) ? parsed : [parsed]) as LiveServerMessage[];
    } catch {
      this.#resyncAll();
      return;
    }
    for (const message of messages) this.#take(message);
  }

  #take(message: LiveServerMessage): void {
    switch (message.type) {
      case "hello":
        if (this.#epoch !== null && this.#epoch !== message.epoch) this.#resyncAll();
        this.#epoch = message.epoch;
        return;
      case "rows":
      case "invalidate": {
        const subscription = this.#subscriptions.get(message.id);
        if (subscription === undefined) return;
        if (subscription.lastSeq !== null && message.seq !== subscription.lastSeq + 1) {
          this.#renew(message.id, subscription);
          return;
        }
        subscription.lastSeq = message.seq;
        // what was refused for a while may have missed what happened long ago
        const isNews = message.type === "rows" || message.unchanged !== true || subscription.refusals > 0;
        if (subscription.refusals > 0) {
          subscription.refusals = 0;
          this.#tell();
        }
        if (message.type === "rows") subscription.handler.onRows?.(message);
        else if (isNews) subscription.handler.onInvalidate?.(message);
        return;
      }
      case "reset": {
        const subscription = this.#subscriptions.get(message.id);
        if (subscription) this.#renew(message.id, subscription);
        return;
      }
      case "refused": {
        const subscription = this.#subscriptions.get(message.id);
        if (subscription) this.#refused(message.id, subscription, message.error.code);
        return;
      }
      case "pong":
        return;
    }
  }

  /** Keeps what the server will not tell of, so that the page can say so, and asks again later. */
  #refused(id: string, subscription: Subscription, code: string): void {
    subscription.refusals += 1;
    this.#tell();
    if (hopeless.includes(code)) return;
    const { random, setTimer } = this.#environment;
    const delayMs =
      code === "rate-limited"
        ? backoffMs(subscription.refusals, random)
        : backoffMs(subscription.refusals + rightsMayComeAfter.tries, random, rightsMayComeAfter.capMs);
    // The first answer of a subscription tells everything: nothing has to be fetched for it.
    subscription.cancelRetry = setTimer(() => this.#restart(id, subscription), delayMs);
  }

  /** Starts a subscription over under a new id, so that frames of the old one cannot be mistaken for it. */
  #restart(id: string, subscription: Subscription): void {
    this.#subscriptions.delete(id);
    if (this.#open) this.#send({ type: "unsubscribe", id });
    const nextId = this.#newId();
    subscription.lastSeq = null;
    this.#subscriptions.set(nextId, subscription);
    if (this.#open) this.#sendSubscribe(nextId, subscription);
  }

  /** Starts over what may have missed something. */
  #renew(id: string, subscription: Subscription): void {
    this.#restart(id, subscription);
    subscription.handler.onResync();
  }

  #resyncAll(): void {
    for (const [id, subscription] of Array.from(this.#subscriptions)) this.#renew(id, subscription);
  }

  #sendSubscribe(id: string, subscription: Subscription): void {
    subscription.cancelRetry?.();
    subscription.cancelRetry = null;
    this.#send({ ...subscription.topic, id });
  }

  #send(message: LiveClientMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }

  #schedulePing(): void {
    const cancel = this.#environment.setTimer(() => {
      if (!this.#open) return;
      this.#send({ type: "ping" });
      this.#schedulePing();
    }, pingEveryMs);
    this.#cancelTimers = [cancel];
  }

  /** Called at every sign of life. */
  #watchSilence(): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#environment.setTimer(() => {
      this.#send({ type: "ping" });
      this.#giveUpAfter(answerWithinMs);
    }, silentAfterMs);
  }

  #giveUpAfter(delayMs: number): void {
    this.#cancelSilence?.();
    this.#cancelSilence = this.#environment.setTimer(() => {
      const socket = this.#socket;
      this.#detach();
      socket?.close();
      this.#retry();
    }, delayMs);
  }

  #detach(): void {
    if (this.#socket) {
      this.#socket.onopen = null;
      this.#socket.onmessage = null;
      this.#socket.onclose = null;
    }
    this.#socket = null;
    this.#open = false;
  }

  #clearTimers(): void {
    for (const cancel of this.#cancelTimers) cancel();
    this.#cancelTimers = [];
    this.#cancelSilence?.();
    this.#cancelSilence = null;
  }

  #setState(state: LiveState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#tell();
  }

  #tell(): void {
    for (const listener of this.#listeners) listener();
  }
}
