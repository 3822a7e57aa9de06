/** What a provider's logout token must say (OpenID Connect Back-Channel Logout 1.0, sections 2.4 and 2.6), its signature apart. */
import { decodeJwt, type JWTPayload } from "jose";

const logoutEvent = "http://schemas.openid.net/event/backchannel-logout";
/** What the provider sent longer ago is nobody's wish any more, whatever end it gives itself. */
const maxAgeSeconds = 5 * 60;

/** The token asks for nothing that may be done. The message says why, and quotes nothing of it. */
export class LogoutRefusedError extends Error {}

export interface ProviderLogout {
  /** The token's own, of its issuer. */
  id: string;
  issuer: string;
  /** The provider's ids of the person and of the one session; at least one is there. */
  subject: string | undefined;
  session: string | undefined;
  issuedAtMs: number;
  /** From then on the same token would be too old. */
  tooOldAtMs: number;
}

export interface ExpectedOfLogout {
  issuer: string;
  clientId: string;
  nowMs: number;
  /** How far the provider's clock may be from ours. */
  leewaySeconds: number;
}

function idOf(claims: JWTPayload, name: "sub" | "sid" | "jti"): string | undefined {
  const value: unknown = claims[name];
  if (value === undefined) return undefined;
  if (typeof value !== "string" || value === "") throw new LogoutRefusedError(`${name} is no text`);
  return value;
}

function decoded(token: string): JWTPayload {
  try {
    return decodeJwt(token);
  } catch (error) {
    throw new LogoutRefusedError("It is no signed token", { cause: error });
  }
}

function requireForUs(claims: JWTPayload, { issuer, clientId }: ExpectedOfLogout): void {
  if (claims.iss !== issuer) throw new LogoutRefusedError("iss is another provider");
  const { aud } = claims;
  if (aud !== clientId && !(Array.isArray(aud) && aud.includes(clientId)))
    throw new LogoutRefusedError("aud is another client");
  const azp = claims["azp"];
  if (azp !== undefined && azp !== clientId) throw new LogoutRefusedError("azp is another client");
}

/** An id_token is no logout token, and the other way round. */
function requireLogout(claims: JWTPayload): void {
  const events: unknown = claims["events"];
  const event: unknown =
    typeof events === "object" && events !== null && Object.hasOwn(events, logoutEvent)
      ? (events as Record<string, unknown>)[logoutEvent] // it has one of that name
      : undefined;
  if (typeof event !== "object" || event === null || Array.isArray(event))
    throw new LogoutRefusedError("events does not say that it is a logout");
  if (Object.hasOwn(claims, "nonce")) throw new LogoutRefusedError("nonce must not be there");
}

/**
 * Reads a token of which nobody has looked at the signature yet.
 * @throws LogoutRefusedError
 */
export function readLogoutToken(token: string, expected: ExpectedOfLogout): ProviderLogout {
  const claims = decoded(token);
  requireForUs(claims, expected);
  requireLogout(claims);
  const { leewaySeconds } = expected;
  const nowSeconds = expected.nowMs / 1000;
  const { iat, exp } = claims;
  if (typeof iat !== "number") throw new LogoutRefusedError("iat is no time");
  if (iat > nowSeconds + leewaySeconds) throw new LogoutRefusedError("iat lies ahead");
  if (exp !== undefined && typeof exp !== "number") throw new LogoutRefusedError("exp is no time");
  const tooOldAt = Math.min(iat + maxAgeSeconds, exp ?? Number.POSITIVE_INFINITY) + leewaySeconds;
  if (nowSeconds >= tooOldAt) throw new LogoutRefusedError("it is too old");
  const id = idOf(claims, "jti");
  if (id === undefined) throw new LogoutRefusedError("jti is missing");
  const [subject, session] = [idOf(claims, "sub"), idOf(claims, "sid")];
  if (subject === undefined && session === undefined) throw new LogoutRefusedError("sub and sid are missing");
  return {
    id,
    issuer: expected.issuer,
    subject,
    session,
    // times of tokens may have fractions
    issuedAtMs: Math.floor(iat * 1000),
    tooOldAtMs: Math.ceil(tooOldAt * 1000),
  };
}
