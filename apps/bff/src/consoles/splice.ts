/**
 * Joins a browser's socket and the cluster's after both upgrades: bytes pass unchanged, with back-pressure, both ways. Only
 * frame headers are followed, so that a ping or a close of our own lands between two frames.
 */
import type { Duplex } from "node:stream";
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import type { Clock } from "../kube/clock.ts";
import { clientPing, closeFrame, serverFrame } from "./frame-follower.ts";
import { FrameGate } from "./frame-gate.ts";
import { letGoWords, type LetGoReason, type ReaderTimes, ReaderWatch } from "../http/reader-watch.ts";
import { PeerWatch } from "./peer-watch.ts";

export interface SpliceOptions {
  browser: Duplex;
  upstream: Duplex;
  clock: Pick<Clock, "monotonicMs">;
  /** Of the browser; of the cluster, which is only asked whether it is there, those of pings and silence. */
  times: ReaderTimes;
  /** What the browser hears where the cluster hung up without a word of its own. */
  farewell: string;
  /** Awaited before the browser hears that the cluster hung up: who knows a better reason calls `close` meanwhile. */
  beforeFarewell: () => Promise<void>;
  /** The browser is gone or does not read: the console is about to end. */
  onLetGo: (why: LetGoReason) => void;
  onEnd: (end: SpliceEnd) => void;
}

export interface SpliceEnd {
  by: "browser" | "upstream" | "console";
  bytesToBrowser: number;
  bytesToUpstream: number;
}

const lingerMs = 2000;
const lookEveryMs = 500;
const pingPayload = Buffer.from("kubev");

export class Splice {
  readonly #options: SpliceOptions;
  readonly #toBrowser: FrameGate;
  readonly #toUpstream: FrameGate;
  readonly #browserWatch: ReaderWatch;
  readonly #upstreamWatch: PeerWatch;
  readonly #timers: NodeJS.Timeout[];
  #closing: SpliceEnd["by"] | null = null;
  #upstreamEnded = false;
  #ended = false;

  constructor(options: SpliceOptions) {
    this.#options = options;
    const { browser, upstream, clock, times } = options;
    this.#toBrowser = new FrameGate(browser);
    this.#toUpstream = new FrameGate(upstream);
    this.#browserWatch = new ReaderWatch(times, clock.monotonicMs());
    this.#upstreamWatch = new PeerWatch(times, clock.monotonicMs());
    upstream.on("data", (chunk: Buffer) => {
      this.#upstreamWatch.heard(clock.monotonicMs());
      if (!this.#ended && !this.#toBrowser.pass(chunk)) upstream.pause();
    });
    browser.on("data", (chunk: Buffer) => {
      this.#browserWatch.heard(clock.monotonicMs());
      if (this.#closing !== null || this.#upstreamEnded) return;
      const { pongs } = this.#toUpstream;
      if (!this.#toUpstream.pass(chunk)) browser.pause();
      if (this.#toUpstream.pongs > pongs) this.#browserWatch.answered(clock.monotonicMs());
    });
    upstream.on("drain", () => browser.resume());
    browser.on("drain", () => {
      this.#browserWatch.took(clock.monotonicMs());
      upstream.resume();
    });
    for (const event of ["end", "close", "error"] as const) {
      upstream.once(event, () => void this.#upstreamGone());
      browser.once(event, () => this.#finish("browser"));
    }
    this.#timers = [
      setInterval(() => this.#lookAtBrowser(), lookEveryMs),
      setInterval(() => this.#lookAtUpstream(), times.pingEveryMs),
    ];
    for (const timer of this.#timers) timer.unref();
    // Who went before the listeners were on tells nobody any more.
    queueMicrotask(() => {
      if (browser.destroyed) this.#finish("browser");
      else if (upstream.destroyed) void this.#upstreamGone();
    });
  }

  #lookAtBrowser(): void {
    if (this.#upstreamEnded || this.#closing !== null) return;
    const { browser, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    // What is not being read cannot be heard: the cluster is watched then, unless it waits for the browser in its turn.
    if (browser.isPaused() && browser.writableLength === 0) this.#browserWatch.answered(nowMs);
    const browserLook = this.#browserWatch.look(nowMs, browser.writableLength);
    if (browserLook === "silent" || browserLook === "unread") {
      this.#options.onLetGo(browserLook);
      this.#close(consoleCloseCodes.notReading, letGoWords[browserLook], "browser");
      return;
    }
    if (browserLook === "ping") this.#toBrowser.put(serverFrame(0x9, pingPayload));
  }

  #lookAtUpstream(): void {
    if (this.#upstreamEnded || this.#closing !== null) return;
    const { upstream, clock } = this.#options;
    const nowMs = clock.monotonicMs();
    if (upstream.isPaused()) this.#upstreamWatch.heard(nowMs);
    const upstreamLook = this.#upstreamWatch.look(nowMs);
    if (upstreamLook === "gone") {
      upstream.destroy();
      void this.#upstreamGone();
    } else if (upstreamLook === "ping") this.#toUpstream.put(clientPing(pingPayload));
  }

  /** The cluster hung up, often without a close frame: the browser is told in words it can read. */
  async #upstreamGone(): Promise<void> {
    if (this.#ended || this.#upstreamEnded) return;
    this.#upstreamEnded = true;
    if (this.#toBrowser.sawClose || !this.#toBrowser.atBoundary) {
      this.#finish("upstream");
      return;
    }
    await this.#options.beforeFarewell();
    this.#close(consoleCloseCodes.upstreamGone, this.#options.farewell, "upstream");
  }

  /** Ends the console with a close code of ours, at the next frame boundary. */
  close(code: number, reason: string): void {
    this.#close(code, reason, "console");
  }

  #close(code: number, reason: string, by: SpliceEnd["by"]): void {
    if (this.#closing !== null || this.#ended) return;
    this.#closing = by;
    const linger = () => setTimeout(() => this.#finish(by), lingerMs).unref();
    this.#toBrowser.putLast(closeFrame(code, reason), () => {
      this.#options.upstream.destroy();
      linger();
    });
    linger();
  }

  #finish(by: SpliceEnd["by"]): void {
    if (this.#ended) return;
    this.#ended = true;
    for (const timer of this.#timers) clearInterval(timer);
    this.#options.upstream.destroy();
    this.#options.browser.destroy();
    this.#options.onEnd({
      by: this.#closing ?? by,
      bytesToBrowser: this.#toBrowser.bytes,
      bytesToUpstream: this.#toUpstream.bytes,
    });
  }
}
