/** What every answer says about itself; those too that the framework gives before a route is found. */
import type { Config } from "../config.ts";

/** By the request's id. */
export function answerHeaders(
  { tls, publicUrl }: Config,
  contentSecurityPolicy: string,
): (requestId: string) => Record<string, string> {
  const always = {
    "content-security-policy": contentSecurityPolicy,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "x-frame-options": "DENY",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
    ...(tls !== null || publicUrl.startsWith("https:")
      ? { "strict-transport-security": "max-age=31536000" }
      : {}),
  };
  return (requestId) => ({ "x-request-id": requestId, ...always });
}
