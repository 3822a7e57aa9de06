/**
 * Nobody holds an answer in memory by not reading it: a connection whose kernel takes none of it for three minutes ends, at the
 * latest after six, since Node renews the time once where something was taken after it began (net.js, `_onTimeout`). A
 * kernel takes more once about a third of its buffer was read: some ten kilobytes over a network, a megabyte over loopback. So whoever
 * reads steadily, down to about 6 kB/s even over loopback, gets all of it, and a byte a second does not count as reading.
 */
import type { FastifyInstance } from "fastify";
import { type LetGo, readerTimes } from "./reader-watch.ts";

export function endStalledAnswers(
  server: FastifyInstance,
  onLetGo: LetGo,
  afterMs = readerTimes.unreadMs,
): void {
  // from when it is made; how long that takes is not the reader's fault
  server.addHook("onSend", async (request, { raw }) => {
    raw.setTimeout(afterMs, () => {
      request.log.warn({ ip: request.ip, afterMs }, "an answer was not read");
      onLetGo("answer", "unread");
      raw.destroy();
    });
  });
}
