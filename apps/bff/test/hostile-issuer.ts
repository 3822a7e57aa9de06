/** An identity provider that signs what a test tells it to, over plain HTTP on loopback: codes are used once and bound to PKCE. */
import { createHash, createHmac, generateKeyPairSync, type KeyObject, randomUUID, sign } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

export type Claims = Record<string, unknown>;

/** Makes the id_token for the nonce that the console asked with; null leaves it out. */
export type TokenMaker = (nonce: string) => string | null;

export interface SigningKey {
  kid: string;
  privateKey: KeyObject;
  publicKey: KeyObject;
}

export const clientId = "console";
export const clientSecret = "a-secret-of-the-client";

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");

export function newKey(kid: string): SigningKey {
  return { kid, ...generateKeyPairSync("rsa", { modulusLength: 2048 }) };
}

/** A JWT with this header and these claims, signed with RSA and SHA-256. */
export function signed(claims: Claims, key: SigningKey, header: Claims = {}): string {
  const text = `${part({ alg: "RS256", typ: "JWT", kid: key.kid, ...header })}.${part(claims)}`;
  return `${text}.${sign("sha256", Buffer.from(text), key.privateKey).toString("base64url")}`;
}

/** A JWT whose proof is a shared secret. */
export function sealed(claims: Claims, secret: string): string {
  const text = `${part({ alg: "HS256", typ: "JWT" })}.${part(claims)}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

/** A JWT without any proof; `alg` in the spelling that is given. */
export function unsigned(claims: Claims, alg: string): string {
  return `${part({ alg, typ: "JWT" })}.${part(claims)}.`;
}

export async function startHostileIssuer() {
  const codes = new Map<string, { challenge: string; idToken: string | null }>();
  let keys = [newKey("first")];
  let checksPkce = true;
  let renewed: TokenMaker | null = null;
  let renewals = 0;
  let failsKeys = false;
  let keyReads = 0;
  let beforeRenewal: () => void = () => {};
  /** Each is used once. */
  const refreshTokens = new Set<string>();
  const newRefreshToken = () => {
    const token = randomUUID();
    refreshTokens.add(token);
    return token;
  };
  const server = createServer((request, response) => {
    const json = (status: number, body: unknown) => {
      response.writeHead(status, { "content-type": "application/json" });
      response.end(JSON.stringify(body));
    };
    const answerToken = (form: URLSearchParams) => {
      if (form.get("grant_type") === "refresh_token") {
        renewals += 1;
        beforeRenewal();
        if (!refreshTokens.delete(form.get("refresh_token") ?? ""))
          return json(400, { error: "invalid_grant", error_description: "the refresh token is used" });
        return json(200, {
          access_token: randomUUID(),
          token_type: "Bearer",
          refresh_token: newRefreshToken(),
          id_token: renewed?.(""),
        });
      }
      const code = form.get("code") ?? "";
      const issued = codes.get(code);
      codes.delete(code);
      const challenge = createHash("sha256")
        .update(form.get("code_verifier") ?? "")
        .digest("base64url");
      if (issued === undefined || (checksPkce && issued.challenge !== challenge))
        return json(400, {
          error: "invalid_grant",
          error_description: "the code is used, unknown or another's",
        });
      const idToken = issued.idToken === null ? {} : { id_token: issued.idToken };
      return json(200, {
        access_token: randomUUID(),
        token_type: "Bearer",
        expires_in: 3600,
        ...(renewed === null ? {} : { refresh_token: newRefreshToken() }),
        ...idToken,
      });
    };
    switch (request.url) {
      case "/.well-known/openid-configuration":
        return json(200, {
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          response_types_supported: ["code"],
          subject_types_supported: ["public"],
          id_token_signing_alg_values_supported: ["RS256"],
          code_challenge_methods_supported: ["S256"],
        });
      case "/jwks":
        keyReads += 1;
        if (failsKeys) return json(503, {});
        return json(200, {
          keys: keys.map(({ kid, publicKey }) => ({
            ...publicKey.export({ format: "jwk" }),
            ...(kid === "" ? {} : { kid }),
            use: "sig",
            alg: "RS256",
          })),
        });
      case "/token": {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => answerToken(new URLSearchParams(Buffer.concat(chunks).toString("utf8"))));
        return;
      }
      default:
        return json(404, {});
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`; // it listens on TCP

  return {
    issuer,
    /** The key that it signs with now. */
    key: () => keys[0] ?? newKey("none"),
    /** Signs with another key from now on, and publishes no other. */
    rotate: (kid: string) => {
      keys = [newKey(kid)];
    },
    /** Publishes these, and signs with the first; a key without a name is told apart by its work alone. */
    publish: (next: SigningKey[]) => {
      keys = next;
    },
    /** True for a provider whose keys cannot be fetched. */
    failKeys: (on: boolean) => {
      failsKeys = on;
    },
    /** How often its keys were asked for. */
    keyReads: () => keyReads,
    /** Called when a renewal is asked for, before it is answered. */
    beforeRenewal: (act: () => void) => {
      beforeRenewal = act;
    },
    /** From now on it gives refresh tokens, and this for each of them. */
    renewWith: (make: TokenMaker) => {
      renewed = make;
    },
    /** From now on it renews for nobody whom it knew so far, as for a user who was disabled. */
    disableAll: () => refreshTokens.clear(),
    /** How often a token was renewed. */
    renewals: () => renewals,
    /** False for a provider that ignores PKCE. */
    checkPkce: (on: boolean) => {
      checksPkce = on;
    },
    /** A code for a flow, as the browser would bring it back. */
    code: (flow: { challenge: string; nonce: string }, make: TokenMaker): string => {
      const code = randomUUID();
      codes.set(code, { challenge: flow.challenge, idToken: make(flow.nonce) });
      return code;
    },
    close: async () => new Promise((resolve) => server.close(resolve)),
  };
}
