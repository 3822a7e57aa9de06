/** The beginning of a file that comes as slowly as its sender likes. */
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { expect, test } from "vitest";
import { headOf } from "../src/http/stream-head.ts";

/** Fails instead of turning for ever: what asks more often than bytes come keeps the whole server from everybody else. */
class CountedStream extends Readable {
  asked = 0;
  override _read(): void {}
  override read(size?: number): unknown {
    this.asked += 1;
    if (this.asked > 50) throw new Error("asked again and again for what is not there");
    return super.read(size);
  }
}

const never = new AbortController().signal;

test("a head that comes in parts is waited for without asking over and over, and stays in the stream", async () => {
  const stream = new CountedStream();
  const head = headOf(stream, 8, never);
  for (const part of ["ab", "cd", "ef", "ghij"]) {
    stream.push(part);
    for (let turns = 0; turns < 20; turns += 1) await turn();
  }
  expect((await head)?.toString()).toBe("abcdefgh");
  stream.push("k");
  stream.push(null);
  expect((await buffer(stream)).toString()).toBe("abcdefghijk");
});

test("what was there before anybody looked counts", async () => {
  const stream = new CountedStream();
  stream.push("abc");
  await turn();
  const head = headOf(stream, 5, never);
  for (let turns = 0; turns < 20; turns += 1) await turn();
  stream.push("de");
  expect((await head)?.toString()).toBe("abcde");
});

test("a stream that ends sooner gives what it had", async () => {
  const stream = new CountedStream();
  const head = headOf(stream, 5, never);
  stream.push("ab");
  stream.push(null);
  expect((await head)?.toString()).toBe("ab");
});

test("one that breaks off gives nothing", async () => {
  const stream = new CountedStream();
  const head = headOf(stream, 5, never);
  stream.push("ab");
  await turn();
  stream.destroy();
  expect((await head)?.length).toBe(0);
});

test("one that takes too long is given up, with what came still in it", async () => {
  const stream = new CountedStream();
  const late = new AbortController();
  const head = headOf(stream, 5, late.signal);
  stream.push("ab");
  for (let turns = 0; turns < 20; turns += 1) await turn();
  late.abort();
  expect(await head).toBeNull();
  expect(stream.readableLength).toBe(2);
});
