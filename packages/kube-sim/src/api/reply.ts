/** Writes answers: JSON, Status errors, text, gzip. */
import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { PlainError, StatusError, type Status } from "../store/status-error.ts";

/** Bodies from this size on are compressed for clients that accept it, as the API server does. */
export const GZIP_FROM_BYTES = 128 * 1024;

export const acceptsGzip = (request: IncomingMessage): boolean =>
  /\bgzip\b/.test(request.headers["accept-encoding"] ?? "");

export function sendJson(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  body: unknown,
): void {
  sendBytes(request, response, code, Buffer.from(JSON.stringify(body)), "application/json");
}

export function sendBytes(
  request: IncomingMessage,
  response: ServerResponse,
  code: number,
  bytes: Buffer,
  contentType: string,
): void {
  const zip = bytes.length >= GZIP_FROM_BYTES && acceptsGzip(request);
  const body = zip ? gzipSync(bytes, { level: 1 }) : bytes;
  response.writeHead(code, {
    "Content-Type": contentType,
    "Cache-Control": "no-cache, private",
    "Content-Length": body.length,
    ...(zip ? { "Content-Encoding": "gzip", Vary: "Accept-Encoding" } : {}),
  });
  response.end(request.method === "HEAD" ? undefined : body);
}

export function sendText(
  response: ServerResponse,
  code: number,
  text: string,
  contentType = "text/plain; charset=utf-8",
): void {
  response.writeHead(code, { "Content-Type": contentType, "X-Content-Type-Options": "nosniff" });
  response.end(text);
}

/** Any thrown value as a Status; what is not a StatusError becomes a plain 500. */
export function statusOf(error: unknown): Status {
  if (error instanceof StatusError) return error.status;
  if (error instanceof URIError) return new StatusError(400, "BadRequest", "malformed URL").status;
  const message = `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`;
  return new StatusError(500, "InternalError", message).status;
}

export function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof PlainError) {
    sendText(response, error.code, error.message);
    return;
  }
  const status = statusOf(error);
  if (status.details?.retryAfterSeconds !== undefined) {
    response.setHeader("Retry-After", String(status.details.retryAfterSeconds));
  }
  sendJson(request, response, status.code ?? 500, status);
}

/** Adds a Warning header in the form clients print. */
export function addWarning(response: ServerResponse, text: string): void {
  // UTF-8 as headers carry bytes; what would end the header is left out (apimachinery's pkg/util/net, NewWarningHeader)
  const escaped = text
    .replaceAll(/[\p{Cc}\p{Cs}]/gu, "")
    .replaceAll("\\", "\\\\")
    .replaceAll('"', '\\"');
  response.appendHeader("Warning", Buffer.from(`299 - "${escaped}"`, "utf8").toString("latin1"));
}
