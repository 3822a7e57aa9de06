/** The caller of a request or socket, from its one cookie. */
import type { IncomingHttpHeaders } from "node:http";
import { reasonOf } from "../domain/reasons.ts";
import type { Caller } from "../identity/callers.ts";
import { SignInRefusedError } from "../identity/oidc.ts";
import { SessionLostError } from "../identity/session.ts";
import { readCookie, sessionCookie } from "../identity/cookies.ts";
import type { Services } from "../services.ts";
import { ApiProblem } from "./api-problem.ts";

/**
 * Null for an anonymous request of a public route.
 * @throws ApiProblem unauthenticated or session-expired when `required`
 */
export async function callerOf(
  services: Services,
  request: { headers: IncomingHttpHeaders },
  required: boolean,
  passive = false,
): Promise<Caller | null> {
  const id = readCookie(request.headers.cookie, sessionCookie);
  if (id === null || !/^[\w-]{43}$/.test(id)) {
    if (required) throw new ApiProblem("unauthenticated", { reason: reasonOf("not-signed-in") });
    return null;
  }
  const session = await services.sessions.find(id, passive);
  if (typeof session === "string") {
    if (!required) return null;
    if (session === "unknown" || session === "none")
      throw new ApiProblem("unauthenticated", { reason: reasonOf("not-signed-in") });
    throw new ApiProblem("session-expired", {
      reason: reasonOf(session === "idle" ? "session-idle" : "session-too-old"),
    });
  }
  try {
    return await services.callers.current(session, id);
  } catch (error) {
    if (!required && (error instanceof SessionLostError || error instanceof SignInRefusedError)) return null;
    throw error;
  }
}
