/** Waits for a slow reader, leaving no listeners behind. */
import type { Writable } from "node:stream";

/** Settles when `sink` takes more again, or is gone. */
export function drained(sink: Writable): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      sink.off("drain", done);
      sink.off("close", done);
      resolve();
    };
    if (sink.destroyed) {
      resolve();
      return;
    }
    sink.on("drain", done);
    sink.on("close", done);
  });
}
