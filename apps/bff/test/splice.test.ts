/** Two joined sockets over hours of given time: who still answers stays, who does not is let go, and frames stay whole. */
import { Duplex } from "node:stream";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { closeFrame, serverFrame } from "../src/consoles/frame-follower.ts";
import type { SpliceEnd } from "../src/consoles/splice.ts";
import { Splice } from "../src/consoles/splice.ts";
import { type LetGoReason, readerTimes } from "../src/http/reader-watch.ts";
import { systemClock } from "../src/kube/clock.ts";

/** One end of a connection, in memory: the test is the peer. */
class Peer extends Duplex {
  received = Buffer.alloc(0);
  answersPings = true;
  /** While true it takes nothing of what is written to it. */
  isFull = false;
  #waiting: (() => void) | null = null;
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.received = Buffer.concat([this.received, chunk]);
    if (this.answersPings && chunk[0] === 0x89) this.push(Buffer.from([0x8a, 0x80, 0, 0, 0, 0]));
    if (this.isFull) this.#waiting = done;
    else done();
  }
  /** Takes the first of what waits. */
  takeOne(): void {
    const done = this.#waiting;
    this.#waiting = null;
    done?.();
  }
  pings(): number {
    return this.received.toString("latin1").split("kubev").length - 1;
  }
}

const ping = serverFrame(0x9, Buffer.from("kubev"));
const large = Buffer.concat([Buffer.from([0x82, 126, 0xff, 0xff]), Buffer.alloc(0xff_ff)]);
const pasted = Buffer.concat([Buffer.from([0x82, 0xfe, 0xff, 0xff, 0, 0, 0, 0]), Buffer.alloc(0xff_ff)]);
const typed = Buffer.from([0x82, 0x81, 0, 0, 0, 0, 0x61]);
const output = Buffer.concat([Buffer.from([0x82, 4]), Buffer.from("boot")]);

let browser: Peer;
let upstream: Peer;
let ended: SpliceEnd | null;
let letGo: LetGoReason | null;
let splice: Splice;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "setTimeout", "clearTimeout", "performance"] });
  browser = new Peer();
  upstream = new Peer();
  ended = null;
  letGo = null;
  splice = new Splice({
    browser,
    upstream,
    clock: systemClock,
    times: readerTimes,
    farewell: "The connection to it ended",
    beforeFarewell: async () => {},
    onLetGo: (why) => {
      letGo = why;
    },
    onEnd: (end) => {
      ended = end;
    },
  });
});
afterEach(() => {
  splice.close(1001, "");
  vi.useRealTimers();
});

const settle = async () => new Promise((resolve) => setImmediate(resolve));

async function pass(ms: number, everySecond: () => void = () => {}): Promise<void> {
  for (let at = 0; at < ms; at += 1000) {
    everySecond();
    await settle();
    await vi.advanceTimersByTimeAsync(1000);
  }
  await settle();
}

test("steady output to somebody who only watches goes on for as long as he answers pings", async () => {
  await pass(300_000, () => upstream.push(output));
  expect(ended).toBeNull();
  expect(browser.pings()).toBeGreaterThanOrEqual(10);
});

test("somebody who answers no ping is let go, however much is sent to him", async () => {
  browser.answersPings = false;
  await pass(59_000, () => upstream.push(output));
  expect(ended).toBeNull();
  await pass(24_000, () => upstream.push(output));
  expect(ended).toMatchObject({ by: "browser" });
  expect(letGo).toBe("silent");
  expect(browser.received.includes(closeFrame(4408, "The browser did not answer for a minute"))).toBe(true);
});

test("somebody who talks and takes nothing is let go after three minutes, though the cluster waits for him too", async () => {
  browser.answersPings = false;
  browser.isFull = true;
  upstream.isFull = true;
  const talk = () => {
    browser.push(pasted);
    upstream.push(large);
  };
  await pass(175_000, talk);
  expect(ended).toBeNull();
  await pass(15_000, talk);
  expect(letGo).toBe("unread");
  expect(ended).toMatchObject({ by: "browser" });
});

test("somebody who reads nothing behind full buffers of the network is let go though he talks", async () => {
  browser.answersPings = false;
  await pass(195_000, () => browser.push(typed));
  expect(letGo).toBeNull();
  await pass(10_000, () => browser.push(typed));
  expect(letGo).toBe("unread");
});

test("somebody who takes some of what waits every two minutes stays", async () => {
  browser.answersPings = false;
  browser.isFull = true;
  for (let round = 0; round < 6; round += 1) {
    await pass(120_000, () => upstream.push(large));
    browser.takeOne();
    await settle();
  }
  expect(ended).toBeNull();
});

test("a long pause of the whole process is no silence: a ping comes first", async () => {
  const before = browser.pings();
  // the loop stood still: one interval fires, after ten minutes
  vi.spyOn(performance, "now").mockReturnValue(performance.now() + 600_000);
  await vi.advanceTimersByTimeAsync(20_000);
  expect(browser.pings()).toBe(before + 1);
  expect(ended).toBeNull();
  vi.restoreAllMocks();
});

test("a quiet cluster that answers pings stays; one that does not ends with a code the browser can read", async () => {
  await pass(300_000);
  expect(ended).toBeNull();
  upstream.answersPings = false;
  await pass(90_000);
  expect(ended).toMatchObject({ by: "upstream" });
  const word = Buffer.concat([
    Buffer.from([4410 >> 8, 4410 & 0xff]),
    Buffer.from("The connection to it ended"),
  ]);
  expect(browser.received.includes(word)).toBe(true);
});

test("a ping waits for the end of the frame under way", async () => {
  const frame = Buffer.concat([Buffer.from([0x82, 10]), Buffer.from("0123456789")]);
  upstream.answersPings = false; // it is in the middle of a frame itself
  upstream.push(frame.subarray(0, 5));
  await pass(20_000);
  expect(browser.received.equals(frame.subarray(0, 5))).toBe(true);
  upstream.push(Buffer.concat([frame.subarray(5), output]));
  await settle();
  expect(browser.received.equals(Buffer.concat([frame, ping, output]))).toBe(true);
});
