/** Leases: what only one replica may do at a time. A holder that dies is replaced once its time is over. */
import type { Clock } from "../kube/clock.ts";
import type { Database } from "./database.ts";
import { newOpaqueId } from "./sealing.ts";

export class LeaseStore {
  readonly #db: Database;
  readonly #clock: Clock;
  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  /** The holder's id to release it with, or null while somebody else holds it. */
  async take(name: string, forMs: number): Promise<string | null> {
    const nowMs = this.#clock.nowMs();
    const lease = { holder: newOpaqueId(), expires_at: nowMs + forMs };
    const taken = await this.#db
      .insertInto("leases")
      .values({ name, ...lease })
      .onConflict((conflict) =>
        conflict.column("name").doUpdateSet(lease).where("leases.expires_at", "<", nowMs),
      )
      .returning("holder")
      .executeTakeFirst();
    return taken === undefined ? null : lease.holder;
  }

  /** Whoever lost it meanwhile releases nothing. */
  async release(name: string, holder: string): Promise<void> {
    await this.#db.deleteFrom("leases").where("name", "=", name).where("holder", "=", holder).execute();
  }
}
