/** Every upgrade of the HTTP server passes here: live data, consoles, and a refusal for all else. */
import type { FastifyInstance } from "fastify";
import type { Services } from "./services.ts";

export interface Upgrades {
  liveCount(): number;
  consoleCount(): number;
  drain(graceMs: number): Promise<void>;
}

export function registerUpgrades(server: FastifyInstance, _services: Services): Upgrades {
  server.server.on("upgrade", (_request, socket) => socket.destroy());
  return { liveCount: () => 0, consoleCount: () => 0, drain: async () => {} };
}
