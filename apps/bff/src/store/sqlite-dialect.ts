/** Kysely over Node's built-in SQLite: one file, one process, no native module to build. */
import { DatabaseSync } from "node:sqlite";
import type { SQLInputValue } from "node:sqlite";
import { setTimeout as sleep } from "node:timers/promises";
import type {
  CompiledQuery,
  DatabaseConnection,
  DatabaseIntrospector,
  Dialect,
  DialectAdapter,
  Driver,
  Kysely,
  QueryCompiler,
  QueryResult,
} from "kysely";
import { StoreUnavailableError } from "./store-error.ts";
import { CompiledQuery as Compiled, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler } from "kysely";

/** SQLite's result codes for a file that cannot be used now: busy, locked, read-only, I/O, full, cannot open (sqlite3.h). */
const fileCodes = new Set([5, 6, 8, 10, 13, 14]);

/** A statement holds the whole server up while it waits for a lock, so that none does: it is tried again. */
const lockedCode = 5;
const locked = { retryMs: 20, patienceMs: 2000 };

/** SQLite's primary result code; null of what it did not say. */
function codeOf(error: unknown): number | null {
  const code = error instanceof Error && "errcode" in error ? error.errcode : null;
  return typeof code === "number" ? code & 0xff : null;
}

function isFileAway(error: unknown): boolean {
  if (error instanceof Error && "code" in error && error.code === "ERR_INVALID_STATE") return true; // closed
  return fileCodes.has(codeOf(error) ?? Number.NaN);
}

class NodeSqliteConnection implements DatabaseConnection {
  readonly #db: DatabaseSync;
  /** Monotonic; nobody waits once the first has waited in vain, until something can be written again. */
  #lockedSinceMs: number | null = null;
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    for (;;)
      try {
        const result = this.#execute<R>(query);
        if (query.query.kind !== "SelectQueryNode") this.#lockedSinceMs = null; // reading needs no lock
        return result;
      } catch (error) {
        if (codeOf(error) !== lockedCode || !this.#isPatient())
          throw isFileAway(error) ? new StoreUnavailableError(error) : error;
        await sleep(locked.retryMs);
      }
  }

  #isPatient(): boolean {
    this.#lockedSinceMs ??= performance.now();
    return performance.now() - this.#lockedSinceMs < locked.patienceMs;
  }

  #execute<R>(query: CompiledQuery): QueryResult<R> {
    const statement = this.#db.prepare(query.sql);
    const parameters = query.parameters as SQLInputValue[]; // the store binds strings, numbers and blobs only
    if (statement.columns().length > 0) return { rows: statement.all(...parameters) as R[] }; // row type is Kysely's claim
    const { changes, lastInsertRowid } = statement.run(...parameters);
    return { rows: [], numAffectedRows: BigInt(changes), insertId: BigInt(lastInsertRowid) };
  }

  // oxlint-disable-next-line require-yield -- Kysely's interface wants a generator; the store streams nothing
  async *streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error("Streaming is not used by the store");
  }
}

class NodeSqliteDriver implements Driver {
  readonly #db: DatabaseSync;
  readonly #connection: NodeSqliteConnection;
  #tail: Promise<void> = Promise.resolve();
  #release: (() => void) | null = null;

  constructor(file: string) {
    this.#db = new DatabaseSync(file);
    this.#db.exec(
      "PRAGMA busy_timeout=5000; PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=0",
    );
    this.#connection = new NodeSqliteConnection(this.#db);
  }

  async init(): Promise<void> {}

  /** One connection, handed out in turn, so that transactions never mix. */
  async acquireConnection(): Promise<DatabaseConnection> {
    const before = this.#tail;
    let release = () => {};
    this.#tail = new Promise<void>((resolve) => {
      release = resolve;
    });
    await before;
    this.#release = release;
    return this.#connection;
  }
  async releaseConnection(): Promise<void> {
    this.#release?.();
  }
  async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Compiled.raw("begin immediate"));
  }
  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Compiled.raw("commit"));
  }
  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(Compiled.raw("rollback"));
  }
  async destroy(): Promise<void> {
    this.#db.close();
  }
}

export class NodeSqliteDialect implements Dialect {
  readonly #file: string;
  constructor(file: string) {
    this.#file = file;
  }
  createDriver(): Driver {
    return new NodeSqliteDriver(this.#file);
  }
  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler();
  }
  createAdapter(): DialectAdapter {
    return new SqliteAdapter();
  }
  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new SqliteIntrospector(db);
  }
}
