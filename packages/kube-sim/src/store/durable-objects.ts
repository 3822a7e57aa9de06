/**
 * Objects on disk: SQLite in WAL mode. The writes of one turn of the event loop share a transaction, which is committed
 * before any request of that turn is answered: kill -9 loses nothing that a client was told of.
 */
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { dirname } from "node:path";
import { encodeObject } from "./encoded-object.ts";
import type { KubeObject } from "./kube-object.ts";
import type { GroupResource } from "./object-store.ts";

/** Resource versions are promised to disk in blocks, so that none is given twice after a crash. */
const VERSION_BLOCK = 1000;

export class DurableObjects {
  readonly #database: DatabaseSync;
  readonly #put: StatementSync;
  readonly #remove: StatementSync;
  readonly #promise: StatementSync;
  #promised: number;
  #inTransaction = false;

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    try {
      // Exclusive until this process ends, however it ends: two clusters on one folder would undo each other's work. The wait
      // is for one that is just shutting its guests down.
      this.#database.exec(
        "PRAGMA busy_timeout = 8000; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE; COMMIT;",
      );
    } catch (error) {
      throw new Error(
        `The folder ${dirname(path)} is used by another embedded cluster. Stop that one first.`,
        { cause: error },
      );
    }
    this.#database.exec(`
      CREATE TABLE IF NOT EXISTS objects (
        "group" TEXT NOT NULL, resource TEXT NOT NULL, namespace TEXT NOT NULL, name TEXT NOT NULL,
        json TEXT NOT NULL, PRIMARY KEY ("group", resource, namespace, name));
      CREATE TABLE IF NOT EXISTS promised_version (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL);
    `);
    this.#put = this.#database.prepare(
      `INSERT INTO objects ("group", resource, namespace, name, json) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET json = excluded.json`,
    );
    this.#remove = this.#database.prepare(
      `DELETE FROM objects WHERE "group" = ? AND resource = ? AND namespace = ? AND name = ?`,
    );
    this.#promise = this.#database.prepare(
      `INSERT INTO promised_version (id, version) VALUES (1, ?) ON CONFLICT DO UPDATE SET version = excluded.version`,
    );
    const row = this.#database.prepare("SELECT version FROM promised_version WHERE id = 1").get();
    this.#promised = typeof row?.["version"] === "number" ? row["version"] : 0;
  }

  /** No version up to this one may be given again. */
  get highestPromised(): number {
    return this.#promised;
  }

  *load(): Generator<{ kind: GroupResource; object: KubeObject }> {
    for (const row of this.#database.prepare(`SELECT "group", resource, json FROM objects`).iterate()) {
      yield {
        kind: { group: String(row["group"]), resource: String(row["resource"]) },
        object: JSON.parse(String(row["json"])) as KubeObject, // written by put() only
      };
    }
  }

  /** Must be called before a version is used. */
  promise(version: number): void {
    if (version <= this.#promised) return;
    this.#promised = version + VERSION_BLOCK;
    this.#begin();
    this.#promise.run(this.#promised);
  }

  #begin(): void {
    if (this.#inTransaction) return;
    this.#database.exec("BEGIN");
    this.#inTransaction = true;
    setImmediate(() => this.flush());
  }

  /** Commits what has been written so far. */
  flush(): void {
    if (!this.#inTransaction) return;
    try {
      this.#database.exec("COMMIT");
    } finally {
      this.#inTransaction = this.#database.isTransaction;
    }
  }

  put(kind: GroupResource, object: KubeObject): void {
    this.#begin();
    this.#put.run(
      kind.group,
      kind.resource,
      object.metadata.namespace ?? "",
      object.metadata.name,
      encodeObject(object).toString(),
    );
  }

  remove(kind: GroupResource, object: KubeObject): void {
    this.#begin();
    this.#remove.run(kind.group, kind.resource, object.metadata.namespace ?? "", object.metadata.name);
  }

  /** Runs many writes as one; either all are kept or none. */
  batch(write: () => void): void {
    this.flush();
    this.#begin();
    try {
      write();
      this.flush();
    } catch (error) {
      if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
      this.#inTransaction = false;
      throw error;
    }
  }

  close(): void {
    this.flush();
    this.#database.close();
  }
}
