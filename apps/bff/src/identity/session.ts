/** Who is signed in, and with which credential he acts. */
import { createHash } from "node:crypto";
import { type ActingIdentity, identityHeaders } from "../kube/acting-identity.ts";

/** Who the cluster says this is. */
export interface Person {
  userName: string;
  displayName: string;
  groups: readonly string[];
  uid?: string | undefined;
  extra?: Readonly<Record<string, readonly string[]>> | undefined;
}

/** The cluster takes the person's own token no longer, and the session has ended with it. */
export class SessionLostError extends Error {
  constructor(cause: unknown) {
    super("The cluster no longer accepts the token of this session", { cause });
    this.name = "SessionLostError";
  }
}

/** The sealed part of a session. */
export interface SessionSecret {
  person: Person;
  mode: "oidc" | "token" | "kubeconfig";
  /** The user's own bearer token; absent in kubeconfig mode. */
  token?: string | undefined;
  tokenExpiresAtMs?: number | undefined;
  tokenIssuedAtMs?: number | undefined;
  refreshToken?: string | undefined;
  /** The provider's own id of the person: a refresh must be for the same. */
  subject?: string | undefined;
}

export interface Session extends SessionSecret {
  /** Hash of the cookie's id; safe to keep and to log. */
  hash: string;
  createdAtMs: number;
  lastSeenAtMs: number;
  expiresAtMs: number;
  /** When the cluster last took its token, on this process's monotonic clock. */
  verifiedAtMs: number;
  /** On the monotonic clock: after a failed renewal the provider is asked again from then on. */
  renewNotBeforeMs: number;
}

/** What never changes: who somebody is now is another object. */
const keys = new WeakMap<Person, string>();

/** Sessions of one person with the same groups share cached access decisions under this key. */
export function personKey(person: Person): string {
  let key = keys.get(person);
  if (key === undefined) {
    key = createHash("sha256")
      .update(
        JSON.stringify([
          person.userName,
          [...person.groups].toSorted(),
          person.uid ?? "",
          person.extra ?? {},
        ]),
      )
      .digest("base64url");
    keys.set(person, key);
  }
  return key;
}

/** How a session acts towards the cluster. */
export function actingAs(session: SessionSecret, mode: "passthrough" | "impersonate"): ActingIdentity {
  if (session.mode === "kubeconfig") return { kind: "service" };
  if (mode === "impersonate")
    return {
      kind: "impersonate",
      userName: session.person.userName,
      groups: session.person.groups,
      uid: session.person.uid,
      extra: session.person.extra,
    };
  if (session.token === undefined) throw new Error("A session without a token cannot act by itself");
  return { kind: "bearer", token: session.token };
}

/**
 * For sign-in: nobody gets a session under a name or in groups that no request could carry.
 * @throws UnsafeIdentityError
 */
export function requireActable(secret: SessionSecret, mode: "passthrough" | "impersonate"): void {
  identityHeaders(actingAs(secret, mode), null);
}
