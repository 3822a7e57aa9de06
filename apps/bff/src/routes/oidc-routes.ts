/** The two navigations of signing in at an identity provider. */
import type { ActivityRow } from "@kubev/api-types/activity";
import { otherPaths } from "@kubev/api-types/endpoint-paths";
import type { Reason } from "@kubev/api-types/reason";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { clearCookie, flowCookie, readCookie, sessionCookie, setCookie } from "../identity/cookies.ts";
import { SignInRefusedError } from "../identity/oidc.ts";
import { requireActable, type SessionSecret } from "../identity/session.ts";
import { whoAmI } from "../identity/who-am-i.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { Services } from "../services.ts";
import { ApiProblem } from "../http/api-problem.ts";
import { problemOf } from "../http/error-mapping.ts";
import { callerOf } from "../http/request-session.ts";
import { outcomeOf } from "./trail-outcome.ts";

const flowSeconds = 600;

export function registerOidcRoutes(app: FastifyInstance, services: Services): void {
  const { oidc, sessions, origins } = services;
  const originOf = (headers: Parameters<typeof origins.expectedOrigin>[0]): string => {
    const origin = origins.expectedOrigin(headers);
    if (origin === null) throw new ApiProblem("origin-refused");
    return origin;
  };
  const recordSignIn = async (
    request: FastifyRequest,
    user: string,
    outcome: ActivityRow["outcome"],
    reason?: Reason,
  ) =>
    services.audit.record({
      user,
      action: "sign-in",
      noun: "session",
      name: "oidc",
      outcome,
      ...(reason === undefined ? {} : { reason }),
      sourceIp: request.ip,
      requestId: request.id,
      diff: [],
    });
  const limited = { access: "public" as const, rateLimit: { max: 30, timeWindow: "1 minute" } };

  app.route<{ Querystring: { returnTo?: string } }>({
    method: "GET",
    url: otherPaths.oidcStart,
    config: limited,
    schema: { hide: true },
    handler: async (request, reply) => {
      if (oidc === null) throw new ApiProblem("not-found");
      const origin = originOf(request.headers);
      const returnTo = typeof request.query.returnTo === "string" ? request.query.returnTo : "/";
      try {
        const { url, browser } = await oidc.start(returnTo, `${origin}${otherPaths.oidcCallback}`);
        reply.header("set-cookie", setCookie(flowCookie, browser, flowSeconds));
        return await reply.redirect(url, 302);
      } catch (error) {
        return reply.redirect(signInPage(error), 302);
      }
    },
  });

  app.route({
    method: "GET",
    url: otherPaths.oidcCallback,
    config: limited,
    schema: { hide: true },
    handler: async (request, reply) => {
      if (oidc === null) throw new ApiProblem("not-found");
      const origin = originOf(request.headers);
      const browser = readCookie(request.headers.cookie, flowCookie);
      reply.header("set-cookie", clearCookie(flowCookie));
      try {
        const { secret: claimed, returnTo } = await oidc.finish(new URL(request.url, origin), browser);
        const secret = await settled(services, claimed);
        const before = await callerOf(services, request, false);
        if (before !== null) await sessions.end(before.session.hash);
        const { id, session } = await sessions.create(secret);
        if (await services.providerLogouts.endedMeanwhile(secret)) {
          await sessions.end(session.hash);
          throw new SignInRefusedError("oidc-refused", "The identity provider ended this sign-in meanwhile");
        }
        await recordSignIn(request, secret.person.userName, "ok");
        reply.header("set-cookie", setCookie(sessionCookie, id));
        return await reply.redirect(returnTo, 303);
      } catch (error) {
        request.log.warn({ err: error instanceof Error ? error.message : String(error) }, "sign-in refused");
        const problem = problemOf(error);
        await recordSignIn(request, "", outcomeOf(problem), problem.details.reason);
        return reply.redirect(signInPage(error), 303);
      }
    },
  });
}

/** Where the person acts by his own token, the cluster says who that is; the provider's claims only name him for people. */
async function settled(services: Services, secret: SessionSecret): Promise<SessionSecret> {
  if (services.config.actingMode === "impersonate") {
    try {
      requireActable(secret, "impersonate");
    } catch (error) {
      throw new SignInRefusedError("oidc-refused", error instanceof Error ? error.message : "", error);
    }
    return secret;
  }
  const person = await whoAmI(services.endpoint, { kind: "bearer", token: secret.token ?? "" }).catch(
    (error: unknown) => {
      if (error instanceof KubeError && (error.status === 401 || error.status === 403))
        throw new SignInRefusedError(
          "token-refused",
          "The cluster does not accept the provider's token",
          error,
        );
      throw error;
    },
  );
  return { ...secret, person: { ...person, displayName: secret.person.displayName } };
}

/** The sign-in page, told why: only a code, never the provider's words, goes into the URL. */
function signInPage(error: unknown): string {
  const code = error instanceof SignInRefusedError ? error.code : problemOf(error).code;
  return `/sign-in?refused=${encodeURIComponent(code)}`;
}
