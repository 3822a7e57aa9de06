/** One tab's socket: what it follows, and a bounded way out. Whoever reads too slowly is told to fetch again, never fed less. */
import { liveCloseCodes, type LiveServerMessage } from "@kubev/api-types/live";
import type { WebSocket } from "ws";
import { letGoWords, type LetGoReason, readerTimes, ReaderWatch } from "../http/reader-watch.ts";
import type { Caller } from "../identity/callers.ts";
import { personKey } from "../identity/session.ts";
import { RateLimit } from "./rate-limit.ts";
import type { ViewChange } from "./shared-view.ts";

const maxBufferedBytes = 1024 * 1024;
const resumeBelowBytes = 64 * 1024;
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
  readonly #reader: ReaderWatch;
  #outgoing: string[] = [];
  #outgoingBytes = 0;
  #behind = false;
  #closing = false;
  #toReset = new Set<string>();

  constructor(caller: Caller, socket: WebSocket, nowMs: number) {
    this.caller = caller;
    this.who = personKey(caller.session.person);
    this.#socket = socket;
    this.#reader = new ReaderWatch(readerTimes, nowMs);
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
    if (this.#behind) return;
    this.#outgoing.push(json);
    this.#outgoingBytes += json.length;
    if (this.bufferedBytes > maxBufferedBytes) this.#fallBehind();
  }

  #fallBehind(): void {
    this.#behind = true;
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
    if (this.#behind) return;
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
    if (this.#behind) {
      if (this.#socket.bufferedAmount > resumeBelowBytes) return;
      this.#behind = false;
      this.startOver(); // what was subscribed meanwhile got nothing either
    }
    if (this.#outgoing.length === 0) return;
    const frame = `[${this.#outgoing.join(",")}]`;
    this.#outgoing = [];
    this.#outgoingBytes = 0;
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(frame);
  }

  /** It said something. */
  heard(nowMs: number): void {
    this.#reader.heard(nowMs);
  }

  /** It answered a ping. */
  answered(nowMs: number): void {
    this.#reader.answered(nowMs);
  }

  /** Asks whether it is still there and reads. @returns why it was let go of, where it is not */
  beat(nowMs: number): LetGoReason | null {
    if (this.#closing) return null;
    const look = this.#reader.look(nowMs, this.#socket.bufferedAmount);
    if (look === "ping") this.#socket.ping();
    if (look === "fine" || look === "ping") return null;
    this.close(liveCloseCodes.notReading, letGoWords[look]);
    return look;
  }

  close(code: number, reason: string): void {
    this.#closing = true;
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
