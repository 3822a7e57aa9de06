/** Every upgrade of the HTTP server passes here: live data, consoles, and a refusal in plain HTTP for all else. */
import type { IncomingMessage } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import { otherPaths } from "@kubev/api-types/endpoint-paths";
import type { FastifyInstance } from "fastify";
import { consolePath, ConsoleSockets } from "./consoles/console-socket.ts";
import { LiveHub } from "./live/live-hub.ts";
import { ApiProblem } from "./http/api-problem.ts";
import { errorReply, problemOf } from "./http/error-mapping.ts";
import type { LetGo } from "./http/reader-watch.ts";
import type { Services } from "./services.ts";

export interface Upgrades {
  liveCount(): number;
  liveBufferedBytes(): number;
  consoleCount(): number;
  logBufferedBytes(): number;
  /** Tells live clients to come back elsewhere, leaves consoles their grace, then closes them with 1001. */
  drain(graceMs: number): Promise<void>;
}

const goingAway = 1001;
/** A peer that does not hang up after our last word is hung up on. */
const lingerMs = 1000;
/** So long has one that is told at the end of a grace: a server that goes is waited for, and killed when it takes long. */
const farewellMs = 300;

function refuse(socket: Duplex, error: unknown): void {
  const { status, body } = errorReply(problemOf(error), crypto.randomUUID());
  const text = JSON.stringify(body);
  setTimeout(() => socket.destroy(), lingerMs).unref();
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
      "Connection: close",
      "Content-Type: application/json; charset=utf-8",
      `Content-Length: ${Buffer.byteLength(text)}`,
      "Cache-Control: no-store",
      "X-Content-Type-Options: nosniff",
      "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
      "",
      text,
    ].join("\r\n"),
  );
}

export function registerUpgrades(server: FastifyInstance, services: Services, onLetGo: LetGo): Upgrades {
  const live = new LiveHub(services, onLetGo);
  const consoles = new ConsoleSockets(services, onLetGo);

  /** The HTTP server forgets upgraded sockets, yet waits for them when it closes. */
  const sockets = new Set<Duplex>();

  server.server.on("upgrade", (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on("error", () => socket.destroy());
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
    const path = (request.url ?? "").split("?", 1)[0];
    const accept = async () => {
      if (services.isDraining()) throw new ApiProblem("draining");
      // Node hands over whatever asks to become something else, whatever its method
      if (request.method !== "GET" || request.headers.upgrade?.toLowerCase() !== "websocket")
        throw new ApiProblem("bad-request");
      if (path === otherPaths.live) await live.accept(request, socket, head);
      else if (path === consolePath) await consoles.accept(request, socket, head);
      else throw new ApiProblem("not-found");
    };
    accept().catch((error: unknown) => {
      if (problemOf(error).code === "internal") services.log.error({ err: error }, "an upgrade failed");
      refuse(socket, error);
    });
  });

  return {
    liveCount: () => live.count,
    liveBufferedBytes: () => live.bufferedBytes,
    consoleCount: () => consoles.count,
    logBufferedBytes: () => consoles.logBufferedBytes,
    drain: async (graceMs) => {
      live.closeAll(goingAway, "The server is going away");
      consoles.closePassing(goingAway, "The server is going away");
      const toldMs = services.clock.monotonicMs();
      const deadlineMs = toldMs + graceMs;
      while (consoles.count > 0 && services.clock.monotonicMs() < deadlineMs) await services.clock.sleep(100);
      consoles.closeAll(goingAway, "The server is going away");
      // who was told at the start has had longer by now, or has it yet
      const lastMs = Math.max(
        services.clock.monotonicMs() + farewellMs,
        Math.min(deadlineMs, toldMs + 2 * lingerMs),
      );
      while (sockets.size > 0 && services.clock.monotonicMs() < lastMs) await services.clock.sleep(20);
      for (const socket of sockets) socket.destroy();
    },
  };
}
