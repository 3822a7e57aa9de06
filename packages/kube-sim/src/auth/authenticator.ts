/** Finds out who makes a request: client certificate, bearer token, or nobody. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { unauthorized } from "../store/status-error.ts";
import type { ServiceAccountTokens } from "./service-account-tokens.ts";
import { ANONYMOUS, authenticated, type User } from "./user.ts";

/** Checks one kind of token; undefined means "not mine". */
export type TokenChecker = (token: string) => Promise<User | undefined>;

const WEBSOCKET_TOKEN = "base64url.bearer.authorization.k8s.io.";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export class Authenticator {
  /** By hash, so that look-up time tells nothing about the token. */
  readonly #staticTokens = new Map<string, User>();
  readonly #checkers: TokenChecker[];

  constructor(serviceAccounts: ServiceAccountTokens) {
    this.#checkers = [(token) => serviceAccounts.check(token)];
  }

  addStaticToken(token: string, user: User): void {
    this.#staticTokens.set(sha256(token), authenticated(user));
  }

  addChecker(checker: TokenChecker): void {
    this.#checkers.push(checker);
  }

  /** Throws 401 when credentials are given but wrong. */
  async authenticate(request: IncomingMessage): Promise<User> {
    const certificateUser = userOfCertificate(request.socket as TLSSocket); // the server speaks TLS only
    if (certificateUser !== undefined) return certificateUser;
    const token = bearerToken(request);
    if (token === undefined) return ANONYMOUS;
    const user = await this.checkToken(token);
    if (user === undefined) throw unauthorized();
    return user;
  }

  async checkToken(token: string): Promise<User | undefined> {
    const known = this.#staticTokens.get(sha256(token));
    if (known !== undefined) return known;
    for (const check of this.#checkers) {
      const user = await check(token);
      if (user !== undefined) return authenticated(user);
    }
    return undefined;
  }
}

/** A connection keeps its certificate, and reading one costs as much as many a request. */
const certificateUsers = new WeakMap<TLSSocket, { user: User | undefined }>();

function userOfCertificate(socket: TLSSocket): User | undefined {
  let known = certificateUsers.get(socket);
  if (known === undefined) {
    known = { user: readCertificate(socket) };
    certificateUsers.set(socket, known);
  }
  return known.user;
}

function readCertificate(socket: TLSSocket): User | undefined {
  if (!socket.authorized) return undefined;
  const { subject } = socket.getPeerCertificate();
  const names: unknown = subject?.CN;
  const organizations: unknown = subject?.O;
  const name = typeof names === "string" ? names : undefined;
  if (name === undefined) return undefined;
  const groups = Array.isArray(organizations)
    ? organizations.map(String)
    : typeof organizations === "string"
      ? [organizations]
      : [];
  return authenticated({ name, groups, extra: {} });
}

function bearerToken(request: IncomingMessage): string | undefined {
  const header = request.headers.authorization;
  if (header !== undefined) {
    const match = /^bearer\s+(\S+)\s*$/i.exec(header);
    if (match?.[1] === undefined) throw unauthorized();
    return match[1];
  }
  const protocols = (request.headers["sec-websocket-protocol"] ?? "").split(",");
  const carrier = protocols.map((part) => part.trim()).find((part) => part.startsWith(WEBSOCKET_TOKEN));
  return carrier === undefined
    ? undefined
    : Buffer.from(carrier.slice(WEBSOCKET_TOKEN.length), "base64url").toString();
}
