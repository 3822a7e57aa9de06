/** JSON Schemas of the contract for /api/openapi.json. Validation itself is done by zod, so these only describe. */
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { endpoints } from "@kubev/api-types/endpoints";
import { apiError } from "@kubev/api-types/errors";
import type { FastifySchema } from "fastify";
import { z } from "zod";

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Record<string, unknown> {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

export function openApiSchemas(name: OperationName): FastifySchema & { operationId: string } {
  const parts: { params?: z.ZodType; query?: z.ZodType; body?: z.ZodType; reply: z.ZodType } =
    endpoints[name];
  const empty = parts.reply.safeParse(null).success;
  return {
    operationId: name,
    ...(parts.params === undefined ? {} : { params: jsonSchema(parts.params, "input") }),
    ...(parts.query === undefined ? {} : { querystring: jsonSchema(parts.query, "input") }),
    ...(parts.body === undefined ? {} : { body: jsonSchema(parts.body, "input") }),
    response: {
      ...(empty
        ? { 204: { type: "null", description: "Done" } }
        : { 200: { ...jsonSchema(parts.reply, "output"), description: "Success" } }),
      default: { ...jsonSchema(apiError, "output"), description: "Error" },
    },
  };
}
