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

/** Whose token it is, and for which of the audiences that were asked about. */
export interface CheckedToken {
  user: User;
  audiences: string[];
}

/** An object that a token lives and dies with. */
export interface BoundObject {
  kind: string;
  name: string;
  uid: string;
}

/** What tokens can be bound to. */
export const BOUND_RESOURCES: Readonly<Record<string, string>> = {
  Pod: "pods",
  Secret: "secrets",
  Node: "nodes",
};

interface Claims {
  namespace?: string;
  serviceaccount?: { name: string; uid: string };
  pod?: { name: string; uid: string };
  secret?: { name: string; uid: string };
  node?: { name: string; uid: string };
}

const KEY_ID = "kube-sim";

export class ServiceAccountTokens {
  readonly #privateKey: KeyObject;
  readonly #publicKey: KeyObject;
  readonly #store: KubeStore;

  constructor(keyPem: string, store: KubeStore) {
    this.#privateKey = createPrivateKey(keyPem);
    this.#publicKey = createPublicKey(this.#privateKey);
    this.#store = store;
  }

  /** `/.well-known/openid-configuration`: how others check these tokens. */
  get discovery(): object {
    return {
      issuer: TOKEN_ISSUER,
      jwks_uri: `${TOKEN_ISSUER}/openid/v1/jwks`,
      response_types_supported: ["id_token"],
      subject_types_supported: ["public"],
      id_token_signing_alg_values_supported: ["ES256"],
    };
  }

  /** `/openid/v1/jwks`. */
  get keySet(): object {
    const key = this.#publicKey.export({ format: "jwk" });
    return { keys: [{ use: "sig", kid: KEY_ID, alg: "ES256", ...key }] };
  }

  async mint(
    subject: TokenSubject,
    audiences: string[],
    lifetimeSeconds: number,
    bound?: BoundObject,
  ): Promise<string> {
    const nowSeconds = Math.floor(this.#store.now() / 1000);
    return new SignJWT({
      "kubernetes.io": {
        namespace: subject.namespace,
        serviceaccount: { name: subject.name, uid: subject.uid },
        ...(bound === undefined ? {} : { [bound.kind.toLowerCase()]: { name: bound.name, uid: bound.uid } }),
      },
    })
      .setProtectedHeader({ alg: "ES256", kid: KEY_ID })
      .setIssuer(TOKEN_ISSUER)
      .setAudience(audiences)
      .setSubject(`system:serviceaccount:${subject.namespace}:${subject.name}`)
      .setIssuedAt(nowSeconds)
      .setNotBefore(nowSeconds)
      .setExpirationTime(nowSeconds + lifetimeSeconds)
      .setJti(randomUUID())
      .sign(this.#privateKey);
  }

  /** Undefined when the token is not one of ours, is for none of the audiences, has expired, or its account is gone. */
  async check(token: string, audiences: readonly string[]): Promise<CheckedToken | undefined> {
    let claims: Claims;
    let id: string | undefined;
    let meant: string[];
    try {
      const { payload } = await jwtVerify(token, this.#publicKey, {
        issuer: TOKEN_ISSUER,
        audience: [...audiences],
        algorithms: ["ES256"],
        currentDate: new Date(this.#store.now()),
      });
      claims = payload["kubernetes.io"] ?? {};
      id = payload.jti;
      meant = [payload.aud ?? []].flat().filter((audience) => audiences.includes(audience));
    } catch {
      return undefined;
    }
    const { namespace, serviceaccount } = claims;
    if (namespace === undefined || serviceaccount === undefined) return undefined;
    const isThere = (kind: string, object: { name: string; uid: string }, where?: string): boolean =>
      this.#store.get({
        group: "",
        resource: kind,
        name: object.name,
        ...(where === undefined ? {} : { namespace: where }),
      })?.metadata.uid === object.uid;
    const { pod, secret, node } = claims;
    const isAlive =
      isThere("serviceaccounts", serviceaccount, namespace) &&
      (pod === undefined || isThere("pods", pod, namespace)) &&
      (secret === undefined || isThere("secrets", secret, namespace)) &&
      (node === undefined || isThere("nodes", node));
    if (!isAlive) return undefined;
    const user = {
      ...serviceAccountUser({ namespace, ...serviceaccount }),
      extra: {
        ...(id === undefined ? {} : { "authentication.kubernetes.io/credential-id": [`JTI=${id}`] }),
        ...extraOf("pod", pod),
        ...extraOf("node", node),
      },
    };
    return { user, audiences: meant };
  }
}

const extraOf = (
  kind: string,
  object: { name: string; uid: string } | undefined,
): Record<string, string[]> =>
  object === undefined
    ? {}
    : {
        [`authentication.kubernetes.io/${kind}-name`]: [object.name],
        [`authentication.kubernetes.io/${kind}-uid`]: [object.uid],
      };

export const serviceAccountUser = (subject: TokenSubject): User => ({
  name: `system:serviceaccount:${subject.namespace}:${subject.name}`,
  uid: subject.uid,
  groups: ["system:serviceaccounts", `system:serviceaccounts:${subject.namespace}`, "system:authenticated"],
  extra: {},
});
