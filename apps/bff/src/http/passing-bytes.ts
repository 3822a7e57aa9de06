/**
 * Clears away the buffers of what only passes through. V8 counts them to what may be held before it collects everything that
 * the server knows, with ten thousand machines for 50 ms and more. That is 64 MB after a start, and a tenth of the heap once
 * everything was moved together (`compactMemory`) or nothing was asked for a while: with buffers of 24 MB, one moving screen
 * or one file on its way had all collected ten times a second. The young ones alone take half a millisecond.
 */
import { collectYoung } from "../garbage.ts";

const collectEveryBytes = 6 * 1024 ** 2;

let passedBytes = 0;

/** To be told of every buffer that goes out as it came in. */
export function notePassing(bytes: number): void {
  passedBytes += bytes;
  if (passedBytes < collectEveryBytes) return;
  passedBytes = 0;
  collectYoung();
}
