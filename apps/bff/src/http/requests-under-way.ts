/** Counts requests from their first byte to the end of their answer, so that a server that goes lets them finish. */
import type { FastifyInstance } from "fastify";

export interface RequestsUnderWay {
  readonly count: number;
}

export function countRequests(server: FastifyInstance): RequestsUnderWay {
  let count = 0;
  server.addHook("onRequest", async (_request, reply) => {
    count += 1;
    // the answer's stream closes once, whether it was sent or the other side left
    reply.raw.once("close", () => {
      count -= 1;
    });
  });
  return {
    get count() {
      return count;
    },
  };
}
