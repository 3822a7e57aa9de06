/**
 * Where the identity provider says whom it signed out or disabled (OpenID Connect Back-Channel Logout 1.0). It comes from a server: without
 * cookie and Origin, as a form, and what counts of it is the provider's signature alone.
 */
import { otherPaths } from "@kubev/api-types/endpoint-paths";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiProblem } from "../http/api-problem.ts";
import { LogoutRefusedError } from "../identity/logout-token.ts";
import { SignInRefusedError } from "../identity/oidc.ts";
import type { Services } from "../services.ts";
import { StoreUnavailableError } from "../store/store-error.ts";

/** A token names a few ids; real ones have about a kilobyte. */
const maxBodyBytes = 16 * 1024;
/** A provider tells of each session by itself, all from one address, when many people are signed out at once. */
const perMinute = 300;

type LogoutOutcome = "done" | "refused" | "failed";

/** The answer that section 2.8 asks for; null where what failed has nothing to do with logouts. */
function refusalOf(error: unknown): { outcome: LogoutOutcome; code: string; words: string } | null {
  if (error instanceof LogoutRefusedError)
    return { outcome: "refused", code: "invalid_request", words: error.message };
  if (error instanceof SignInRefusedError || error instanceof StoreUnavailableError)
    return { outcome: "failed", code: "temporarily_unavailable", words: "It cannot be carried out now" };
  const fastify = error instanceof Error && "code" in error ? String(error.code) : "";
  return fastify.startsWith("FST_ERR_CTP_")
    ? { outcome: "refused", code: "invalid_request", words: "The body is no form of a logout" }
    : null;
}

function tokenOf(body: unknown): string {
  const tokens = body instanceof URLSearchParams ? body.getAll("logout_token") : [];
  const [token] = tokens;
  if (token === undefined || tokens.length > 1)
    throw new LogoutRefusedError("The form needs one logout_token");
  return token;
}

export function registerProviderLogout(
  app: FastifyInstance,
  services: Services,
  count: (outcome: LogoutOutcome) => void,
): void {
  const { oidc, providerLogouts, audit } = services;

  const carryOut = async (request: FastifyRequest): Promise<void> => {
    if (oidc === null) throw new ApiProblem("not-found");
    const ended = await providerLogouts.carryOut(await oidc.logoutOf(tokenOf(request.body)));
    count("done");
    request.log.info({ sessions: ended.length }, "the identity provider signed somebody out");
    for (const { userName } of ended)
      await audit.record({
        user: userName,
        action: "provider-sign-out",
        noun: "session",
        name: "oidc",
        outcome: "ok",
        sourceIp: request.ip,
        requestId: request.id,
        diff: [],
      });
  };

  // in a scope of its own: forms are read here, and nowhere else
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      "application/x-www-form-urlencoded",
      { parseAs: "string", bodyLimit: maxBodyBytes },
      (_request, body, done) => done(null, new URLSearchParams(String(body))),
    );
    scope.setErrorHandler(async (error, request, reply) => {
      const refusal = refusalOf(error);
      if (refusal === null) throw error;
      count(refusal.outcome);
      const why = error instanceof Error ? error.message : String(error);
      request.log.warn({ err: why }, "a logout of the identity provider was not carried out");
      return reply.code(400).send({ error: refusal.code, error_description: refusal.words });
    });
    scope.route({
      method: "POST",
      url: otherPaths.oidcLogout,
      config: { access: "public", rateLimit: { max: perMinute, timeWindow: "1 minute" } },
      schema: { hide: true },
      handler: async (request, reply) => {
        await carryOut(request);
        return reply.code(200).send();
      },
    });
  });
}
