/** The audit trail. Without the database it goes to the log, and is written as soon as the database is back. */
import { randomUUID } from "node:crypto";
import type { ActivityQuery, ActivityRow } from "@kubev/api-types/activity";
import type { Reason } from "@kubev/api-types/reason";
import type { Noun } from "@kubev/api-types/resource-ref";
import { sql } from "kysely";
import { type Scope, sees } from "../access/scope.ts";
import type { Clock } from "../kube/clock.ts";
import type { Database } from "./database.ts";
import { soon } from "./known-away.ts";

export type AuditEntry = Omit<ActivityRow, "id" | "at">;

/** Who reads the trail: his own rows are always his, others' by what he may see of each noun. */
export interface AuditReader {
  userName: string;
  /** Nouns without an entry are not his to see. */
  scopes: ReadonlyMap<Noun, Scope>;
  /** Whether he may know where others' requests came from. */
  seesSources: boolean;
}

const maxWaiting = 5000;
/** SQLite binds at most 32,766 values in one statement; a row has 13. */
const rowsAtOnce = 500;
const tryAgainMs = 5000;
/** Ids begin with their time in as many digits of base 36. */
const idTimeDigits = 9;
/** Before every id of a later millisecond, after all up to it: a row's id is made just before its time is taken. */
const idAfter = (ms: number): string => (ms + 1).toString(36).padStart(idTimeDigits, "0");
/** No index helps to find part of a name, and SQLite holds the server up while it looks. */
const mostLookedThrough = 50_000;

const written = (reason: Reason | undefined): string => (reason === undefined ? "" : JSON.stringify(reason));

export class AuditStore {
  readonly #db: Database;
  readonly #cluster: string;
  readonly #clock: Clock;
  readonly #log: (entry: ActivityRow, lost: boolean) => void;
  readonly #listeners: ((row: ActivityRow) => void)[] = [];
  readonly #waitingListeners: (() => void)[] = [];
  #waiting: ActivityRow[] = [];
  #writing: Promise<void> | null = null;
  #again: NodeJS.Timeout | null = null;
  #turn = 0;

  constructor(db: Database, cluster: string, clock: Clock, log: (entry: ActivityRow, lost: boolean) => void) {
    this.#db = db;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#log = log;
  }

  onRow(listener: (row: ActivityRow) => void): void {
    this.#listeners.push(listener);
  }

  /** Tells when rows begin to go to the log alone, and when the database has them all. */
  onWaiting(listener: () => void): void {
    this.#waitingListeners.push(listener);
  }

