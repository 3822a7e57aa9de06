/**
 * No browser and no proxy asks again on a connection before it was answered. Node answers all that was asked on one at once,
 * so that a single packet would have the server work on hundreds of requests.
 */
import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

const mostAtOnce = 8;

/** Ends connections with more requests under way than any client has. Before all other hooks. */
export function limitPipelining(server: FastifyInstance): void {
  const underWay = new WeakMap<Socket, number>();
  server.addHook("onRequest", async (request, reply) => {
    const { socket } = request.raw;
    const count = (underWay.get(socket) ?? 0) + 1;
    underWay.set(socket, count);
    reply.raw.once("close", () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    if (count <= mostAtOnce) return;
    if (!socket.destroyed)
      request.log.warn({ ip: request.ip }, "too many requests at once on one connection");
    socket.destroy();
    reply.hijack();
  });
}
