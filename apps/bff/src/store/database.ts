/** The tables of the console and how they come to be; the same migrations run on PostgreSQL and SQLite. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { type Generated, Kysely, PostgresDialect } from "kysely";
import type { Migration } from "kysely/migration";
import { Migrator } from "kysely/migration";
import { types } from "pg";
import { openPostgresPool } from "./postgres-pool.ts";
import { NodeSqliteDialect } from "./sqlite-dialect.ts";

/** Times are epoch milliseconds; blobs are base64 text, so that both databases hold the same. */
export interface Tables {
  sessions: {
    id_hash: string;
    user_name: string;
    created_at: number;
    last_seen_at: number;
    expires_at: number;
    /** Sealed under a key that only the cookie's holder can complete. */
    sealed: string;
    /** By what the identity provider names it, hashed; '' where that is not known. */
    provider_subject: Generated<string>;
    provider_session: Generated<string>;
  };
  /** Logouts that the provider asked for, as long as it could ask for them with the same token. */
  provider_logouts: {
    id_hash: string;
    provider_subject: string;
    provider_session: string;
    issued_at: number;
    expires_at: number;
  };
  sign_in_flows: { state_hash: string; sealed: string; expires_at: number };
  console_tickets: {
    ticket_hash: string;
    session_hash: string;
    cluster: string;
    project: string;
    name: string;
    instance_uid: string;
    kind: string;
    take_over: number;
    /** The whole subject as JSON; '' in those of a version that had no pods, which last half a minute. */
    details: string;
    expires_at: number;
  };
  leases: { name: string; holder: string; expires_at: number };
  preferences: { cluster: string; user_name: string; data: string };
  audit: {
    id: string;
    at: number;
    cluster: string;
    user_name: string;
    action: string;
    noun: string;
    project: string;
    name: string;
    outcome: string;
    reason: string;
    source_ip: string;
    request_id: string;
    diff: string;
  };
}

export type Database = Kysely<Tables>;

const first: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("sessions")
      .addColumn("id_hash", "text", (column) => column.primaryKey())
      .addColumn("user_name", "text", (column) => column.notNull())
      .addColumn("created_at", "bigint", (column) => column.notNull())
      .addColumn("last_seen_at", "bigint", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .addColumn("sealed", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("sign_in_flows")
      .addColumn("state_hash", "text", (column) => column.primaryKey())
      .addColumn("sealed", "text", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("console_tickets")
      .addColumn("ticket_hash", "text", (column) => column.primaryKey())
      .addColumn("session_hash", "text", (column) => column.notNull())
      .addColumn("cluster", "text", (column) => column.notNull())
      .addColumn("project", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("instance_uid", "text", (column) => column.notNull())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("take_over", "integer", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .execute();
    await db.schema
      .createTable("preferences")
      .addColumn("cluster", "text", (column) => column.notNull())
      .addColumn("user_name", "text", (column) => column.notNull())
      .addColumn("data", "text", (column) => column.notNull())
      .addPrimaryKeyConstraint("preferences_key", ["cluster", "user_name"])
      .execute();
    await db.schema
      .createTable("audit")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("at", "bigint", (column) => column.notNull())
      .addColumn("cluster", "text", (column) => column.notNull())
      .addColumn("user_name", "text", (column) => column.notNull())
      .addColumn("action", "text", (column) => column.notNull())
      .addColumn("noun", "text", (column) => column.notNull())
      .addColumn("project", "text", (column) => column.notNull())
      .addColumn("name", "text", (column) => column.notNull())
      .addColumn("outcome", "text", (column) => column.notNull())
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("source_ip", "text", (column) => column.notNull())
      .addColumn("request_id", "text", (column) => column.notNull())
      .addColumn("diff", "text", (column) => column.notNull())
      .execute();
    await db.schema
      .createIndex("audit_by_project")
      .on("audit")
      .columns(["cluster", "project", "at"])
      .execute();
    await db.schema.createIndex("audit_by_time").on("audit").columns(["cluster", "at"]).execute();
  },
};

const leases: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .createTable("leases")
      .addColumn("name", "text", (column) => column.primaryKey())
      .addColumn("holder", "text", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .execute();
  },
};

/** What a ticket is for grew beyond machines. */
const ticketDetails: Migration = {
  async up(db: Kysely<never>) {
    await db.schema
      .alterTable("console_tickets")
      .addColumn("details", "text", (column) => column.notNull().defaultTo(""))
      .execute();
  },
};

/** The trail is read newest first, which its ids tell. */
const trailById: Migration = {
  async up(db: Kysely<never>) {
    await db.schema.createIndex("audit_by_id").on("audit").columns(["cluster", "id"]).execute();
  },
};

/** Sessions that are older get their marks when they are read next: only the cookie opens what tells them. */
const providerLogouts: Migration = {
  async up(db: Kysely<never>) {
    for (const column of ["provider_subject", "provider_session"] as const) {
      await db.schema
        .alterTable("sessions")
        .addColumn(column, "text", (text) => text.notNull().defaultTo(""))
        .execute();
      await db.schema.createIndex(`sessions_by_${column}`).on("sessions").column(column).execute();
    }
    await db.schema
      .createTable("provider_logouts")
      .addColumn("id_hash", "text", (column) => column.primaryKey())
      .addColumn("provider_subject", "text", (column) => column.notNull())
      .addColumn("provider_session", "text", (column) => column.notNull())
      .addColumn("issued_at", "bigint", (column) => column.notNull())
      .addColumn("expires_at", "bigint", (column) => column.notNull())
      .execute();
  },
};

/** Opens the database and brings its schema up to date. `databaseUrl` '' takes SQLite in `dataDir`. */
export async function openDatabase(databaseUrl: string, dataDir: string): Promise<Database> {
  let db: Database;
  if (databaseUrl === "") {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    db = new Kysely<Tables>({ dialect: new NodeSqliteDialect(join(dataDir, "console.sqlite")) });
  } else {
    types.setTypeParser(types.builtins.INT8, Number); // bigint columns hold epoch milliseconds and counts, all below 2^53
    db = new Kysely<Tables>({ dialect: new PostgresDialect({ pool: openPostgresPool(databaseUrl) }) });
  }
  const migrator = new Migrator({
    db,
    provider: {
      getMigrations: async () => ({
        "001-first": first,
        "002-leases": leases,
        "003-ticket-details": ticketDetails,
        "004-trail-by-id": trailById,
        "005-provider-logouts": providerLogouts,
      }),
    },
  });
  const { error } = await migrator.migrateToLatest();
  if (error !== undefined) {
    await db.destroy();
    throw error;
  }
  return db;
}
