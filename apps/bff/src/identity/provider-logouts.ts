/**
 * Logouts that the provider asked for: each is carried out once, on whichever replica it arrives, and remembered as long as its
 * token would be accepted, so that it neither counts again nor misses a sign-in that was under way.
 */
import type { Clock } from "../kube/clock.ts";
import type { Database } from "../store/database.ts";
import { hashId } from "../store/sealing.ts";
import { StoreUnavailableError } from "../store/store-error.ts";
import { LogoutRefusedError, type ProviderLogout } from "./logout-token.ts";
import { madeByProviderAtMs, marksOf, marksOfSession } from "./provider-marks.ts";
import type { SessionSecret } from "./session.ts";
import type { EndedSession, SessionStore } from "./session-store.ts";

export class ProviderLogouts {
  readonly #db: Database;
  readonly #sessions: SessionStore;
  readonly #clock: Pick<Clock, "nowMs">;

  constructor(db: Database, sessions: SessionStore, clock: Pick<Clock, "nowMs">) {
    this.#db = db;
    this.#sessions = sessions;
    this.#clock = clock;
  }

  /**
   * Ends what the logout names. One that could not be carried out may be sent again.
   * @throws LogoutRefusedError where it was carried out before; StoreUnavailableError
   */
  async carryOut(logout: ProviderLogout): Promise<EndedSession[]> {
    const idHash = hashId(JSON.stringify([logout.issuer, logout.id]));
    const marks = marksOf(logout);
    // before anything is ended: a sign-in that is stored after that finds it
    if (!(await this.#remember(idHash, logout))) throw new LogoutRefusedError("It was carried out before");
    try {
      return await this.#sessions.endByProvider(marks);
    } catch (error) {
      await this.#db
        .deleteFrom("provider_logouts")
        .where("id_hash", "=", idHash)
        .execute()
        .catch(() => {}); // the database is away; the provider hears so in either case
      throw error;
    }
  }

  async #remember(idHash: string, logout: ProviderLogout): Promise<boolean> {
    try {
      await this.#db.deleteFrom("provider_logouts").where("expires_at", "<", this.#clock.nowMs()).execute();
      const kept = await this.#db
        .insertInto("provider_logouts")
        .values({
          id_hash: idHash,
          ...marksOf(logout),
          issued_at: logout.issuedAtMs,
          expires_at: logout.tooOldAtMs,
        })
        .onConflict((conflict) => conflict.column("id_hash").doNothing())
        .returning("id_hash")
        .executeTakeFirst();
      return kept !== undefined;
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }

  /** Whether the provider ended a session that was being made here meanwhile. @throws StoreUnavailableError */
  async endedMeanwhile(secret: SessionSecret): Promise<boolean> {
    const madeAtMs = madeByProviderAtMs(secret);
    if (madeAtMs === null) return false;
    const { provider_subject, provider_session } = marksOfSession(secret);
    try {
      const found = await this.#db
        .selectFrom("provider_logouts")
        .select("id_hash")
        .where("issued_at", ">=", madeAtMs)
        // as it would have ended it (SessionStore.endByProvider)
        .where("provider_subject", "in", ["", provider_subject])
        .where((eb) => {
          const ofPerson = eb.and([
            eb("provider_subject", "!=", ""),
            ...(provider_session === "" ? [] : [eb("provider_session", "=", "")]),
          ]);
          return eb.or([
            eb.and([eb("provider_session", "!=", ""), eb("provider_session", "=", provider_session)]),
            ofPerson,
          ]);
        })
        .executeTakeFirst();
      return found !== undefined;
    } catch (error) {
      throw new StoreUnavailableError(error);
    }
  }
}