  /** Rows that only the log has so far. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Ids sort by time; rows of one millisecond, as bulk actions write them, by their turn. */
  #nextId(): string {
    this.#turn = (this.#turn + 1) % 36 ** 4;
    const time = this.#clock.nowMs().toString(36).padStart(idTimeDigits, "0");
    return `${time}-${this.#turn.toString(36).padStart(4, "0")}-${randomUUID()}`;
  }

  /** Never throws: an action that happened is not undone by a failing trail. */
  async record(entry: AuditEntry): Promise<string> {
    const row: ActivityRow = {
      ...entry,
      id: this.#nextId(),
      at: new Date(this.#clock.nowMs()).toISOString(),
    };
    try {
      const inserting = this.#insert([row]);
      await (this.#waiting.length === 0 ? inserting : soon(inserting));
      if (this.#waiting.length > 0) this.#writeWaiting().catch(() => this.#tryAgainLater());
    } catch {
      this.#log(row, this.#waiting.length >= maxWaiting);
      if (this.#waiting.length < maxWaiting) this.#waiting.push(row);
      if (this.#waiting.length === 1) this.#tellWaiting();
      this.#tryAgainLater();
    }
    for (const listener of this.#listeners) listener(row);
    return row.id;
  }

  /** Closes a row that was written as `running`; the reason says why it did not come about. */
  async finish(id: string, outcome: ActivityRow["outcome"], reason?: Reason): Promise<void> {
    await this.#db
      .updateTable("audit")
      .set({ outcome, reason: written(reason) })
      .where("id", "=", id)
      .execute()
      .catch(() => {}); // the row then stays `running`, which is what the trail knows for sure
  }

  #tellWaiting(): void {
    for (const listener of this.#waitingListeners) listener();
  }

  #tryAgainLater(): void {
    this.#again ??= setTimeout(() => {
      this.#again = null;
      this.#writeWaiting().catch(() => this.#tryAgainLater());
    }, tryAgainMs).unref();
  }

  /** Ends the waiting for the database. What it still has not taken stays in the log. */
  async close(): Promise<void> {
    if (this.#again !== null) clearTimeout(this.#again);
    if (this.#waiting.length > 0) await this.#writeWaiting().catch(() => {}); // the log has these rows
  }

  /** Oldest first, one writer at a time. */
  async #writeWaiting(): Promise<void> {
    this.#writing ??= this.#writeInParts().finally(() => {
      this.#writing = null;
    });
    await this.#writing;
  }

  async #writeInParts(): Promise<void> {
    while (this.#waiting.length > 0) {
      const part = this.#waiting.slice(0, rowsAtOnce);
      await this.#insert(part);
      this.#waiting = this.#waiting.slice(part.length);
    }
    this.#tellWaiting();
  }

  async #insert(rows: readonly ActivityRow[]): Promise<void> {
    await this.#db
      .insertInto("audit")
      .values(
        rows.map((row) => ({
          id: row.id,
          at: Date.parse(row.at),
          cluster: this.#cluster,
          user_name: row.user,
          action: row.action,
          noun: row.noun,
          project: row.project ?? "",
          name: row.name,
          outcome: row.outcome,
          reason: written(row.reason),
          source_ip: row.sourceIp,
          request_id: row.requestId,
          diff: JSON.stringify(row.diff),
        })),
      )
      // a connection may break after it stored the rows and before it said so
      .onConflict((conflict) => conflict.column("id").doNothing())
      .execute();
  }

  /** Newest first. What a row says of its object goes only to who may see that object now. */
  async list(
    query: ActivityQuery,
    reader: AuditReader,
  ): Promise<{ rows: ActivityRow[]; nextBefore: string | null }> {
    let within = this.#db.selectFrom("audit").where("cluster", "=", this.#cluster);
    if (query.project !== undefined) within = within.where("project", "=", query.project);
    if (query.noun !== undefined) within = within.where("noun", "=", query.noun);
    if (query.until !== undefined) {
      const untilMs = Date.parse(query.until);
      // the index knows ids, and no row of one noun is to be sought through all later ones
      within = within.where("id", "<", idAfter(untilMs)).where("at", "<=", untilMs);
    }
    if (query.before !== undefined) within = within.where("id", "<", query.before);
    let select = within.selectAll().where((eb) =>
      eb.or([
        eb("user_name", "=", reader.userName),
        ...[...reader.scopes].flatMap(([noun, scope]) => {
          if (scope.all) return [eb("noun", "=", noun)];
          const { projects, names } = scope;
          const places = [
            ...(projects.size === 0 ? [] : [eb("project", "in", [...projects])]),
            ...[...names].map(([project, named]) =>
              eb.and([
                ...(project === "" ? [] : [eb("project", "=", project)]),
                eb("name", "in", [...named]),
              ]),
            ),
          ];
          return places.length === 0 ? [] : [eb.and([eb("noun", "=", noun), eb.or(places)])];
        }),
      ]),
    );
    if (query.name !== undefined) select = select.where("name", "=", query.name);
    if (query.user !== undefined) select = select.where("user_name", "=", query.user);
    if (query.q !== undefined) {
      const part = `%${query.q.replaceAll(/[!%_]/g, "!$&")}%`;
      // as it was typed too: SQLite makes small letters of ASCII alone
      const holds = (column: "name" | "user_name" | "action") =>
        sql<boolean>`(lower(${sql.ref(column)}) like ${part.toLowerCase()} escape '!' or ${sql.ref(column)} like ${part} escape '!')`;
      select = select.where((eb) => eb.or([holds("name"), holds("user_name"), holds("action")]));
      const oldest = await within
        .select("id")
        .orderBy("id", "desc")
        .offset(mostLookedThrough)
        .limit(1)
        .executeTakeFirst();
      if (oldest !== undefined) select = select.where("id", ">", oldest.id);
    }
    if (query.outcome !== undefined) select = select.where("outcome", "=", query.outcome);
    if (query.since !== undefined) select = select.where("at", ">=", Date.parse(query.since));
    const found = await select
      .orderBy("id", "desc")
      .limit(query.limit + 1)
      .execute();
    const rows = found.slice(0, query.limit).map((row): ActivityRow => {
      const noun = row.noun as Noun; // written from the same type
      const scope = reader.scopes.get(noun);
      const seesObject = scope !== undefined && sees(scope, row.project, row.name);
      return {
        id: row.id,
        at: new Date(row.at).toISOString(),
        user: row.user_name,
        action: row.action,
        noun,
        ...(row.project === "" ? {} : { project: row.project }),
        name: row.name,
        outcome: row.outcome as ActivityRow["outcome"], // written from the same type
        ...(row.reason === ""
          ? {}
          : { reason: JSON.parse(row.reason) as NonNullable<ActivityRow["reason"]> }),
        sourceIp: reader.seesSources || row.user_name === reader.userName ? row.source_ip : "",
        requestId: row.request_id,
        diff: seesObject ? (JSON.parse(row.diff) as ActivityRow["diff"]) : [], // written from the same type
      };
    });
    return { rows, nextBefore: found.length > query.limit ? (rows.at(-1)?.id ?? null) : null };
  }
}
