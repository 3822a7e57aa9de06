/** Sign-in at an identity provider: authorization code with PKCE, nonce and state, each of one flow and used once. */
import * as client from "openid-client";
import type { OidcConfig } from "../config.ts";
import type { Clock } from "../kube/clock.ts";
import type { Database } from "../store/database.ts";
import { hashId, newOpaqueId, seal, unseal } from "../store/sealing.ts";
import { ForgedTokenError, IssuerKeys, KeysUnreachableError } from "./issuer-keys.ts";
import { LogoutRefusedError, type ProviderLogout, readLogoutToken } from "./logout-token.ts";
import type { Person, SessionSecret } from "./session.ts";

interface Flow {
  verifier: string;
  nonce: string;
  returnTo: string;
  /** The flow cookie's value; another browser has another. */
  browser: string;
}

const flowLifetimeMs = 10 * 60_000;
const discoveryRetryMs = 5000;
/** How far the provider's clock may be from ours where a token says when it begins and ends. */
const clockLeewaySeconds = 60;

export class SignInRefusedError extends Error {
  readonly code: "oidc-refused" | "oidc-flow-unknown" | "oidc-unreachable" | "token-refused";
  /** Given for the one that was spent, by a renewal that could not be finished: the only one that still works. */
  readonly nextRefreshToken: string | undefined;
  constructor(code: SignInRefusedError["code"], message: string, cause?: unknown, nextRefreshToken?: string) {
    super(message, { cause });
    this.name = "SignInRefusedError";
    this.code = code;
    this.nextRefreshToken = nextRefreshToken;
  }
}

/** Only a path of this console; anything a browser could take for another host becomes `/`. */
export function safeReturnTo(value: string | undefined): string {
  if (value === undefined || value.length > 2000) return "/";
  if (!/^\/(?![/\\])[\x21-\x7e]*$/.test(value) || value.includes("\\")) return "/";
  try {
    const url = new URL(value, "http://console.invalid");
    return url.origin === "http://console.invalid" && !url.pathname.startsWith("//")
      ? `${url.pathname}${url.search}${url.hash}`
      : "/";
  } catch {
    return "/";
  }
}

export class OidcSignIn {
  readonly #config: OidcConfig;
  readonly #db: Database;
  readonly #key: string;
  readonly #clock: Clock;
  readonly #keys: IssuerKeys;
  #discovered: Promise<client.Configuration> | null = null;
  #discoveredAtMs = 0;

  constructor(config: OidcConfig, db: Database, key: string, clock: Clock) {
    this.#config = config;
    this.#db = db;
    this.#key = key;
    this.#clock = clock;
    this.#keys = new IssuerKeys(clock);
  }

  /**
   * Reaches the provider and has its keys at hand: nothing that works once is spent before.
   * @throws SignInRefusedError `oidc-unreachable`
   */
  async ready(): Promise<void> {
    const provider = await this.#provider();
    try {
      await this.#keys.ready(this.#keysUrl(provider));
    } catch (error) {
      throw this.#problemOf(error);
    }
  }

  /** Where the provider publishes its keys: never on a plainer line than its own. */
  #keysUrl(provider: client.Configuration): string {
    const url = provider.serverMetadata().jwks_uri ?? "";
    if (!url.startsWith("https:") && !this.#config.issuer.startsWith("http:"))
      throw new SignInRefusedError("oidc-refused", "The identity provider publishes no keys over HTTPS");
    return url;
  }

