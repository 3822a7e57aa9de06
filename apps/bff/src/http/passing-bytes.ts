/**
 * Clears away the buffers of what only passes through. V8 answers 64 MB of them with a collection of everything that the
 * server knows: with ten thousand machines 100 ms and more, several times a second while one screen moves or one file goes
 * up. The young ones alone take about one, so they are collected before it comes to that.
 */
import { collectYoung } from "../garbage.ts";

const collectEveryBytes = 24 * 1024 ** 2;

let passedBytes = 0;

/** To be told of every buffer that goes out as it came in. */
export function notePassing(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < collectEveryBytes) return;
  passedBytes = 0;
  collectYoung();
}
