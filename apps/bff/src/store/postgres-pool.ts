/**
 * Connections to PostgreSQL with a deadline on every query. Without one a database host that vanishes holds each request for
 * TCP's many minutes. A connection that failed is closed, never handed out again.
 */
import type { PostgresCursor, PostgresPool, PostgresPoolClient, PostgresQueryResult } from "kysely";
import { DatabaseError, Pool, type PoolClient } from "pg";
import { StoreUnavailableError } from "./store-error.ts";

const connectWithinMs = 5000;
const answerWithinMs = 5000;

/** SQLSTATE classes that mean the server, not the statement: connection, resources, operator, system. */
const serverClasses = new Set(["08", "53", "57", "58"]);

function isServerAway(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return true; // the driver's own: broken, closed, timed out
  return serverClasses.has((error.code ?? "").slice(0, 2));
}

function guarded(client: PoolClient): PostgresPoolClient {
  let broken = false;
  async function run(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<unknown>> {
    try {
      const { command, rowCount, rows } = await client.query<Record<string, unknown>>(sql, [...parameters]);
      // as: kysely only compares it with those it knows
      return { command: command as PostgresQueryResult<unknown>["command"], rowCount: rowCount ?? 0, rows };
    } catch (error) {
      if (!isServerAway(error)) throw error;
      broken = true;
      throw new StoreUnavailableError(error);
    }
  }
  function query<R>(sql: string, parameters: readonly unknown[]): Promise<PostgresQueryResult<R>>;
  function query<R>(cursor: PostgresCursor<R>): PostgresCursor<R>;
  function query(
    sql: string | PostgresCursor<unknown>,
    parameters: readonly unknown[] = [],
  ): Promise<PostgresQueryResult<unknown>> | PostgresCursor<unknown> {
    if (typeof sql !== "string") throw new Error("The store streams nothing, so there are no cursors");
    return run(sql, parameters);
  }
  return {
    query,
    release: () => client.release(broken),
  };
}

export function openPostgresPool(connectionString: string): PostgresPool {
  const pool = new Pool({
    connectionString,
    max: 10,
    connectionTimeoutMillis: connectWithinMs,
    query_timeout: answerWithinMs,
    statement_timeout: answerWithinMs,
    keepAlive: true,
  });
  pool.on("error", () => {}); // an idle connection that breaks shows as a failure of the next query
  // one that breaks under a query fails it, and says so a second time: heard by nobody, that would end the process
  pool.on("connect", (client) => client.on("error", () => {}));
  return {
    options: pool.options,
    connect: async () => {
      try {
        return guarded(await pool.connect());
      } catch (error) {
        throw new StoreUnavailableError(error);
      }
    },
    end: async () => pool.end(),
  };
}
