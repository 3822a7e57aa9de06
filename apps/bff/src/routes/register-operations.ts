/** Makes HTTP routes of the operations: validation, identity, origin, audit and errors happen here, once. */
import { missingPart } from "./missing-part.ts";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { endpointPaths, unattendedHeader } from "@kubev/api-types/endpoint-paths";
import { endpoints } from "@kubev/api-types/endpoints";
import type { Reason } from "@kubev/api-types/reason";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { z } from "zod";
import type { Caller } from "../identity/callers.ts";
import type { Services } from "../services.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import type { AuditDraft, Call, Operation, Operations } from "./operation.ts";
import { openApiSchemas } from "./openapi-schemas.ts";
import { outcomeOf, reasonOfOutcome } from "./trail-outcome.ts";
import { goneSignal } from "../http/gone-signal.ts";
import { requireContentType, requireSameOrigin } from "../http/request-guards.ts";
import { callerOf } from "../http/request-session.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** Who may call a route. A route without it keeps the server from starting. */
    access?: "public" | "session";
    perMinute?: number;
    /** A body of any length, over any time. */
    unboundedBody?: boolean;
  }
  interface FastifyRequest {
    /** Set before the body is read; null for nobody, absent where no operation is behind the route. */
    caller?: Caller | null;
  }
}

interface Schemas {
  params?: z.ZodType;
  query?: z.ZodType;
  body?: z.ZodType;
  reply: z.ZodType;
}

/** A handler of any operation: which one is decided by the name under which it was registered. */
interface AnyOperation {
  access: "public" | "session";
  status?: number;
  bodyKind?: "json" | "bytes" | "none";
  audit?: (call: Call<OperationName>) => AuditDraft;
  handle: (call: Call<OperationName> & { caller: Caller | null }) => Promise<unknown>;
}

function parsePart(
  schema: z.ZodType | undefined,
  value: unknown,
  part: "params" | "query" | "body",
): unknown {
  if (schema === undefined) return undefined;
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  // an impossible name in a path is a thing that does not exist
  throw part === "params" ? new ApiProblem("not-found") : parsed.error;
}

/** A form's mistake has its reason at the field; the words about it may quote what was typed, secrets too, and stay out of the trail. */
function fieldReason({ details }: ApiProblem): Reason | undefined {
  const reason = details.fields?.[0]?.reason;
  return reason === undefined
    ? undefined
    : { code: reason.code, ...(reason.params === undefined ? {} : { params: reason.params }) };
}

async function recordAudit(
  services: Services,
  call: Call<OperationName>,
  caller: Caller | null,
  error: unknown,
): Promise<void> {
  const { audit } = call;
  if (audit === null) return;
  const problem = error === undefined ? null : problemOf(error);
  await services.audit.record({
    user: caller?.session.person.userName ?? audit.user ?? "",
    action: audit.action,
    noun: audit.noun,
    ...(audit.project === undefined ? {} : { project: audit.project }),
    name: audit.name,
    outcome: outcomeOf(problem),
    ...(problem === null
      ? {}
      : { reason: reasonOfOutcome(problem) ?? fieldReason(problem) ?? { code: problem.code } }),
    sourceIp: call.sourceIp,
    requestId: call.requestId,
    diff: audit.diff,
  });
}

const bodyKindOf = (name: OperationName, operation: AnyOperation) => {
  const schemas: Schemas = endpoints[name];
  return operation.bodyKind ?? (schemas.body === undefined ? "none" : "json");
};

/** Who asks, and from where, is settled before a byte of the body is read: strangers hold nothing. */
function admissionOf(name: OperationName, operation: AnyOperation, services: Services) {
  const { method } = endpointPaths[name];
  const bodyKind = bodyKindOf(name, operation);
  return async (request: FastifyRequest) => {
    if (method !== "GET") {
      requireSameOrigin(services.origins, request.headers);
      requireContentType(request.headers, bodyKind);
    }
    const passive = method === "GET" && request.headers[unattendedHeader] !== undefined;
    request.caller = await callerOf(services, request, operation.access === "session", passive);
  };
}

function handlerOf(name: OperationName, operation: AnyOperation, services: Services, checkReplies: boolean) {
  const schemas: Schemas = endpoints[name];
  const bodyKind = bodyKindOf(name, operation);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    const caller = request.caller ?? null;
    const { signal, forget } = goneSignal(reply.raw);
    const call: Call<OperationName> & { caller: Caller | null } = {
      params: parsePart(schemas.params, request.params, "params") as never, // the schema of this operation made it
      query: parsePart(schemas.query, request.query, "query") as never, // as above
      body: (bodyKind === "json" ? parsePart(schemas.body, request.body, "body") : undefined) as never, // as above
      signal,
      requestId: request.id,
      sourceIp: request.ip,
      stream: request.raw,
      headers: request.headers,
      audit: null,
      setCookie: (value) => void reply.header("set-cookie", value),
      caller,
    };
    call.audit = operation.audit?.(call) ?? null;
    let failure: unknown;
    try {
      const value = await operation.handle(call);
      if (checkReplies) schemas.reply.parse(value);
      if (value === null) return await reply.code(operation.status ?? 204).send();
      if (value instanceof Uint8Array)
        return await reply.code(200).type("image/png").header("cache-control", "no-store").send(value);
      return await reply.code(operation.status ?? 200).send(value);
    } catch (error) {
      failure = missingPart(services, name, call.params, error) ?? error;
      throw failure;
    } finally {
      forget();
      await recordAudit(services, call, caller, failure);
    }
  };
}

export interface RegisterOptions {
  /** Tests check every reply against its schema. */
  checkReplies: boolean;
}

export function registerOperations(
  app: FastifyInstance,
  operations: Operations,
  services: Services,
  options: RegisterOptions,
): void {
  app.decorateRequest("caller");
  for (const name of Object.keys(endpointPaths) as OperationName[]) {
    // keys of the contract's own table
    const operation: Operation<OperationName> = operations[name] as Operation<OperationName>; // paired by name below
    const { method, path } = endpointPaths[name];
    app.route({
      method,
      url: path,
      config: {
        access: operation.access,
        unboundedBody: operation.bodyKind === "bytes",
        ...(operation.perMinute === undefined
          ? {}
          : {
              perMinute: operation.perMinute,
              rateLimit: { max: operation.perMinute, timeWindow: "1 minute" },
            }),
      },
      schema: openApiSchemas(name),
      bodyLimit: operation.bodyKind === "bytes" ? Number.MAX_SAFE_INTEGER : 2 * 1024 * 1024,
      onRequest: admissionOf(name, operation as AnyOperation, services), // call parts fit by name
      handler: handlerOf(name, operation as AnyOperation, services, options.checkReplies), // as above
    });
  }
}
