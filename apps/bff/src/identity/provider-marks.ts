/** By what a provider names a session of ours in a logout: hashes that the database can look for, in no words of the provider's. */
import { createHash } from "node:crypto";
import { decodeJwt } from "jose";
import type { SessionSecret } from "./session.ts";

/** `''` where it is not known. */
export interface ProviderMarks {
  provider_subject: string;
  provider_session: string;
}

export const noMarks: ProviderMarks = { provider_subject: "", provider_session: "" };

/** Ids are each provider's own: another one's are other marks. */
export function marksOf(ids: { issuer: string; subject?: unknown; session?: unknown }): ProviderMarks {
  const mark = (kind: string, id: unknown) =>
    typeof id === "string" && id !== ""
      ? createHash("sha256")
          .update(JSON.stringify([kind, ids.issuer, id]))
          .digest("base64url")
      : "";
  return { provider_subject: mark("sub", ids.subject), provider_session: mark("sid", ids.session) };
}

/** The claims of the id_token that a session was made of, which was looked at then; null for sessions of no provider. */
function claimsOf({ mode, token }: Pick<SessionSecret, "mode" | "token">) {
  if (mode !== "oidc" || token === undefined) return null;
  try {
    return decodeJwt(token);
  } catch {
    return null; // nothing but a test's session holds what is no token
  }
}

export function marksOfSession(secret: Pick<SessionSecret, "mode" | "token">): ProviderMarks {
  const claims = claimsOf(secret);
  return claims === null
    ? noMarks
    : marksOf({ issuer: claims.iss ?? "", subject: claims.sub, session: claims["sid"] });
}

/** When the provider made the session's token, by the provider's clock; null for sessions of no provider. */
export function madeByProviderAtMs(secret: Pick<SessionSecret, "mode" | "token">): number | null {
  const iat = claimsOf(secret)?.iat;
  return iat === undefined ? null : iat * 1000;
}
