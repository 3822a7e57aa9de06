/** One-use console tickets. In the database, so that any replica can take what another one gave. */
import type { ConsoleKind } from "@kubev/api-types/consoles";
import type { PodShellCommand } from "@kubev/api-types/pod-shell";
import type { PodLogPlace } from "@kubev/api-types/pod-streams";
import type { Clock } from "../kube/clock.ts";
import type { Database } from "./database.ts";
import { hashId, newOpaqueId } from "./sealing.ts";

interface Common {
  sessionHash: string;
  cluster: string;
  project: string;
  /** Of the machine, or of the pod. */
  name: string;
  /** Of the machine's instance, or of the pod. */
  uid: string;
}

/** A screen or a serial console. */
export interface MachineSubject extends Common {
  kind: ConsoleKind;
  takeOver: boolean;
}

export interface PodLogSubject extends Common {
  kind: "log";
  container: string;
  previous: boolean;
  tailLines: number;
  after: PodLogPlace | null;
}

export interface PodShellSubject extends Common {
  kind: "shell";
  container: string;
  command: PodShellCommand;
}

export type TicketSubject = MachineSubject | PodLogSubject | PodShellSubject;

const lifetimeMs = 30_000;

export class TicketStore {
  readonly #db: Database;
  readonly #clock: Clock;
  constructor(db: Database, clock: Clock) {
    this.#db = db;
    this.#clock = clock;
  }

  async issue(subject: TicketSubject): Promise<{ ticket: string; expiresAtMs: number }> {
    const ticket = newOpaqueId();
    const expiresAtMs = this.#clock.nowMs() + lifetimeMs;
    await this.#db.deleteFrom("console_tickets").where("expires_at", "<", this.#clock.nowMs()).execute();
    await this.#db
      .insertInto("console_tickets")
      .values({
        ticket_hash: hashId(ticket),
        session_hash: subject.sessionHash,
        cluster: subject.cluster,
        project: subject.project,
        name: subject.name,
        instance_uid: subject.uid,
        kind: subject.kind,
        take_over: "takeOver" in subject && subject.takeOver ? 1 : 0,
        details: JSON.stringify(subject),
        expires_at: expiresAtMs,
      })
      .execute();
    return { ticket, expiresAtMs };
  }

  /** Takes a ticket out; whoever comes second, too late, or from another session gets null. */
  async take(ticket: string, sessionHash: string): Promise<TicketSubject | null> {
    const row = await this.#db
      .deleteFrom("console_tickets")
      .where("ticket_hash", "=", hashId(ticket))
      .returningAll()
      .executeTakeFirst();
    if (row === undefined || row.expires_at < this.#clock.nowMs() || row.session_hash !== sessionHash)
      return null;
    return row.details === "" ? null : (JSON.parse(row.details) as TicketSubject); // as it was put in above
  }
}
