/** One tab's socket: what it follows, and a bounded way out. Whoever reads too slowly is told to fetch again, never fed less. */
import type { LiveServerMessage } from "@kubev/api-types/live";
import type { WebSocket } from "ws";
import type { Caller } from "../identity/callers.ts";
import { personKey } from "../identity/session.ts";
import { RateLimit } from "./rate-limit.ts";
import type { ViewChange } from "./shared-view.ts";

const maxBufferedBytes = 1024 * 1024;
const resumeBelowBytes = 64 * 1024;
const giveUpAfterMs = 60_000;
/** A tab that comes back asks for all it follows at once, and people who type ask a few times a second. */
const subscribeBurst = 100;
const subscribesPerSecond = 10;

export interface Subscription {
  id: string;
  seq: number;
  /** Takes it off whatever it listens to. */
  stop(): void;
}

export class LiveClient {
  readonly caller: Caller;
  /** Of `personKey`, when he was last looked at. */
  who: string;
  readonly subscriptions = new Map<string, Subscription>();
  /** Of subscribe messages: each may cost a computation and access reviews. */
  readonly asking = new RateLimit(subscribeBurst, subscribesPerSecond, performance.now());
  readonly #socket: WebSocket;
  #outgoing: string[] = [];
  #outgoingBytes = 0;
  #behindSinceMs: number | null = null;
  #toReset = new Set<string>();

  constructor(caller: Caller, socket: WebSocket) {
    this.caller = caller;
    this.who = personKey(caller.session.person);
    this.#socket = socket;
  }

  send(message: LiveServerMessage): void {
    this.#queue(JSON.stringify(message));
  }

  sendRows(subscription: Subscription, change: ViewChange): void {
    subscription.seq += 1;
    const order = change.order === null ? "" : `"order":${JSON.stringify(change.order)},`;
    this.#queue(
      `{"type":"rows","id":${JSON.stringify(subscription.id)},"seq":${subscription.seq},"upserts":[${change.upserts.join(",")}],${order}${change.tail}}`,
    );
  }

  #queue(json: string): void {
    if (this.#behindSinceMs !== null) return;
    this.#outgoing.push(json);
    this.#outgoingBytes += json.length;
    if (this.bufferedBytes > maxBufferedBytes) this.#fallBehind();
  }

  #fallBehind(): void {
    this.#behindSinceMs = performance.now();
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    this.#stopAll();
  }

  #stopAll(): void {
    for (const subscription of this.subscriptions.values()) {
      subscription.stop();
      this.#toReset.add(subscription.id);
    }
    this.subscriptions.clear();
  }

  /** Everything it follows ends, and it is told to ask for it again. */
  startOver(): void {
    this.#stopAll();
    if (this.#behindSinceMs !== null) return;
    for (const id of this.#toReset) this.send({ type: "reset", id });
    this.#toReset = new Set();
  }

  /** What this tab's slowness costs the server. */
  get bufferedBytes(): number {
    return this.#outgoingBytes + this.#socket.bufferedAmount;
  }

  /** Answers a protocol ping, but not one after the other to somebody who does not read. */
  pong(data: Buffer): void {
    if (this.bufferedBytes < maxBufferedBytes) this.#socket.pong(data);
  }

  /** One frame with everything since the last one. Called every 100 ms at most. */
  flush(): void {
    if (this.#behindSinceMs !== null) {
      if (this.#socket.bufferedAmount > resumeBelowBytes) {
        if (performance.now() - this.#behindSinceMs > giveUpAfterMs) this.#socket.terminate();
        return;
      }
      this.#behindSinceMs = null;
      this.startOver(); // what was subscribed meanwhile got nothing either
    }
    if (this.#outgoing.length === 0) return;
    const frame = `[${this.#outgoing.join(",")}]`;
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }

  close(code: number, reason: string): void {
    this.flush();
    this.#socket.close(code, reason);
    const socket = this.#socket;
    setTimeout(() => socket.terminate(), 2000).unref();
  }

  end(): void {
    for (const subscription of this.subscriptions.values()) subscription.stop();
    this.subscriptions.clear();
  }
}