  /** The id_token says who acts, so its signature counts even where the line it came on is trusted. */
  async #requireSigned(
    provider: client.Configuration,
    token: string,
    from: "provider" | "anybody" = "provider",
  ): Promise<void> {
    const algorithms = provider.serverMetadata().id_token_signing_alg_values_supported ?? ["RS256"];
    await this.#keys.verify(token, this.#keysUrl(provider), algorithms, from);
  }

  /**
   * What a logout token that somebody sent asks for, once it is sure that the provider made it. What can be told without the
   * provider's keys is told first.
   * @throws LogoutRefusedError; SignInRefusedError `oidc-unreachable` where that cannot be told now
   */
  async logoutOf(token: string): Promise<ProviderLogout> {
    const provider = await this.#provider();
    const logout = readLogoutToken(token, {
      issuer: provider.serverMetadata().issuer,
      clientId: this.#config.clientId,
      nowMs: this.#clock.nowMs(),
      leewaySeconds: clockLeewaySeconds,
    });
    try {
      await this.#requireSigned(provider, token, "anybody");
    } catch (error) {
      if (error instanceof ForgedTokenError) throw new LogoutRefusedError(error.message, { cause: error });
      throw this.#problemOf(error);
    }
    return logout;
  }

  /** Of a failure on the way to a token that counts. */
  #problemOf(error: unknown, nextRefreshToken?: string): SignInRefusedError {
    if (error instanceof SignInRefusedError && nextRefreshToken === undefined) return error;
    const code =
      error instanceof SignInRefusedError
        ? error.code
        : error instanceof KeysUnreachableError || !isAnswer(error)
          ? "oidc-unreachable"
          : "oidc-refused";
    return new SignInRefusedError(
      code,
      error instanceof Error ? error.message : "unknown",
      error,
      nextRefreshToken,
    );
  }

  async #provider(): Promise<client.Configuration> {
    if (
      this.#discovered === null &&
      this.#clock.monotonicMs() - this.#discoveredAtMs < discoveryRetryMs &&
      this.#discoveredAtMs > 0
    )
      throw new SignInRefusedError("oidc-unreachable", "The identity provider did not answer a moment ago");
    this.#discoveredAtMs = this.#clock.monotonicMs();
    const { issuer, clientId, clientSecret } = this.#config;
    this.#discovered ??= client.discovery(
      new URL(issuer),
      clientId,
      {
        ...(clientSecret === "" ? { token_endpoint_auth_method: "none" } : { client_secret: clientSecret }),
        [client.clockTolerance]: clockLeewaySeconds,
      },
      clientSecret === "" ? client.None() : undefined,
      {
        timeout: 10,
        // plain HTTP is the operator's own choice of issuer, e.g. the demo's on loopback
        execute: issuer.startsWith("http:") ? [client.allowInsecureRequests] : [],
      },
    );
    try {
      return await this.#discovered;
    } catch (error) {
      this.#discovered = null;
      throw new SignInRefusedError("oidc-unreachable", "The identity provider cannot be reached", error);
    }
  }

  /** Where to send the browser, and the cookie value that ties the flow to it. */
  async start(returnTo: string, callbackUrl: string): Promise<{ url: string; browser: string }> {
    const provider = await this.#provider();
    const state = newOpaqueId();
    const flow: Flow = {
      verifier: client.randomPKCECodeVerifier(),
      nonce: client.randomNonce(),
      returnTo: safeReturnTo(returnTo),
      browser: newOpaqueId(),
    };
    const nowMs = this.#clock.nowMs();
    await this.#db.deleteFrom("sign_in_flows").where("expires_at", "<", nowMs).execute();
    await this.#db
      .insertInto("sign_in_flows")
      .values({
        state_hash: hashId(state),
        sealed: seal(this.#key, state, flow),
        expires_at: nowMs + flowLifetimeMs,
      })
      .execute();
    const scopes = this.#config.scopes;
    const url = client.buildAuthorizationUrl(provider, {
      redirect_uri: callbackUrl,
      scope: scopes,
      state,
      nonce: flow.nonce,
      code_challenge: await client.calculatePKCECodeChallenge(flow.verifier),
      code_challenge_method: "S256",
      ...(scopes.split(" ").includes("offline_access") ? { prompt: "consent" } : {}),
    });
    return { url: url.href, browser: flow.browser };
  }

  /**
   * Finishes a flow. `callback` is the whole URL the browser came back to.
   * @throws SignInRefusedError for anything but a fresh, honest answer of the provider
   */
  async finish(callback: URL, browser: string | null): Promise<{ secret: SessionSecret; returnTo: string }> {
    const state = callback.searchParams.get("state") ?? "";
    const row = await this.#db
      .deleteFrom("sign_in_flows")
      .where("state_hash", "=", hashId(state))
      .returningAll()
      .executeTakeFirst();
    const flow =
      row === undefined || row.expires_at < this.#clock.nowMs()
        ? null
        : (unseal(this.#key, state, row.sealed) as Flow | null); // sealed by start() from this type
    if (flow === null || browser === null || flow.browser !== browser)
      throw new SignInRefusedError(
        "oidc-flow-unknown",
        "This sign-in was not begun here, or was used already",
      );
    await this.ready();
    const provider = await this.#provider();
    try {
      const tokens = await client.authorizationCodeGrant(provider, callback, {
        pkceCodeVerifier: flow.verifier,
        expectedNonce: flow.nonce,
        expectedState: state,
        idTokenExpected: true,
      });
      const secret = this.#secretOf(tokens);
      await this.#requireSigned(provider, secret.token);
      return { secret, returnTo: flow.returnTo };
    } catch (error) {
      if (error instanceof SignInRefusedError) throw error;
      if (error instanceof KeysUnreachableError) throw this.#problemOf(error);
      const words =
        error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError
          ? (error.error_description ?? error.error)
          : error instanceof Error
            ? error.message
            : "unknown error";
      throw new SignInRefusedError("oidc-refused", words, error);
    }
  }

  #secretOf(
    tokens: client.TokenEndpointResponse & client.TokenEndpointResponseHelpers,
  ): SessionSecret & { token: string } {
    const claims = tokens.claims();
    if (claims === undefined || tokens.id_token === undefined)
      throw new SignInRefusedError("oidc-refused", "The identity provider sent no id_token");
    const name = claims[this.#config.usernameClaim];
    if (typeof name !== "string" || name === "")
      throw new SignInRefusedError("oidc-refused", `The id_token has no claim ${this.#config.usernameClaim}`);
    if (`${this.#config.userPrefix}${name}`.startsWith("system:"))
      throw new SignInRefusedError(
        "oidc-refused",
        "The identity provider named a user of the cluster itself",
      );
    const groups = claims[this.#config.groupsClaim];
    const display = claims["name"] ?? claims["preferred_username"] ?? claims.email;
    const person: Person = {
      userName: `${this.#config.userPrefix}${name}`,
      displayName: typeof display === "string" ? display : name,
      groups: [
        // names that begin with system: belong to the cluster; no provider may hand them out
        ...(Array.isArray(groups)
          ? groups
              .filter((group): group is string => typeof group === "string")
              .map((group) => `${this.#config.groupsPrefix}${group}`)
              .filter((group) => !group.startsWith("system:"))
          : []),
        "system:authenticated",
      ],
    };
    // the life of the token counts from when it came: the provider's clock need not be ours
    const nowMs = this.#clock.nowMs();
    return {
      person,
      mode: "oidc",
      token: tokens.id_token,
      tokenIssuedAtMs: nowMs,
      tokenExpiresAtMs: nowMs + (claims.exp - claims.iat) * 1000,
      refreshToken: tokens.refresh_token,
      subject: claims.sub,
    };
  }

  /**
   * New tokens for a session. Its refresh token is spent by asking; where the answer cannot be accepted, the error carries the next one.
   * @throws SignInRefusedError, `oidc-unreachable` when asking again may help
   */
  async refresh(session: SessionSecret): Promise<SessionSecret> {
    if (session.refreshToken === undefined)
      throw new SignInRefusedError("oidc-refused", "The identity provider gave no refresh token");
    const provider = await this.#provider();
    let next: string | undefined;
    try {
      const tokens = await client.refreshTokenGrant(provider, session.refreshToken);
      next = tokens.refresh_token;
      const fresh = this.#secretOf(tokens);
      await this.#requireSigned(provider, fresh.token);
      if (fresh.subject !== session.subject)
        throw new SignInRefusedError("oidc-refused", "The identity provider answered for somebody else");
      return { ...fresh, refreshToken: next ?? session.refreshToken };
    } catch (error) {
      throw this.#problemOf(error, next);
    }
  }
}

/** Whether the provider answered, with what cannot be accepted; anything else may be over at the next try. */
function isAnswer(error: unknown): boolean {
  if (error instanceof ForgedTokenError) return true;
  if (error instanceof client.ResponseBodyError) return error.status < 500;
  return (
    error instanceof client.ClientError &&
    (error.code === "OAUTH_INVALID_RESPONSE" || error.code?.startsWith("OAUTH_JWT") === true)
  );
}
