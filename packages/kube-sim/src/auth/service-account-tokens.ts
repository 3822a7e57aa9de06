/** Mints and checks service account tokens (ES256 JWTs), as the API server's TokenRequest does. */
import { createPrivateKey, createPublicKey, randomUUID, type KeyObject } from "node:crypto";
import { jwtVerify, SignJWT } from "jose";
import type { KubeStore } from "../store/kube-store.ts";
import type { User } from "./user.ts";

export const TOKEN_ISSUER = "https://kubernetes.default.svc.cluster.local";

export interface TokenSubject {
  namespace: string;
  name: string;
  uid: string;
}

export class ServiceAccountTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #store: KubeStore;

  constructor(keyPem: string, store: KubeStore) {
    this.#privateKey = createPrivateKey(keyPem);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#store = store;
  }

  async mint(subject: TokenSubject, audiences: string[], lifetimeSeconds: number): Promise<string> {
    const nowSeconds = Math.floor(this.#store.now() / 1000);
    return new SignJWT({
      "kubernetes.io": {
        namespace: subject.namespace,
        serviceaccount: { name: subject.name, uid: subject.uid },
      },
    })
      .setProtectedHeader({ alg: "ES256", kid: "kube-sim" })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(audiences)
      .setSubject(`system:serviceaccount:${subject.namespace}:${subject.name}`)
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds)
      .setExpirationTime(nowSeconds + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(this.#privateKey);
  }

  /** Undefined when the token is not one of ours, has expired, or its account is gone. */
  async check(token: string): Promise<User | undefined> {
    let subject: string | undefined;
    let claims: unknown;
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        issuer: TOKEN_ISSUER,
        audience: TOKEN_ISSUER,
        algorithms: ["ES256"],
        currentDate: new Date(this.#store.now()),
      });
      subject = payload.sub;
      claims = payload["kubernetes.io"];
    } catch {
      return undefined;
    }
    const { namespace, serviceaccount } = (claims ?? {}) as {
      namespace?: string;
      serviceaccount?: { name: string; uid: string };
    }; // signed by us
    if (namespace === undefined || serviceaccount === undefined || subject === undefined) return undefined;
    const account = this.#store.get({
      group: "",
      resource: "serviceaccounts",
      namespace,
      name: serviceaccount.name,
    });
    if (account?.metadata.uid !== serviceaccount.uid) return undefined;
    return serviceAccountUser({ namespace, ...serviceaccount });
  }
}

export const serviceAccountUser = (subject: TokenSubject): User => ({
  name: `system:serviceaccount:${subject.namespace}:${subject.name}`,
  uid: subject.uid,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${subject.namespace}`, "system:authenticated"],
  extra: {},
});
