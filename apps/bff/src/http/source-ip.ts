/** Whose address a request came from, for requests that pass Fastify by: upgrades. The same rule as Fastify's `request.ip`. */
import type { IncomingMessage } from "node:http";
import proxyAddr, { compile } from "@fastify/proxy-addr";

/** The last address that no trusted proxy stands for; without trusted proxies the peer's own. */
export function sourceIpBehind(trustedProxies: readonly string[]): (request: IncomingMessage) => string {
  if (trustedProxies.length === 0) return (request) => request.socket.remoteAddress ?? "";
  const trusts = compile([...trustedProxies]);
  return (request) => proxyAddr(request, trusts);
}
