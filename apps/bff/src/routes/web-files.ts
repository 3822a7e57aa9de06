/**
 * The built SPA, read into memory at start: the only paths that exist are the files that were there, so no path can leave the
 * folder. Hashed assets are immutable, index.html gets a nonce per reply, every other path of the app gets index.html.
 */
import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { extname, join, relative } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

const types: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".woff2": "font/woff2",
  ".wasm": "application/wasm",
  ".map": "application/json; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
};
const compressible = new Set([
  ".html",
  ".js",
  ".css",
  ".json",
  ".svg",
  ".map",
  ".txt",
  ".wasm",
  ".webmanifest",
]);
const nonceMark = "__CSP_NONCE__";

interface WebFile {
  plain: Buffer;
  type: string;
  etag: string;
  hashed: boolean;
  encoded: Map<"br" | "gzip", Promise<Buffer>>;
  extension: string;
}

const brotli = promisify(brotliCompress);
const deflate = promisify(gzip);

function readFiles(folder: string): Map<string, WebFile> {
  const files = new Map<string, WebFile>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const plain = readFileSync(path);
    const url = `/${relative(folder, path).replaceAll("\\", "/")}`;
    const extension = extname(url);
    files.set(url, {
      plain,
      type: types[extension] ?? "application/octet-stream",
      etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
      hashed: url.startsWith("/assets/"),
      encoded: new Map(),
      extension,
    });
  }
  return files;
}

async function encodedBody(file: WebFile, encoding: "br" | "gzip"): Promise<Buffer> {
  let body = file.encoded.get(encoding);
  if (body === undefined) {
    body =
      encoding === "br"
        ? brotli(file.plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })
        : deflate(file.plain, { level: 9 });
    file.encoded.set(encoding, body);
  }
  return body;
}

export function contentSecurityPolicy(nonce: string | null, formTargets: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    `style-src 'self'${nonce === null ? "" : ` 'nonce-${nonce}'`}`,
    "connect-src 'self'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    "manifest-src 'self'",
    "worker-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "require-trusted-types-for 'script'",
    `form-action ${["'self'", ...formTargets].join(" ")}`,
  ].join("; ");
}

function pickEncoding(request: FastifyRequest): "br" | "gzip" | null {
  const accepted = request.headers["accept-encoding"] ?? "";
  if (/\bbr\b/.test(accepted)) return "br";
  return /\bgzip\b/.test(accepted) ? "gzip" : null;
}

/** Paths that never answer with the app's page. */
const notPages = /^\/(api|assets|livez|readyz|metrics)(\/|$)/;

export function registerWebFiles(app: FastifyInstance, folder: string, formTargets: readonly string[]): void {
  const files = folder === "" ? new Map<string, WebFile>() : readFiles(folder);
  const index = files.get("/index.html")?.plain.toString("utf8");
  const wantsPage = (request: FastifyRequest) => /text\/html/.test(request.headers.accept ?? "");

  const page = async (reply: FastifyReply, html: string) => {
    const nonce = randomBytes(16).toString("base64");
    return reply
      .header("content-security-policy", contentSecurityPolicy(nonce, formTargets))
      .header("cache-control", "no-store")
      .type("text/html; charset=utf-8")
      .send(html.replaceAll(nonceMark, nonce));
  };

  app.route({
    method: "GET",
    url: "/*",
    config: { access: "public", rateLimit: false },
    schema: { hide: true },
    handler: async (request, reply) => {
      const path = request.url.split("?", 1)[0] ?? "/";
      const file = path === "/index.html" ? undefined : files.get(path);
      if (file !== undefined) {
        reply
          .header("cache-control", file.hashed ? "public, max-age=31536000, immutable" : "no-cache")
          .header("etag", file.etag)
          .type(file.type);
        if (request.headers["if-none-match"] === file.etag) return reply.code(304).send();
        const encoding = compressible.has(file.extension) ? pickEncoding(request) : null;
        reply.header("vary", "accept-encoding");
        if (encoding === null) return reply.send(file.plain);
        return reply.header("content-encoding", encoding).send(await encodedBody(file, encoding));
      }
      if (index !== undefined && !notPages.test(path) && (wantsPage(request) || path === "/"))
        return page(reply, index);
      return reply.callNotFound();
    },
  });
}
