/** Streams of frames cut at every byte: they pass unchanged, and a word of ours only ever stands between two of theirs. */
import { Duplex } from "node:stream";
import { expect, test } from "vitest";
import { clientPing, serverFrame } from "../src/consoles/frame-follower.ts";
import { Splice } from "../src/consoles/splice.ts";
import { systemClock } from "../src/kube/clock.ts";
import { seededRandom } from "./stepped-clock.ts";

/** One end of a connection, in memory. */
class End extends Duplex {
  received = Buffer.alloc(0);
  override _read(): void {}
  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.received = Buffer.concat([this.received, chunk]);
    done();
  }
}

function binaryFrame(payload: Buffer, masked: boolean): Buffer {
  const { length } = payload;
  const mask = masked ? 0x80 : 0;
  const header =
    length < 126
      ? Buffer.from([0x82, mask | length])
      : length < 65_536
        ? Buffer.from([0x82, mask | 126, length >> 8, length & 0xff])
        : Buffer.from([0x82, mask | 127, 0, 0, 0, 0, 0, length >> 16, (length >> 8) & 0xff, length & 0xff]);
  return Buffer.concat([header, ...(masked ? [Buffer.from([1, 2, 3, 4])] : []), payload]);
}

/** What a screen says to begin with, and what a serial line says, in frames of every form of length. */
function stream(masked: boolean): Buffer[] {
  const random = seededRandom(7);
  const noise = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(random() * 256)));
  const payloads = [
    Buffer.from("RFB 003.008\n"),
    Buffer.from([1, 1]),
    Buffer.alloc(0),
    Buffer.from("login: \u001B[31m✓\u001B[0m\r\n"),
    noise(125),
    noise(126),
    noise(300),
    Buffer.from([0x88, 0x02, 0x03, 0xe8]), // looks like a close frame, and is a payload
  ];
  // its length in eight bytes, which nobody forbids
  const long = Buffer.concat([
    Buffer.from([0x82, masked ? 0xff : 0x7f, 0, 0, 0, 0, 0, 0, 1, 0]),
    masked ? Buffer.from([5, 6, 7, 8]) : Buffer.alloc(0),
    noise(256),
  ]);
  return [
    ...payloads.map((payload) => binaryFrame(payload, masked)),
    long,
    masked ? clientPing(noise(4)) : serverFrame(0x9, noise(4)),
  ];
}

const settle = async () => new Promise((resolve) => setImmediate(resolve));

function join() {
  const browser = new End();
  const upstream = new End();
  const splice = new Splice({
    browser,
    upstream,
    clock: systemClock,
    pingEveryMs: 3_600_000,
    silenceMs: 3_600_000,
    farewell: "gone",
    beforeFarewell: async () => {},
    onEnd: () => {},
  });
  return { browser, upstream, splice };
}

test.each(["to the browser", "to the machine"] as const)("cut at every byte, all passes %s", async (to) => {
  const whole = Buffer.concat(stream(to === "to the machine"));
  for (let at = 0; at <= whole.length; at += 1) {
    const { browser, upstream, splice } = join();
    const [from, target] = to === "to the browser" ? [upstream, browser] : [browser, upstream];
    from.push(whole.subarray(0, at));
    await settle();
    from.push(whole.subarray(at));
    await settle();
    if (!target.received.equals(whole)) throw new Error(`Cut at ${at}, it did not pass unchanged`);
    splice.close(1001, "");
    await settle();
  }
  expect(whole.length).toBeGreaterThan(600);
});

test("closed at every byte, the close frame stands at the end of a frame", async () => {
  const frames = stream(false);
  const whole = Buffer.concat(frames);
  const ends = new Set<number>([0]);
  let end = 0;
  for (const frame of frames) ends.add((end += frame.length));
  for (let at = 0; at <= whole.length; at += 1) {
    const { browser, upstream, splice } = join();
    upstream.push(whole.subarray(0, at));
    await settle();
    splice.close(4403, "why");
    upstream.push(whole.subarray(at));
    await settle();
    const last = Buffer.from([0x88, 5, 4403 >> 8, 4403 & 0xff, ...Buffer.from("why")]);
    const passed = browser.received.length - last.length;
    if (!browser.received.subarray(passed).equals(last))
      throw new Error(`Closed at ${at}, no close frame came last`);
    if (
      !ends.has(passed) ||
      passed < at ||
      !whole.subarray(0, passed).equals(browser.received.subarray(0, passed))
    )
      throw new Error(`Closed at ${at}, ${passed} bytes passed`);
  }
  expect(ends.size).toBe(frames.length + 1);
});

test("a stream of noise that is no frames at all hurts nobody", async () => {
  const random = seededRandom(11);
  for (let round = 0; round < 200; round += 1) {
    const { browser, upstream, splice } = join();
    for (const end of [browser, upstream])
      for (let piece = 0; piece < 5; piece += 1)
        end.push(
          Buffer.from(
            Array.from({ length: 1 + Math.floor(random() * 40) }, () => Math.floor(random() * 256)),
          ),
        );
    await settle();
    splice.close(1001, "");
    browser.destroy();
    await settle();
    expect(upstream.destroyed).toBe(true);
  }
});
