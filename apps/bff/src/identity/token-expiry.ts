/** When a bearer token ends by its own words: the cluster that took it has checked them (RFC 7519, `exp`). */

/** Epoch milliseconds; undefined for tokens that are no JWT or never end. */
export function tokenExpiryMs(token: string): number | undefined {
  const [, payload] = token.split(".");
  if (payload === undefined) return undefined;
  try {
    const claims = JSON.parse(Buffer.from(payload, "base64url").toString("utf8")) as { exp?: unknown } | null; // checked below
    return typeof claims?.exp === "number" ? claims.exp * 1000 : undefined;
  } catch {
    return undefined;
  }
}
