/** One direction of a splice: passes bytes unchanged, and puts frames of our own between two of theirs. */
import type { Writable } from "node:stream";
import { notePassing } from "../http/passing-bytes.ts";
import { FrameFollower } from "./frame-follower.ts";

export class FrameGate {
  readonly #target: Writable;
  readonly #follower = new FrameFollower();
  /** A frame of ours that waits for the end of the frame under way. */
  #waiting: { frame: Buffer; last: (() => void) | null } | null = null;
  #shut = false;
  /** Bytes passed on, without frames of our own. */
  bytes = 0;

  constructor(target: Writable) {
    this.#target = target;
  }

  /** True once a close frame of theirs went by. */
  get sawClose(): boolean {
    return this.#follower.sawClose;
  }

  get atBoundary(): boolean {
    return this.#follower.atBoundary;
  }

  /** Answers to pings that went by. */
  get pongs(): number {
    return this.#follower.pongs;
  }

  /** @returns false when the target wants no more for now */
  pass(chunk: Buffer): boolean {
    if (this.#shut) return true;
    let rest = chunk;
    if (this.#waiting !== null) {
      const upTo = this.#follower.pushToBoundary(chunk);
      this.#write(chunk.subarray(0, upTo));
      rest = chunk.subarray(upTo);
      if (this.#follower.atBoundary) this.#putWaiting();
      if (this.#isShut()) return true;
    }
    this.#follower.push(rest);
    return this.#write(rest);
  }

  /** Sends a frame of ours as soon as one may be put, unless theirs have ended. */
  put(frame: Buffer): void {
    if (this.#shut || this.sawClose || this.#waiting !== null) return;
    this.#waiting = { frame, last: null };
    if (this.#follower.atBoundary) this.#putWaiting();
  }

  /** Sends a last frame and passes nothing after it. */
  putLast(frame: Buffer, then: () => void): void {
    if (this.#shut) return;
    this.#waiting = { frame, last: then };
    if (this.#follower.atBoundary) this.#putWaiting();
  }

  #putWaiting(): void {
    const waiting = this.#waiting;
    if (waiting === null) return;
    this.#waiting = null;
    if (waiting.last === null) this.#target.write(waiting.frame);
    else {
      this.#shut = true;
      this.#target.end(waiting.frame);
      waiting.last();
    }
  }

  #isShut(): boolean {
    return this.#shut;
  }

  #write(bytes: Buffer): boolean {
    if (bytes.length === 0) return !this.#target.writableNeedDrain;
    this.bytes += bytes.length;
    notePassing(bytes.length);
    return this.#target.write(bytes);
  }
}
