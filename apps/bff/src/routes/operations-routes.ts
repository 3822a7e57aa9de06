/** What the people who run the console ask it: is it alive, is it ready, what does it measure, what is its API. */
import { otherPaths } from "@kubev/api-types/endpoint-paths";
import type { FastifyInstance } from "fastify";
import type { Registry } from "prom-client";
import { sql } from "kysely";
import type { Services } from "../services.ts";

export function registerOperationsRoutes(app: FastifyInstance, services: Services, registry: Registry): void {
  const open = { access: "public" as const, rateLimit: false as const };
  const hide = { hide: true };

  app.route({
    method: "GET",
    url: "/livez",
    config: open,
    schema: hide,
    handler: async () => ({ status: "ok" }),
  });

  app.route({
    method: "GET",
    url: "/readyz",
    config: open,
    schema: hide,
    handler: async (_request, reply) => {
      const database = await sql`select 1`
        .execute(services.database)
        .then(() => true)
        .catch(() => false);
      const checks = {
        inventory: services.inventory.ready,
        database,
        accepting: !services.isDraining(),
      };
      const ready = checks.inventory && checks.accepting;
      return reply.code(ready ? 200 : 503).send({ status: ready ? "ok" : "not-ready", checks });
    },
  });

  app.route({
    method: "GET",
    url: "/metrics",
    config: open,
    schema: hide,
    handler: async (_request, reply) => reply.type(registry.contentType).send(await registry.metrics()),
  });

  app.route({
    method: "GET",
    url: otherPaths.openApi,
    config: open,
    schema: hide,
    handler: async () => app.swagger(),
  });
}
