/**
 * Sessions: an opaque id in the cookie, its hash and a sealed secret in the database, idle and absolute limits. What was
 * read is kept for 10 s, so that a sign-out on another replica works soon, and for some minutes while the database is away.
 */
import type { Clock } from "../kube/clock.ts";
import type { Database } from "../store/database.ts";
import { GatheredReads } from "../store/gathered-reads.ts";
import { soon } from "../store/known-away.ts";
import { hashId, newOpaqueId, seal, unseal } from "../store/sealing.ts";
import { StoreUnavailableError } from "../store/store-error.ts";
import { marksOfSession, type ProviderMarks } from "./provider-marks.ts";
import type { Session, SessionSecret } from "./session.ts";

const trustMs = 10_000;
/** Open sockets look every five seconds: each look asks, so that a sign-out on another replica closes them within ten. */
const trustOfSocketsMs = 3500;
const outageMs = 5 * 60_000;
const touchEveryMs = 30_000;
const sweepEveryMs = 60_000;

interface Cached {
  session: Session;
  readAtMs: number;
  touchedAtMs: number;
}

function secretOf(session: Session): SessionSecret {
  const { person, mode, token, tokenExpiresAtMs, tokenIssuedAtMs, refreshToken, subject } = session;
  return { person, mode, token, tokenExpiresAtMs, tokenIssuedAtMs, refreshToken, subject };
}

/** A token that says when it ends ends the session with it; a provider's tokens are renewed instead. */
function endOfToken({ mode, tokenExpiresAtMs }: SessionSecret): number {
  return mode === "token" && tokenExpiresAtMs !== undefined ? tokenExpiresAtMs : Number.POSITIVE_INFINITY;
}

export interface EndedSession {
  hash: string;
  userName: string;
}

export type SessionEnd = "none" | "idle" | "too-old" | "unknown";

export class SessionStore {
  readonly #db: Database;
  readonly #key: string;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #maxMs: number;
  readonly #cache = new Map<string, Cached>();
  /** By hash, ended here: a read that was under way meanwhile must not bring it back. Kept until it is deleted in the database. */
  readonly #endedHere = new Map<string, { atMs: number; isDeleted: boolean }>();
  readonly #times: GatheredReads<{ last_seen_at: number; expires_at: number }>;
  #sweptAtMs = 0;
  readonly #endListeners: ((hash: string) => void)[] = [];
  readonly #outageListeners: (() => void)[] = [];
  #downSinceMs: number | null = null;

