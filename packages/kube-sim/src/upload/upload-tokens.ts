/** CDI upload tokens: five minutes for one claim. Source: CDI's pkg/token and upload API server. */
import { createSecretKey, type KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";

const ISSUER = "cdi-apiserver";
const AUDIENCE = "cdi-uploadproxy";
const LIFETIME_SECONDS = 300;

export interface UploadTarget {
  namespace: string;
  claim: string;
}

export class UploadTokens {
  readonly #key: KeyObject;
  readonly #now: () => number;

  /** `secret` is hexadecimal. */
  constructor(secret: string, now: () => number) {
    this.#key = createSecretKey(Buffer.from(secret, "hex"));
    this.#now = now;
  }

  mint(target: UploadTarget): Promise<string> {
    const nowSeconds = Math.floor(this.#now() / 1000);
    return new SignJWT({
      operation: "Upload",
      name: target.claim,
      namespace: target.namespace,
      resource: { version: "v1", resource: "persistentvolumeclaims" },
    })
      .setProtectedHeader({ alg: "HS256" })
      .setIssuer(ISSUER)
      .setAudience(AUDIENCE)
      .setIssuedAt(nowSeconds)
      .setExpirationTime(nowSeconds + LIFETIME_SECONDS)
      .sign(this.#key);
  }

  /** Undefined for a token that is not ours or has expired. */
  async check(token: string): Promise<UploadTarget | undefined> {
    try {
      const { payload } = await jwtVerify(token, this.#key, {
        issuer: ISSUER,
        audience: AUDIENCE,
        algorithms: ["HS256"],
        currentDate: new Date(this.#now()),
      });
      const { name, namespace, operation } = payload;
      if (operation !== "Upload" || typeof name !== "string" || typeof namespace !== "string")
        return undefined;
      return { namespace, claim: name };
    } catch {
      return undefined;
    }
  }
}
