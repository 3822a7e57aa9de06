/** From a session to somebody who can act: a client that carries his identity, and his rights. */
import { isDeepStrictEqual } from "node:util";
import type { AccessService } from "../access/access-service.ts";
import type { Reviewer } from "../access/reviewers.ts";
import type { Rights } from "../access/rights.ts";
import type { Clock } from "../kube/clock.ts";
import type { ClusterEndpoint } from "../kube/cluster-endpoint.ts";
import { KubeClient } from "../kube/kube-client.ts";
import { KubeError } from "../kube/kube-error.ts";
import type { LeaseStore } from "../store/lease-store.ts";
import type { OidcSignIn } from "./oidc.ts";
import { SignInRefusedError } from "./oidc.ts";
import type { Person, Session, SessionSecret } from "./session.ts";
import { actingAs, SessionLostError } from "./session.ts";
import type { SessionStore } from "./session-store.ts";
import { whoAmI } from "./who-am-i.ts";

/** Somebody signed in, for the time of one request or one socket. */
export interface Caller {
  session: Session;
  /** Of who he is now: with another token he may be in other groups than when a socket was opened. */
  readonly rights: Rights;
  /** Acts as the caller. */
  client: KubeClient;
  /** For sockets that stay open: whether his session holds, and his token with it. */
  stillHolds(): Promise<boolean>;
}

export interface CallerParts {
  endpoint: ClusterEndpoint;
  service: KubeClient;
  access: AccessService;
  sessions: SessionStore;
  leases: LeaseStore;
  oidc: OidcSignIn | null;
  actingMode: "passthrough" | "impersonate";
  clock: Clock;
}

/** Tokens are renewed once this part of their life is over. */
const renewAt = 0.8;
const clockLeewayMs = 60_000;
/** After a failed renewal the old token serves on this long before the provider is asked again. */
const retryAfterMs = 10_000;
/** Longer than the provider may take to answer. */
const leaseMs = 20_000;
const leasePollMs = 100;
/** A token that was pasted in says nothing when it is revoked: the cluster is asked about it this often while it is used. */
const verifyEveryMs = 8000;
/** Open sockets look every five seconds: each look asks, so that none is longer open than ten. */
const verifySocketsEveryMs = 3500;
const verifyWithinMs = 1200;

function sameGroups(a: Person, b: Person): boolean {
  return isDeepStrictEqual([...a.groups].toSorted(), [...b.groups].toSorted());
}

/** By session. */
type UnderWay = Map<string, Promise<void>>;

/** Whoever wants the same of a session meanwhile waits for the same. */
async function once(underWay: UnderWay, hash: string, work: () => Promise<void>): Promise<void> {
  let working = underWay.get(hash);
  if (working === undefined) {
    working = work().finally(() => underWay.delete(hash));
    underWay.set(hash, working);
  }
  await working;
}

export class Callers {
  readonly #parts: CallerParts;
  readonly #renewing: UnderWay = new Map();
  readonly #verifying: UnderWay = new Map();
  #providerAwayUntilMs = 0;

  constructor(parts: CallerParts) {
    this.#parts = parts;
    parts.sessions.onEnd((hash) => parts.access.forgetReviewer(hash));
  }

  /**
   * For a request: where the console's own account asks about the person, nobody else looks at the person's token.
   * @throws SessionLostError, SignInRefusedError once that has ended
   */
  async current(session: Session, id: string): Promise<Caller> {
    if (this.#parts.actingMode === "impersonate") {
      await this.#renewAside(session, id);
      await this.#verifyPasted(session, id, verifyEveryMs);
    }
    return this.of(session, id);
  }

  /** `id` is the cookie's value: renewed tokens are sealed under it. */
  of(session: Session, id: string): Caller {
    const { endpoint, access, service, actingMode } = this.#parts;
    const client = new KubeClient(
      endpoint,
      async () => {
        await this.#renew(session, id);
        // where he acts by his own token the cluster looks at it anyway: then nobody waits for us to have it looked at
        const verified = this.#verifyPasted(session, id, verifyEveryMs);
        if (actingMode === "impersonate") await verified;
        else verified.catch(() => {});
        return actingAs(session, actingMode);
      },
      async () => this.#afterRefusal(session, id),
    );
    const reviewer: Reviewer =
      actingMode === "impersonate" ? { kind: "subject", service } : { kind: "self", client };
    const rightsNow = () => ({
      person: session.person,
      rights: access.rightsOf(session.person, session.hash, reviewer),
    });
    let known = rightsNow();
    return {
      session,
      client,
      get rights() {
        if (known.person !== session.person) known = rightsNow();
        return known.rights;
      },
      stillHolds: async () => {
        // nothing else renews or asks about a token while a socket is idle; its end is told by the store below
        await this.#renewAside(session, id).catch(() => {});
        await this.#verifyPasted(session, id, verifySocketsEveryMs).catch(() => {});
        const holds = await this.#parts.sessions.stillHolds(session.hash);
        if (holds) rightsNow().rights.useReviewer(session.hash, reviewer); // an open socket is use, too
        return holds;
      },
    };
  }

  /** The cluster answered 401 to what the person asked: either his token has ended, or the console's own account is refused. */
  async #afterRefusal(session: Session, id: string): Promise<void> {
    if (this.#parts.actingMode === "passthrough") await this.#verify(session, id);
  }