  constructor(db: Database, key: string, clock: Clock, limits: { idleMs: number; maxMs: number }) {
    this.#db = db;
    this.#key = key;
    this.#clock = clock;
    this.#idleMs = limits.idleMs;
    this.#maxMs = limits.maxMs;
    this.#times = new GatheredReads(async (hashes) => {
      const rows = await db
        .selectFrom("sessions")
        .select(["id_hash", "last_seen_at", "expires_at"])
        .where("id_hash", "in", hashes)
        .execute();
      return new Map(rows.map((row) => [row.id_hash, row]));
    });
  }

  /** Tells when a session ended, so that its sockets close. */
  onEnd(listener: (hash: string) => void): void {
    this.#endListeners.push(listener);
  }

  /** Since when the database does not answer; null while it does. */
  get downSinceMs(): number | null {
    return this.#downSinceMs;
  }

  /** Tells when an outage of the database begins and when it ends, as whoever asks it finds out: open sockets ask all the time. */
  onOutage(listener: () => void): void {
    this.#outageListeners.push(listener);
  }

  #found(answers: boolean): void {
    if (answers === (this.#downSinceMs === null)) return;
    this.#downSinceMs = answers ? null : this.#clock.nowMs();
    for (const listener of this.#outageListeners) listener();
  }

  /** Always a new id, whatever the browser sent before. */
  async create(secret: SessionSecret): Promise<{ id: string; session: Session }> {
    const id = newOpaqueId();
    const nowMs = this.#clock.nowMs();
    const session: Session = {
      ...secret,
      hash: hashId(id),
      createdAtMs: nowMs,
      lastSeenAtMs: nowMs,
      expiresAtMs: Math.min(nowMs + this.#maxMs, endOfToken(secret)),
      verifiedAtMs: this.#clock.monotonicMs(),
      renewNotBeforeMs: 0,
    };
    try {
      await this.#db.deleteFrom("sessions").where("expires_at", "<", nowMs).execute();
      await this.#db
        .insertInto("sessions")
        .values({
          id_hash: session.hash,
          user_name: secret.person.userName,
          created_at: nowMs,
          last_seen_at: nowMs,
          expires_at: session.expiresAtMs,
          sealed: seal(this.#key, id, secret),
          ...marksOfSession(secret),
        })
        .execute();
    } catch (error) {
      this.#found(false);
      throw new StoreUnavailableError(error);
    }
    this.#cache.set(session.hash, { session, readAtMs: this.#clock.monotonicMs(), touchedAtMs: nowMs });
    return { id, session };
  }

  /**
   * The session of a cookie. `passive` reads (live sockets, polls) do not keep it from going idle.
   * @throws StoreUnavailableError when the database is away and memory does not know it
   */
  async find(id: string, passive = false): Promise<Session | SessionEnd> {
    const hash = hashId(id);
    this.#sweep();
    const cached = this.#cache.get(hash);
    const freshEnough = cached !== undefined && this.#clock.monotonicMs() - cached.readAtMs < trustMs;
    let session = cached?.session;
    if (!freshEnough) {
      try {
        const reading = this.#read(id, hash);
        session = await (cached === undefined || this.#downSinceMs === null
          ? reading
          : this.#soonOrLater(hash, reading));
        this.#found(true);
      } catch (error) {
        this.#found(false);
        if (cached === undefined || this.#clock.monotonicMs() - cached.readAtMs > outageMs)
          throw new StoreUnavailableError(error);
        session = cached.session;
      }
    }
    if (session === undefined) {
      this.#forget(hash);
      return "unknown";
    }
    const nowMs = this.#clock.nowMs();
    const ended = this.#ended(session, nowMs);
    if (ended !== "none") {
      await this.end(hash);
      return ended;
    }
    if (!passive) this.#touch(session, nowMs);
    return session;
  }

  /** Waits no longer than for a database that is back; what it says later is heard as well, above all that a session has ended. */
  async #soonOrLater(hash: string, reading: Promise<Session | undefined>): Promise<Session | undefined> {
    reading.then(
      (session) => {
        this.#found(true);
        if (session === undefined) this.#forget(hash);
      },
      () => {}, // whoever waited for it is told
    );
    return soon(reading);
  }

  #ended(session: Pick<Session, "expiresAtMs" | "lastSeenAtMs">, nowMs: number): SessionEnd {
    if (nowMs >= session.expiresAtMs) return "too-old";
    return nowMs - session.lastSeenAtMs >= this.#idleMs ? "idle" : "none";
  }

  /** For sockets that stay open, and for work that goes on without its person: whether the session they belong to still holds. */
  async stillHolds(hash: string): Promise<boolean> {
    const cached = this.#cache.get(hash);
    if (cached !== undefined && this.#ended(cached.session, this.#clock.nowMs()) !== "none") {
      await this.end(hash);
      return false;
    }
    if (this.#endedHere.has(hash)) return false;
    const knownMs = this.#clock.monotonicMs() - (cached?.readAtMs ?? Number.NEGATIVE_INFINITY);
    if (knownMs < trustOfSocketsMs) return true;
    try {
      const row = await this.#times.of(hash);
      this.#found(true);
      if (row === undefined) {
        this.#forget(hash);
        return false;
      }
      const lastSeenAtMs = Math.max(row.last_seen_at, cached?.session.lastSeenAtMs ?? 0);
      if (cached !== undefined) {
        cached.session.lastSeenAtMs = lastSeenAtMs;
        cached.readAtMs = this.#clock.monotonicMs();
      }
      return this.#ended({ lastSeenAtMs, expiresAtMs: row.expires_at }, this.#clock.nowMs()) === "none";
    } catch {
      this.#found(false);
      return knownMs < outageMs; // what memory does not know either is done in nobody's name meanwhile
    }
  }

  async #read(id: string, hash: string): Promise<Session | undefined> {
    const row = await this.#db
      .selectFrom("sessions")
      .selectAll()
      .where("id_hash", "=", hash)
      .executeTakeFirst();
    if (row === undefined || this.#endedHere.has(hash)) return undefined;
    const secret = unseal(this.#key, id, row.sealed) as SessionSecret | null; // sealed by this class from this type
    if (secret === null) return undefined;
    if (row.provider_subject === "") await this.#mark(hash, marksOfSession(secret));
    const known = this.#cache.get(hash);
    const session: Session = known?.session ?? {
      ...secret,
      hash,
      createdAtMs: row.created_at,
      lastSeenAtMs: row.last_seen_at,
      expiresAtMs: row.expires_at,
      verifiedAtMs: Number.NEGATIVE_INFINITY, // by another replica, or before a restart
      renewNotBeforeMs: 0,
    };
    Object.assign(session, secret);
    session.lastSeenAtMs = Math.max(session.lastSeenAtMs, row.last_seen_at);
    this.#cache.set(hash, {
      session,
      readAtMs: this.#clock.monotonicMs(),
      touchedAtMs: known?.touchedAtMs ?? row.last_seen_at,
    });
    return session;
  }

  /** One of a version that knew no marks. */
  async #mark(hash: string, marks: ProviderMarks): Promise<void> {
    if (marks.provider_subject === "") return;
    await this.#db.updateTable("sessions").set(marks).where("id_hash", "=", hash).execute();
  }

  #touch(session: Session, nowMs: number): void {
    session.lastSeenAtMs = nowMs;
    const cached = this.#cache.get(session.hash);
    if (cached === undefined || nowMs - cached.touchedAtMs < touchEveryMs) return;
    cached.touchedAtMs = nowMs;
    this.#db
      .updateTable("sessions")
      .set({ last_seen_at: nowMs })
      .where("id_hash", "=", session.hash)
      .execute()
      .catch(() => {}); // memory has the newer time; the next touch writes again
  }

  /**
   * Takes over what another replica stored for a session; false when it is no longer there.
   * @throws StoreUnavailableError
   */
  async reread(id: string, session: Session): Promise<boolean> {
    try {
      const stored = await this.#read(id, session.hash);
      if (stored === undefined) return false;
      if (stored !== session) Object.assign(session, secretOf(stored));
      return true;
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }

  /** Stores renewed tokens. */
  async update(id: string, session: Session, secret: Partial<SessionSecret>): Promise<void> {
    Object.assign(session, secret);
    const known = this.#cache.get(session.hash)?.session;
    if (known !== undefined && known !== session) Object.assign(known, secret);
    const sealed = seal(this.#key, id, secretOf(session));
    const marks = marksOfSession(session);
    await this.#db
      .updateTable("sessions")
      // a renewed token need not name the session again; it is the same one then
      .set({ sealed, ...(marks.provider_session === "" ? {} : marks) })
      .where("id_hash", "=", session.hash)
      .execute();
  }

  /** Ends a session everywhere: memory, open sockets, database; where that is away, as soon as it is back. */
  async end(hash: string): Promise<void> {
    this.#endedHere.set(hash, { atMs: this.#clock.monotonicMs(), isDeleted: false });
    this.#forget(hash);
    await this.#deleteEnded();
  }

  /**
   * Ends what the provider names: the one session, or all of a person where it names none. One whose own name at the provider is not
   * known may be the one that is meant, so it ends with the person's others.
   * @throws StoreUnavailableError where the database does not say which they are
   */
  async endByProvider({ provider_subject, provider_session }: ProviderMarks): Promise<EndedSession[]> {
    const ended = await this.#db
      .deleteFrom("sessions")
      .where((eb) => {
        const ofPerson = eb.and([
          eb("provider_subject", "!=", ""),
          eb("provider_subject", "=", provider_subject),
        ]);
        if (provider_session === "") return ofPerson;
        const named = eb("provider_session", "=", provider_session);
        if (provider_subject === "") return named;
        return eb.and([ofPerson, eb.or([named, eb("provider_session", "=", "")])]);
      })
      .returning(["id_hash", "user_name"])
      .execute()
      .catch((error: unknown) => {
        this.#found(false);
        throw new StoreUnavailableError(error);
      });
    for (const { id_hash } of ended) {
      this.#endedHere.set(id_hash, { atMs: this.#clock.monotonicMs(), isDeleted: true });
      this.#forget(id_hash);
    }
    return ended.map(({ id_hash, user_name }) => ({ hash: id_hash, userName: user_name }));
  }

  async #deleteEnded(): Promise<void> {
    const ended = [...this.#endedHere].filter(([, { isDeleted }]) => !isDeleted);
    if (ended.length === 0) return;
    const hashes = ended.map(([hash]) => hash);
    try {
      await this.#db.deleteFrom("sessions").where("id_hash", "in", hashes).execute();
      for (const [, session] of ended) session.isDeleted = true;
    } catch {
      this.#found(false); // it has ended in memory; the next sweep deletes it
    }
  }

  /** What nobody looked up for longer than an outage may last is not worth its memory: the database has it. */
  #sweep(): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs - this.#sweptAtMs < sweepEveryMs) return;
    this.#sweptAtMs = nowMs;
    for (const [hash, { readAtMs }] of this.#cache) if (nowMs - readAtMs > outageMs) this.#cache.delete(hash);
    for (const [hash, { atMs, isDeleted }] of this.#endedHere)
      if (isDeleted && nowMs - atMs > outageMs) this.#endedHere.delete(hash);
    void this.#deleteEnded();
  }

  #forget(hash: string): void {
    this.#cache.delete(hash);
    for (const listener of this.#endListeners) listener(hash);
  }

  get idleMs(): number {
    return this.#idleMs;
  }
}
