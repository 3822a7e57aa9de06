/** Finds out who makes a request: client certificate, bearer token, or nobody. */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";
import { unauthorized } from "../store/status-error.ts";
import { type CheckedToken, type ServiceAccountTokens, TOKEN_ISSUER } from "./service-account-tokens.ts";
import { ANONYMOUS, authenticated, type User } from "./user.ts";

/** Checks one kind of token; undefined means "not mine". */
export type TokenChecker = (token: string) => Promise<User | undefined>;

const WEBSOCKET_TOKEN = "base64url.bearer.authorization.k8s.io.";
const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

export class Authenticator {
  /** By hash, so that look-up time tells nothing about the token. */
  readonly #staticTokens = new Map<string, User>();
  readonly #checkers: TokenChecker[] = [];
  readonly #serviceAccounts: ServiceAccountTokens;

  constructor(serviceAccounts: ServiceAccountTokens) {
    this.#serviceAccounts = serviceAccounts;
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
    const checked = await this.checkToken(token, [TOKEN_ISSUER]);
    if (checked === undefined) throw unauthorized();
    return checked.user;
  }

  /** Undefined where nobody knows the token, or it is for none of the audiences; tokens that name none are the API's own. */
  async checkToken(token: string, audiences: readonly string[]): Promise<CheckedToken | undefined> {
    const account = await this.#serviceAccounts.check(token, audiences);
    if (account !== undefined) return { ...account, user: authenticated(account.user) };
    if (!audiences.includes(TOKEN_ISSUER)) return undefined;
    const known = this.#staticTokens.get(sha256(token));
    if (known !== undefined) return { user: known, audiences: [TOKEN_ISSUER] };
    for (const check of this.#checkers) {
      const user = await check(token);
      if (user !== undefined) return { user: authenticated(user), audiences: [TOKEN_ISSUER] };
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
  const { subject } = socket.getPeerCertificate();
  if (!socket.authorized) {
    // none is nobody; one that nobody vouches for is a wrong credential
    if (subject === undefined) return undefined;
    throw unauthorized();
  }
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
