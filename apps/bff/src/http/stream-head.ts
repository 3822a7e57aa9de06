/** A look at how a stream begins, before it is decided what becomes of it. */
import type { Readable } from "node:stream";

/** The stream's first bytes, fewer where it ends before; they stay in it. Null where `late` aborts first. */
export function headOf(stream: Readable, bytes: number, late: AbortSignal): Promise<Buffer | null> {
  const { promise, resolve } = Promise.withResolvers<Buffer | null>();
  const events = ["readable", "end", "close", "error"];
  const settle = (head: Buffer | null) => {
    for (const event of events) stream.off(event, look);
    late.removeEventListener("abort", giveUp);
    if (head !== null && head.length > 0) stream.unshift(head);
    resolve(head);
  };
  const giveUp = () => settle(null);
  const look = () => {
    // null while not all of it came; at the end it gives what there is
    const head = stream.read(bytes) as Buffer | null; // no encoding is set
    if (head !== null) settle(head);
    else if (stream.readableEnded || stream.destroyed) settle(Buffer.alloc(0));
  };
  late.addEventListener("abort", giveUp, { once: true });
  // Attached once: each attaching announces again what is buffered already, and would turn for ever on a slow file.
  for (const event of events) stream.on(event, look);
  look();
  return promise;
}
