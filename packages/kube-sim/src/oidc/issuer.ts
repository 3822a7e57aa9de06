/** The demo's OpenID Connect issuer: oidc-provider over plain HTTP on loopback, with our own sign-in page. */
import { PasswordTries } from "./password-tries.ts";
import { createHash, createPublicKey, type JsonWebKey, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { jwtVerify } from "jose";
import OidcProvider, { type Configuration, type Provider } from "oidc-provider";
import type { User } from "../auth/user.ts";
import { openIssuerKeys } from "./issuer-keys.ts";
import { openOidcRecords } from "./oidc-records.ts";
import { messagePage, type SignInPerson, signInPage, signOutPage } from "./sign-in-page.ts";

export const CLIENT_ID = "kubev-console";
const SCOPES = ["openid", "offline_access", "profile", "email", "groups"];

export interface IssuerUser {
  name: string;
  password: string;
  groups: string[];
  description: string;
}

export interface IssuerOptions {
  dataDir: string;
  host: string;
  port: number;
  redirectUris: string[];
  /** Where the client hears of logouts (OpenID Connect Back-Channel Logout 1.0); absent tells nobody. */
  logoutUri?: string | undefined;
  users: IssuerUser[];
  now: () => number;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

export interface RunningIssuer {
  issuer: string;
  port: number;
  clientId: string;
  clientSecret: string;
  /** The user of one of our id tokens; undefined for any other token. */
  check(token: string): Promise<User | undefined>;
  /** Tells the client that a user is out with all his sessions, as an administrator's deed would. @throws where the client does not take it */
  signOut(userName: string): Promise<void>;
  close(): Promise<void>;
}

interface LogoutSender {
  /** Without a session the token names the person alone. */
  backchannelLogout(subject: string, session?: string): Promise<void>;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

function csp(nonce: string, formTargets: string[]): string {
  // a policy has no word for an address in brackets: browsers would ignore it and complain
  const named = formTargets.filter((origin) => !origin.includes("["));
  return `default-src 'none'; style-src 'nonce-${nonce}'; form-action ${["'self'", ...named].join(" ")}; frame-ancestors 'none'; base-uri 'none'`;
}

export async function startIssuer(options: IssuerOptions): Promise<RunningIssuer> {
  const server = createServer();
  await listen(server, options.port, options.host);
  const { port } = server.address() as AddressInfo; // listening on TCP
  const issuer = `http://${options.host}:${port}`;
  const keys = openIssuerKeys(options.dataDir);
  const records = openOidcRecords(join(options.dataDir, "oidc.sqlite"), options.now);
  const provider = new OidcProvider(issuer, configuration(options, keys, records.adapter));
  provider.on("server_error", (_context, error) =>
    options.log("the issuer failed", { error: error.stack ?? error.message }),
  );
  const answer = provider.callback();
  const pages = new SignInPages(provider, options);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    // A foreign Host header means DNS rebinding or a wrong address.
    if (request.headers.host !== `${options.host}:${port}`) {
      response.writeHead(421, { "Content-Type": "text/plain" }).end(`The issuer is at ${issuer}\n`);
      return;
    }
    if (request.url?.startsWith("/interaction/") === true) void pages.handle(request, response);
    else void answer(request, response);
  });
  const publicKey = createPublicKey({
    key: keys.signingKey as JsonWebKey,
    format: "jwk",
  }) /* an RSA key of our own making */;
  return {
    issuer,
    port,
    clientId: CLIENT_ID,
    clientSecret: keys.clientSecret,
    check: async (token) => {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          issuer,
          audience: CLIENT_ID,
          algorithms: ["RS256"],
          currentDate: new Date(options.now()),
          requiredClaims: ["exp", "sub"],
        });
        const name = payload["preferred_username"] ?? payload.sub;
        const groups: unknown = payload["groups"];
        if (typeof name !== "string" || name.startsWith("system:")) return undefined;
        return { name, groups: Array.isArray(groups) ? groups.map(String) : [], extra: {} };
      } catch {
        return undefined;
      }
    },
    signOut: async (userName) => {
      const client = (await provider.Client.find(CLIENT_ID)) as unknown as LogoutSender; // its types leave it out
      await client.backchannelLogout(userName);
    },
    close: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      records.close();
    },
  };
}

async function listen(server: Server, port: number, host: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, resolve);
  });
}

