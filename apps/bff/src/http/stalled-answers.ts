/** Nobody holds an answer in memory by not reading it: a connection that takes none of it for a while ends. */
import type { FastifyInstance } from "fastify";

const stalledAfterMs = 60_000;

export function endStalledAnswers(server: FastifyInstance, afterMs = stalledAfterMs): void {
  // from when it is made; how long that takes is not the reader's fault
  server.addHook("onSend", async (request, { raw }) => {
    raw.setTimeout(afterMs, () => {
      request.log.warn({ ip: request.ip, afterMs }, "an answer was not read");
      raw.destroy();
    });
  });
}
