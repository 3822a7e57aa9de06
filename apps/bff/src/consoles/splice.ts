/**
 * Joins a browser's socket and the cluster's after both upgrades: bytes pass unchanged, with back-pressure, both ways. Only
 * frame headers towards the browser are followed, so that a ping or a close of our own lands between two frames.
 */
import type { Duplex } from "node:stream";
import { closeFrame, FrameFollower, serverFrame } from "./frame-follower.ts";

export interface SpliceOptions {
  browser: Duplex;
  upstream: Duplex;
  /** An idle browser is pinged this often, so that middleboxes keep the connection and half-open ones are noticed. */
  pingEveryMs: number;
  /** Without any byte from the browser (pongs count) for this long, it is taken for gone. */
  browserSilenceMs: number;
  onEnd: (end: SpliceEnd) => void;
}

export interface SpliceEnd {
  by: "browser" | "upstream" | "console";
  bytesToBrowser: number;
  bytesToUpstream: number;
}

const lingerMs = 2000;

export class Splice {
  readonly #options: SpliceOptions;
  readonly #towardsBrowser = new FrameFollower();
  readonly #pinger: NodeJS.Timeout;
  #bytesToBrowser = 0;
  #bytesToUpstream = 0;
  #lastFromBrowserMs = performance.now();
  #lastToBrowserMs = performance.now();
  #pending: Buffer | null = null;
  #closing = false;
  #ended = false;

  constructor(options: SpliceOptions) {
    this.#options = options;
    const { browser, upstream } = options;
    upstream.on("data", (chunk: Buffer) => this.#fromUpstream(chunk));
    browser.on("data", (chunk: Buffer) => {
      this.#lastFromBrowserMs = performance.now();
      if (this.#closing) return;
      this.#bytesToUpstream += chunk.length;
      if (!upstream.write(chunk)) browser.pause();
    });
    upstream.on("drain", () => browser.resume());
    browser.on("drain", () => upstream.resume());
    for (const event of ["end", "close", "error"] as const) {
      upstream.once(event, () => this.#upstreamGone());
      browser.once(event, () => this.#finish("browser"));
    }
    this.#pinger = setInterval(() => this.#ping(), options.pingEveryMs);
    this.#pinger.unref();
  }

  #fromUpstream(chunk: Buffer): void {
    if (this.#ended) return;
    const { browser, upstream } = this.#options;
    let piece = chunk;
    if (this.#pending !== null) {
      // a close of ours waits for the end of the frame under way
      piece = chunk.subarray(0, this.#towardsBrowser.pushToBoundary(chunk));
    } else this.#towardsBrowser.push(chunk);
    this.#bytesToBrowser += piece.length;
    this.#lastToBrowserMs = performance.now();
    if (!browser.write(piece)) upstream.pause();
    if (this.#pending !== null && this.#towardsBrowser.atBoundary) this.#sendPending();
  }

  #ping(): void {
    const nowMs = performance.now();
    if (nowMs - this.#lastFromBrowserMs > this.#options.browserSilenceMs) {
      this.#finish("browser");
      return;
    }
    if (
      this.#towardsBrowser.atBoundary &&
      !this.#closing &&
      nowMs - this.#lastToBrowserMs >= this.#options.pingEveryMs / 2
    )
      this.#options.browser.write(serverFrame(0x9, Buffer.from("kubev")));
  }

  /** The cluster hung up, often without a close frame: the browser is told in words it can read. */
  #upstreamGone(): void {
    if (this.#ended) return;
    if (this.#towardsBrowser.sawClose) this.#finish("upstream");
    else if (this.#towardsBrowser.atBoundary) this.#close(4410, "The machine's console ended", "upstream");
    else this.#finish("upstream");
  }

  /** Ends the console with a close code of ours, at the next frame boundary. */
  close(code: number, reason: string): void {
    this.#close(code, reason, "console");
  }

  #close(code: number, reason: string, by: SpliceEnd["by"]): void {
    if (this.#closing || this.#ended) return;
    this.#closing = true;
    this.#pending = closeFrame(code, reason);
    this.#pendingBy = by;
    if (this.#towardsBrowser.atBoundary) this.#sendPending();
    const linger = setTimeout(() => this.#finish(by), lingerMs);
    linger.unref();
  }
  #pendingBy: SpliceEnd["by"] = "console";

  #sendPending(): void {
    const frame = this.#pending;
    if (frame === null) return;
    this.#pending = null;
    this.#options.upstream.destroy();
    this.#options.browser.end(frame);
    const linger = setTimeout(() => this.#finish(this.#pendingBy), lingerMs);
    linger.unref();
  }

  #finish(by: SpliceEnd["by"]): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#pinger);
    this.#options.upstream.destroy();
    this.#options.browser.destroy();
    this.#options.onEnd({
      by: this.#closing ? this.#pendingBy : by,
      bytesToBrowser: this.#bytesToBrowser,
      bytesToUpstream: this.#bytesToUpstream,
    });
  }
}
