/** Nobody holds a connection by sending a body drop by drop: it is there in time, or the connection ends. Uploads are exempt. */
import type { FastifyRequest } from "fastify";

const bodyWithinMs = 30_000;

/** Call before the body is read. */
export function limitBodyTime(request: FastifyRequest, withinMs = bodyWithinMs): void {
  const { "content-length": length, "transfer-encoding": encoding } = request.headers;
  if (encoding === undefined && (length === undefined || length === "0")) return;
  if (request.routeOptions.config.unboundedBody === true) return;
  const { raw } = request;
  const timer = setTimeout(() => raw.destroy(), withinMs).unref();
  const settle = () => clearTimeout(timer);
  raw.once("end", settle);
  raw.once("close", settle);
}
