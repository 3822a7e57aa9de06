/** Signing keys, cookie keys and the client's secret of the demo issuer, made once per installation. */
import { generateKeyPairSync, randomBytes } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { JWK } from "oidc-provider";

export interface IssuerKeys {
  signingKey: JWK;
  cookieKeys: string[];
  clientSecret: string;
}

export function openIssuerKeys(dataDir: string): IssuerKeys {
  const path = join(dataDir, "oidc-keys.json");
  if (existsSync(path)) return JSON.parse(readFileSync(path, "utf8")) as IssuerKeys; // written below
  const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const keys: IssuerKeys = {
    signingKey: {
      ...privateKey.export({ format: "jwk" }),
      kid: randomBytes(8).toString("hex"),
      use: "sig",
      alg: "RS256",
    },
    cookieKeys: [randomBytes(32).toString("base64url")],
    clientSecret: randomBytes(32).toString("base64url"),
  };
  writeFileSync(path, JSON.stringify(keys), { mode: 0o600 });
  return keys;
}
