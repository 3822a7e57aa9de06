/** Keeps the issuer's sessions, grants and tokens in SQLite, so that a restart signs nobody out. */
import { DatabaseSync } from "node:sqlite";
import type { Adapter, AdapterFactory, AdapterPayload } from "oidc-provider";

/** A factory of oidc-provider adapters over one database file, and the way to close it. */
export function openOidcRecords(
  path: string,
  now: () => number,
): { adapter: AdapterFactory; close: () => void } {
  const database = new DatabaseSync(path);
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;
    CREATE TABLE IF NOT EXISTS records (
      model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, grant_id TEXT, uid TEXT, user_code TEXT,
      expires_at INTEGER, PRIMARY KEY (model, id));
    CREATE INDEX IF NOT EXISTS records_by_grant ON records (grant_id);
    CREATE INDEX IF NOT EXISTS records_by_uid ON records (uid);`);
  database.prepare("DELETE FROM records WHERE expires_at < ?").run(now());
  const put = database.prepare(
    `INSERT INTO records (model, id, payload, grant_id, uid, user_code, expires_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id, uid = excluded.uid,
       user_code = excluded.user_code, expires_at = excluded.expires_at`,
  );
  const find = (
    column: "id" | "uid" | "user_code",
  ): ((model: string, value: string) => AdapterPayload | undefined) => {
    const statement = database.prepare(
      `SELECT payload FROM records WHERE model = ? AND ${column} = ? AND (expires_at IS NULL OR expires_at >= ?)`,
    );
    return (model, value) => {
      const row = statement.get(model, value, now());
      return row === undefined ? undefined : (JSON.parse(String(row["payload"])) as AdapterPayload); // written by put
    };
  };
  const byId = find("id");
  const byUid = find("uid");
  const byUserCode = find("user_code");
  const consume = database.prepare(
    "UPDATE records SET payload = json_set(payload, '$.consumed', ?) WHERE model = ? AND id = ?",
  );
  const remove = database.prepare("DELETE FROM records WHERE model = ? AND id = ?");
  const revoke = database.prepare("DELETE FROM records WHERE grant_id = ?");

  const adapter = (model: string): Adapter => ({
    upsert: async (id, payload, expiresInSeconds) => {
      put.run(
        model,
        id,
        JSON.stringify(payload),
        payload.grantId ?? null,
        payload.uid ?? null,
        payload.userCode ?? null,
        expiresInSeconds ? now() + expiresInSeconds * 1000 : null,
      );
    },
    find: async (id) => byId(model, id),
    findByUid: async (uid) => byUid(model, uid),
    findByUserCode: async (userCode) => byUserCode(model, userCode),
    consume: async (id) => {
      consume.run(Math.floor(now() / 1000), model, id);
    },
    destroy: async (id) => {
      remove.run(model, id);
    },
    revokeByGrantId: async (grantId) => {
      revoke.run(grantId);
    },
  });
  return { adapter, close: () => database.close() };
}