  /** @throws SessionLostError */
  async #verifyPasted(session: Session, id: string, everyMs: number): Promise<void> {
    const ageMs = this.#parts.clock.monotonicMs() - session.verifiedAtMs;
    if (session.mode === "token" && ageMs >= everyMs) await this.#verify(session, id);
  }

  /**
   * Asks the cluster whether it still takes the session's own token, where it has one.
   * @throws SessionLostError once it does not: the session has ended then
   */
  async #verify(session: Session, id: string): Promise<void> {
    const { token } = session;
    if (token === undefined) return;
    await once(this.#verifying, session.hash, async () => {
      await this.#verifyNow(session, id, token);
      session.verifiedAtMs = this.#parts.clock.monotonicMs();
    });
  }

  async #verifyNow(session: Session, id: string, token: string): Promise<void> {
    const { endpoint, sessions } = this.#parts;
    try {
      const person = await whoAmI(endpoint, { kind: "bearer", token }, verifyWithinMs);
      // who this is was settled at sign-in; only his groups may change with time
      if (session.mode === "token" && !sameGroups(person, session.person))
        await sessions.update(id, session, { person: { ...session.person, groups: person.groups } });
    } catch (error) {
      if (!(error instanceof KubeError) || (error.status !== 401 && error.status !== 403)) return; // not asked: it serves on
      await sessions.end(session.hash);
      throw new SessionLostError(error);
    }
  }

  async #renew(session: Session, id: string): Promise<void> {
    const { oidc, clock } = this.#parts;
    if (session.mode !== "oidc" || oidc === null || session.tokenExpiresAtMs === undefined) return;
    const issuedMs = session.tokenIssuedAtMs ?? session.createdAtMs;
    const dueMs = issuedMs + (session.tokenExpiresAtMs - issuedMs) * renewAt;
    if (clock.nowMs() < dueMs) return;
    if (clock.monotonicMs() < session.renewNotBeforeMs) return;
    await once(this.#renewing, session.hash, async () => this.#renewNow(session, id, oidc));
  }

  /**
   * For what does not need the token itself: nobody waits for a renewal while the old one serves, and a provider that cannot be reached
   * ends nothing; then the session's own limits hold.
   * @throws SignInRefusedError where the provider says no
   */
  async #renewAside(session: Session, id: string): Promise<void> {
    const { clock } = this.#parts;
    if (clock.monotonicMs() < this.#providerAwayUntilMs) return;
    const renewal = this.#renew(session, id).catch((error: unknown) => {
      if (!(error instanceof SignInRefusedError) || error.code !== "oidc-unreachable") throw error;
      this.#providerAwayUntilMs = clock.monotonicMs() + retryAfterMs;
    });
    if (clock.nowMs() < (session.tokenExpiresAtMs ?? 0))
      renewal.catch(() => {}); // the next look meets what came of it
    else await renewal;
  }

  async #renewNow(session: Session, id: string, oidc: OidcSignIn): Promise<void> {
    const { sessions, clock } = this.#parts;
    try {
      await this.#renewOnce(session, id, oidc);
    } catch (error) {
      // until it has really ended, the old token still serves; after that the session is over
      if (clock.nowMs() < (session.tokenExpiresAtMs ?? 0) + clockLeewayMs) {
        session.renewNotBeforeMs = clock.monotonicMs() + retryAfterMs;
        return;
      }
      const refused = error instanceof SignInRefusedError && error.code !== "oidc-unreachable";
      if (refused) await sessions.end(session.hash);
      throw error;
    }
  }

  /** @throws SignInRefusedError; the refresh token that came with what could not be accepted is kept */
  async #refreshed(session: Session, id: string, oidc: OidcSignIn) {
    try {
      return await oidc.refresh(session);
    } catch (error) {
      if (error instanceof SignInRefusedError && error.nextRefreshToken !== undefined)
        await this.#parts.sessions.update(id, session, { refreshToken: error.nextRefreshToken });
      throw error;
    }
  }

  /** Where he acts by his own token, they are what the cluster takes from it; else what we pass on. */
  async #groupsOf({ token, person }: SessionSecret, before: Person): Promise<readonly string[]> {
    if (this.#parts.actingMode === "impersonate" || token === undefined) return person.groups;
    try {
      return (await whoAmI(this.#parts.endpoint, { kind: "bearer", token }, verifyWithinMs)).groups;
    } catch {
      return before.groups; // they choose only what the cluster is asked about
    }
  }

  /** A refresh token is used once: whoever holds the lease renews, the other replicas take over what he stored. */
  async #renewOnce(session: Session, id: string, oidc: OidcSignIn): Promise<void> {
    const { sessions, leases, clock } = this.#parts;
    const hadSinceMs = session.tokenIssuedAtMs;
    // what keeps the answer from being looked at is known before the refresh token is spent for it
    await oidc.ready();
    const lease = `renew/${session.hash}`;
    const giveUpAtMs = clock.monotonicMs() + leaseMs;
    const renewedElsewhere = async () => {
      if (!(await sessions.reread(id, session)))
        throw new SignInRefusedError("oidc-refused", "The session was ended elsewhere");
      return session.tokenIssuedAtMs !== hadSinceMs;
    };
    let holder = await leases.take(lease, leaseMs);
    while (holder === null) {
      if (await renewedElsewhere()) return;
      if (clock.monotonicMs() > giveUpAtMs)
        throw new SignInRefusedError("oidc-unreachable", "Another replica has not renewed the token in time");
      await clock.sleep(leasePollMs);
      holder = await leases.take(lease, leaseMs);
    }
    try {
      if (await renewedElsewhere()) return;
      const fresh = await this.#refreshed(session, id, oidc);
      // who this is was settled at sign-in; only his groups may change with the token
      const groups = await this.#groupsOf(fresh, session.person);
      const person = { ...session.person, groups };
      await sessions.update(id, session, {
        ...fresh,
        person: sameGroups(person, session.person) ? session.person : person,
      });
    } finally {
      await leases.release(lease, holder).catch(() => {}); // it ends by itself
    }
  }
}
