/** Who may talk to us at all: the right host name, the right origin, the right content type. */
import type { IncomingHttpHeaders } from "node:http";
import type { Config } from "../config.ts";
import { isLoopback } from "../config.ts";
import { reasonOf } from "../domain/reasons.ts";
import { ApiProblem } from "./api-problem.ts";

export interface OriginRules {
  /** The origin that a request's browser must be on, or null when its Host is none of ours. */
  expectedOrigin(headers: IncomingHttpHeaders): string | null;
}

/**
 * On loopback only loopback's names count as Host, which stops DNS rebinding; elsewhere PUBLIC_URL's host where it is set.
 */
export function originRules(config: Config): OriginRules {
  const scheme = config.tls === null ? "http" : "https";
  const nobodySignsIn = config.signInModes.includes("kubeconfig");
  return {
    expectedOrigin: (headers) => {
      // a proxy in front would give everybody the rights of the file
      if (nobodySignsIn && forwardedHeaders.some((name) => headers[name] !== undefined)) return null;
      const host = (headers.host ?? "").toLowerCase();
      if (config.publicUrl !== "") {
        const url = new URL(config.publicUrl);
        if (host === url.host) return url.origin;
        // the demo is opened under every name of loopback
        if (!isLoopback(url.hostname) || !isLoopback(hostName(host))) return null;
        return `${scheme}://${host}`;
      }
      if (isLoopback(config.host) && !isLoopback(hostName(host))) return null;
      return /^[a-z0-9.:[\]-]+$/.test(host) ? `${scheme}://${host}` : null;
    },
  };
}

const forwardedHeaders = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"] as const;

function hostName(host: string): string {
  return host.replace(/:\d+$/, "");
}

const refused = (): ApiProblem => new ApiProblem("origin-refused", { reason: reasonOf("origin-foreign") });

/** For WebSockets and everything that changes state. @throws ApiProblem origin-refused */
export function requireSameOrigin(rules: OriginRules, headers: IncomingHttpHeaders): void {
  const expected = rules.expectedOrigin(headers);
  if (expected === null || headers.origin !== expected) throw refused();
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin") throw refused();
}

/** For every request: a Host that is none of ours is not answered. @throws ApiProblem origin-refused */
export function requireOwnHost(rules: OriginRules, headers: IncomingHttpHeaders): void {
  if (rules.expectedOrigin(headers) === null) throw refused();
}

/**
 * A target that is a whole URL, or `*`, is for proxies: its authority would be read beside Host, which is what was looked at.
 * @throws ApiProblem bad-request unless `target` is a path
 */
export function requireOriginForm(target: string): void {
  if (!target.startsWith("/")) throw new ApiProblem("bad-request");
}

const jsonType = /^application\/json(?:; ?charset=utf-8)?$/i;

/** @throws ApiProblem bad-request unless the body is declared as exactly what the operation takes */
export function requireContentType(headers: IncomingHttpHeaders, expected: "json" | "bytes" | "none"): void {
  const type = headers["content-type"];
  const fits =
    expected === "json"
      ? jsonType.test(type ?? "")
      : expected === "bytes"
        ? type === "application/octet-stream"
        : type === undefined;
  if (!fits || headers["content-encoding"] !== undefined)
    throw new ApiProblem("bad-request", {
      reason: reasonOf("content-type-wrong", {
        expected:
          expected === "json"
            ? "application/json"
            : expected === "bytes"
              ? "application/octet-stream"
              : "none",
      }),
    });
}