function configuration(
  options: IssuerOptions,
  keys: ReturnType<typeof openIssuerKeys>,
  adapter: Configuration["adapter"],
): Configuration {
  const origins = [...new Set(options.redirectUris.map((uri) => new URL(uri).origin))];
  return {
    ...(adapter === undefined ? {} : { adapter }),
    jwks: { keys: [keys.signingKey] },
    cookies: { keys: keys.cookieKeys },
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: keys.clientSecret,
        redirect_uris: options.redirectUris,
        post_logout_redirect_uris: origins.flatMap((origin) => [origin, `${origin}/`, `${origin}/sign-in`]),
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        scope: SCOPES.join(" "),
        ...(options.logoutUri === undefined
          ? {}
          : { backchannel_logout_uri: options.logoutUri, backchannel_logout_session_required: true }),
      },
    ],
    // its own guard against addresses of this machine would keep it from the demo's console, which has no other
    fetch: async (url, { dispatcher: _guard, ...init } = {}) => fetch(url, init),
    scopes: SCOPES,
    claims: {
      openid: ["sub"],
      profile: ["name", "preferred_username"],
      email: ["email", "email_verified"],
      groups: ["groups"],
    },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true },
      backchannelLogout: { enabled: options.logoutUri !== undefined },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (context, form) => {
          const nonce = randomBytes(16).toString("base64");
          context.set("Content-Security-Policy", csp(nonce, origins));
          context.body = signOutPage(nonce, form);
        },
        postLogoutSuccessSource: (context) => {
          const nonce = randomBytes(16).toString("base64");
          context.set("Content-Security-Policy", csp(nonce, origins));
          context.body = messagePage(nonce, "Signed out", "You can close this page.");
        },
      },
    },
    renderError: (context, out) => {
      const nonce = randomBytes(16).toString("base64");
      context.type = "html";
      context.set("Content-Security-Policy", csp(nonce, origins));
      context.body = messagePage(nonce, "Sign-in failed", out.error_description ?? out.error);
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: 3600,
      IdToken: 3600,
      RefreshToken: 14 * 86_400,
      Grant: 14 * 86_400,
      Session: 8 * 3600,
      Interaction: 3600,
    },
    findAccount: (_context, subject) => {
      const user = options.users.find(({ name }) => name === subject);
      if (user === undefined) return undefined;
      return {
        accountId: user.name,
        claims: () => ({
          sub: user.name,
          name: user.name,
          preferred_username: user.name,
          email: `${user.name}@demo.invalid`,
          email_verified: false,
          groups: user.groups,
        }),
      };
    },
  };
}

class SignInPages {
  readonly #provider: Provider;
  readonly #options: IssuerOptions;
  readonly #formTargets: string[];
  readonly #tries: PasswordTries;

  constructor(provider: Provider, options: IssuerOptions) {
    this.#provider = provider;
    this.#options = options;
    this.#tries = new PasswordTries(options.now);
    this.#formTargets = [...new Set(options.redirectUris.map((uri) => new URL(uri).origin))];
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      const { prompt, params, uid, session } = await this.#provider.interactionDetails(request, response);
      const path = (request.url ?? "").split("?")[0] ?? "";
      if (path === `/interaction/${uid}/cancel`) {
        const result = { error: "access_denied", error_description: "The sign-in was cancelled." };
        await this.#provider.interactionFinished(request, response, result, {
          mergeWithLastSubmission: false,
        });
        return;
      }
      if (prompt.name === "consent" && session !== undefined) {
        await this.#grant(request, response, session.accountId, String(params["client_id"]));
        return;
      }
      if (request.method !== "POST") {
        this.#show(
          response,
          200,
          uid,
          typeof params["login_hint"] === "string" ? params["login_hint"] : "",
          undefined,
        );
        return;
      }
      const form = new URLSearchParams(await readForm(request));
      const name = form.get("user") ?? "";
      const waitSeconds = this.#tries.waitSeconds(name);
      if (waitSeconds > 0) {
        this.#show(
          response,
          429,
          uid,
          name,
          `Too many wrong passwords. Try again in ${waitSeconds} seconds.`,
        );
        return;
      }
      if (!this.#passwordFits(name, form.get("password") ?? "")) {
        this.#tries.failed(name);
        this.#show(response, 401, uid, name, "That password does not belong to this user.");
        return;
      }
      const result = { login: { accountId: name, remember: true } };
      await this.#provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false });
    } catch (error) {
      this.#options.log("a sign-in failed", {
        error: error instanceof Error ? error.message : String(error),
      });
      if (response.headersSent) return;
      const nonce = randomBytes(16).toString("base64");
      this.#write(
        response,
        400,
        nonce,
        messagePage(nonce, "Sign-in expired", "Go back to the console and sign in again."),
      );
    }
  }

  /** The one client is ours: it gets what it asks for without another question. */
  async #grant(
    request: IncomingMessage,
    response: ServerResponse,
    accountId: string,
    clientId: string,
  ): Promise<void> {
    const grant = new this.#provider.Grant({ accountId, clientId });
    grant.addOIDCScope(SCOPES.join(" "));
    const grantId = await grant.save();
    await this.#provider.interactionFinished(
      request,
      response,
      { consent: { grantId } },
      { mergeWithLastSubmission: true },
    );
  }

  #passwordFits(name: string, password: string): boolean {
    const user = this.#options.users.find((candidate) => candidate.name === name);
    const fits = timingSafeEqual(digest(password), digest(user?.password ?? randomBytes(16).toString("hex")));
    return user !== undefined && fits;
  }

  #show(
    response: ServerResponse,
    code: number,
    uid: string,
    chosen: string,
    error: string | undefined,
  ): void {
    const people: SignInPerson[] = this.#options.users.map(({ name, description }) => ({
      name,
      description,
    }));
    const nonce = randomBytes(16).toString("base64");
    const action = `/interaction/${uid}`;
    const known = people.some(({ name }) => name === chosen);
    const page = signInPage({
      nonce,
      action,
      cancelAction: `${action}/cancel`,
      people,
      chosen: known ? chosen : (people[0]?.name ?? ""),
      error,
    });
    this.#write(response, code, nonce, page);
  }

  #write(response: ServerResponse, code: number, nonce: string, html: string): void {
    response.writeHead(code, {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      "Content-Security-Policy": csp(nonce, this.#formTargets),
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "no-referrer",
    });
    response.end(html);
  }
}

async function readForm(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) {
    text += String(chunk as Buffer); // no encoding is set on the request
    if (text.length > 16_384) throw new Error("the form is too large");
  }
  return text;
}
