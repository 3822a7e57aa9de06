/** What the console keeps, the same on SQLite and on a real PostgreSQL, with the database going away too. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { userPreferences } from "@kubev/api-types/preferences";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SessionStore } from "../src/identity/session-store.ts";
import { StoreUnavailableError } from "../src/store/store-error.ts";
import type { Noun } from "@kubev/api-types/resource-ref";
import { everything, noNames, nothing } from "../src/access/scope.ts";
import type { Scope } from "../src/access/scope.ts";
import { AuditStore } from "../src/store/audit-store.ts";
import { openDatabase } from "../src/store/database.ts";
import type { Database } from "../src/store/database.ts";
import { LeaseStore } from "../src/store/lease-store.ts";
import { PreferenceStore } from "../src/store/preference-store.ts";
import type { ActivityQuery, ActivityRow } from "@kubev/api-types/activity";
import { sql } from "kysely";
import { until } from "./console-under-test.ts";
import { hashId } from "../src/store/sealing.ts";
import { TicketStore } from "../src/store/ticket-store.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { entry, HandClock, key, secret } from "./store-samples.ts";

const limits = { idleMs: 60_000, maxMs: 600_000 };

const folder = mkdtempSync(join(tmpdir(), "kubev-store-"));
let postgres: PostgresServer | null = null;
beforeAll(async () => {
  if (postgresMissing === null) postgres = await PostgresServer.start();
});
afterAll(async () => {
  await postgres?.close();
  rmSync(folder, { recursive: true });
});

describe.each(["SQLite", "PostgreSQL"])("on %s", (kind) => {
  const here = kind === "PostgreSQL" && postgresMissing !== null ? describe.skip : describe;
  here("the store", () => {
    let db: Database;
    let clock: HandClock;
    let sessions: SessionStore;
    let url = "";
    beforeAll(async () => {
      url = kind === "PostgreSQL" ? ((await postgres?.database()) ?? "") : "";
      db = await openDatabase(url, folder);
      clock = new HandClock();
      sessions = new SessionStore(db, key, clock, limits);
    });
    afterAll(async () => db.destroy());

    test("finds a session by its id alone, on another replica too", async () => {
      const { id } = await sessions.create(secret);
      const other = new SessionStore(db, key, clock, limits);
      expect(await other.find(id)).toMatchObject(secret);
      expect(await other.find(`${id.slice(0, -1)}${id.endsWith("A") ? "B" : "A"}`)).toBe("unknown");
      expect(await new SessionStore(db, "z".repeat(40), clock, limits).find(id)).toBe("unknown");
    });

    test("keeps neither ids nor tokens readable", async () => {
      const { id } = await sessions.create(secret);
      const kept = JSON.stringify(await db.selectFrom("sessions").selectAll().execute());
      expect(kept).toContain(hashId(id));
      expect(kept).not.toContain(id);
      expect(kept).not.toContain(secret.token);
    });

    test("ends by idling, but not for passive reads alone", async () => {
      const { id } = await sessions.create(secret);
      clock.ms += limits.idleMs - 1;
      expect(await sessions.find(id)).toMatchObject(secret);
      clock.ms += limits.idleMs - 1;
      expect(await sessions.find(id, true)).toMatchObject(secret);
      clock.ms += 2;
      expect(await sessions.find(id)).toBe("idle");
      expect(await sessions.find(id)).toBe("unknown");
    });

    test("ends at its absolute limit however busy it is", async () => {
      const { id } = await sessions.create(secret);
      for (let ms = 0; ms < limits.maxMs - 30_000; ms += 30_000) {
        clock.ms += 30_000;
        expect(await sessions.find(id)).toMatchObject(secret);
      }
      clock.ms += 30_000;
      expect(await sessions.find(id)).toBe("too-old");
    });

    test("a sign-out on one replica ends it on the others within ten seconds", async () => {
      const { id, session } = await sessions.create(secret);
      const other = new SessionStore(db, key, clock, limits);
      expect(await other.find(id)).toMatchObject(secret);
      await sessions.end(session.hash);
      expect(await sessions.find(id)).toBe("unknown");
      clock.ms += 10_001;
      expect(await other.stillHolds(session.hash)).toBe(false);
      expect(await other.find(id)).toBe("unknown");
    });

    test("tickets: once, in time, by their own session", async () => {
      const tickets = new TicketStore(db, clock);
      const subject = {
        sessionHash: "s",
        cluster: "c",
        project: "p",
        name: "n",
        uid: "u",
        kind: "vnc",
        takeOver: true,
      } as const;
      const first = await tickets.issue(subject);
      expect(await tickets.take(first.ticket, "s")).toEqual(subject);
      expect(await tickets.take(first.ticket, "s")).toBeNull();
      const stolen = await tickets.issue(subject);
      expect(await tickets.take(stolen.ticket, "other")).toBeNull();
      expect(await tickets.take(stolen.ticket, "s")).toBeNull();
      const late = await tickets.issue(subject);
      clock.ms += 30_001;
      expect(await tickets.take(late.ticket, "s")).toBeNull();
    });

    test("opens again without migrating twice, by many at once too", async () => {
      const again = await Promise.all([1, 2, 3].map(async () => openDatabase(url, folder)));
      expect(await again[0]?.selectFrom("leases").selectAll().execute()).toEqual([]);
      for (const one of again) await one.destroy();
    });

    test("leases: one holder, released by him alone, free again after its time", async () => {
      const leases = new LeaseStore(db, clock);
      const holders = await Promise.all([1, 2, 3, 4].map(async () => leases.take("l", 1000)));
      const [mine] = holders.filter((holder) => holder !== null);
      expect(holders.filter((holder) => holder !== null)).toHaveLength(1);
      await leases.release("l", "somebody else");
      expect(await leases.take("l", 1000)).toBeNull();
      clock.ms += 1001;
      const next = await leases.take("l", 1000);
      expect(next).not.toBeNull();
      await leases.release("l", mine ?? "");
      expect(await leases.take("l", 1000)).toBeNull();
      await leases.release("l", next ?? "");
      expect(await leases.take("l", 1000)).not.toBeNull();
    });

    test("preferences are each person's own, the last write counts", async () => {
      const store = new PreferenceStore(db, "c");
      const none = userPreferences.parse({});
      expect(await store.get("ann")).toEqual(none);
      await store.put("ann", { ...none, theme: "dark" });
      await store.put("ann", { ...none, theme: "light" });
      expect((await store.get("ann")).theme).toBe("light");
      expect(await store.get("bob")).toEqual(none);
      expect(await new PreferenceStore(db, "other").get("ann")).toEqual(none);
    });

    test("the trail comes newest first, in pages, and only as far as one may see", async () => {
      const audit = new AuditStore(db, "c", clock, () => {});
      for (let i = 0; i < 30; i += 1) {
        clock.ms += 7;
        await audit.record(entry(`vm-${i}`, i % 2 === 0 ? "even" : "odd", i % 3 === 0 ? "bob" : "ann"));
      }
      const reader = (userName: string, scope: Scope) => ({
        userName,
        scopes: new Map<Noun, Scope>([["virtual-machine", scope]]),
        seesSources: scope.all,
      });
      const all = reader("ann", everything);
      const first = await audit.list({ limit: 20 }, all);
      const second = await audit.list({ limit: 20, before: first.nextBefore ?? "" }, all);
      expect([...first.rows, ...second.rows].map((row) => row.name)).toEqual(
        Array.from({ length: 30 }, (_, i) => `vm-${29 - i}`),
      );
      expect(second.nextBefore).toBeNull();
      expect(first.rows[0]).toMatchObject(entry("vm-29", "odd"));
      const seen = await audit.list(
        { limit: 50 },
        reader("bob", { all: false, projects: new Set(["even"]), names: noNames }),
      );
      expect(seen.rows.every((row) => row.project === "even" || row.user === "bob")).toBe(true);
      expect(seen.rows).toHaveLength(20);
      const holding = async (q: string) =>
        (await audit.list({ limit: 50, q }, all)).rows.map((row) => row.name).toSorted();
      await audit.record(entry("100%_done", "even", "ann"));
      expect(await holding("VM-2")).toEqual(expect.arrayContaining(["vm-2", "vm-20"]));
      expect(await holding("vm-2")).not.toContain("vm-3");
      // what is a wildcard to the database is a letter to whoever types it
      expect(await holding("%_")).toEqual(["100%_done"]);
      expect(await holding("nobody-of-them")).toEqual([]);
      await audit.record(entry("Élodie", "even", "ann"));
      expect(await holding("Élo")).toEqual(["Élodie"]);
      const own = await audit.list({ limit: 50 }, reader("bob", nothing));
      expect(own.rows).toHaveLength(10);
      await audit.record({ ...entry("a-disk", "even"), noun: "disk", user: "ann" });
      const others = reader("bob", { all: false, projects: new Set(["even"]), names: noNames });
      expect((await audit.list({ limit: 50 }, others)).rows.map((row) => row.name)).not.toContain("a-disk");
      const id = await audit.record({ ...entry("long", "odd"), outcome: "running" });
      await audit.finish(id, "ok");
      expect((await audit.list({ limit: 1 }, all)).rows[0]).toMatchObject({ id, outcome: "ok" });
    });

    test("a search looks through the newest of what its other filters leave, however many rows are newer", async () => {
      const audit = new AuditStore(db, "busy", clock, () => {});
      clock.ms += 1;
      const oldAt = new Date(clock.ms).toISOString();
      const id = await audit.record({ ...entry("web-1", "old"), noun: "disk" });
      // ids of a later time, one after the other
      await sql`insert into audit (id, at, cluster, user_name, action, noun, project, name, outcome, reason, source_ip, request_id, diff)
        with recursive n(i) as (select 1 union all select i + 1 from n where i < 50001)
        select 'z' || cast(10000000 + i as text) || '-0000-x', 101500000000000, 'busy', 'ann', 'stop', 'virtual-machine', 'new', 'db-1', 'ok', '', '', '', '[]'
        from n`.execute(db);
      const reader = {
        userName: "ann",
        scopes: new Map<Noun, Scope>([
          ["virtual-machine", everything],
          ["disk", everything],
        ]),
        seesSources: true,
      };
      const found = async (filter: Partial<ActivityQuery>) =>
        (await audit.list({ limit: 5, q: "web-1", ...filter }, reader)).rows.map((row) => row.name);
      expect(await found({})).toEqual([]); // behind the bound
      expect(await found({ until: oldAt })).toEqual(["web-1"]);
      expect(await found({ before: `${id}~` })).toEqual(["web-1"]);
      expect(await found({ project: "old" })).toEqual(["web-1"]);
      expect(await found({ noun: "disk" })).toEqual(["web-1"]);
      expect(await found({ until: new Date(clock.ms - 1).toISOString() })).toEqual([]);
    });

    test("thousands of rows that waited are written once each, though some were stored already", async () => {
      const own = mkdtempSync(join(tmpdir(), "kubev-backlog-"));
      const target = await openDatabase(url === "" ? "" : ((await postgres?.database()) ?? ""), own);
      const lost: ActivityRow[] = [];
      const audit = new AuditStore(target, "c", clock, (row) => void lost.push(row));
      await sql`alter table audit rename to away`.execute(target);
      // more than SQLite binds in one statement; PostgreSQL, which has no such bound, is only to go in parts
      const many = kind === "SQLite" ? 3000 : 600;
      for (let i = 0; i < many; i += 1) await audit.record(entry(`vm-${i}`, "backlog"));
      expect(audit.waiting).toBe(many);
      await sql`alter table away rename to audit`.execute(target);
      // the connection broke after this one was stored and before that was told
      await target
        .insertInto("audit")
        .values({
          id: lost[0]?.id ?? "",
          at: clock.ms,
          cluster: "c",
          user_name: "ann",
          action: "stop",
          noun: "virtual-machine",
          project: "backlog",
          name: "vm-0",
          outcome: "ok",
          reason: "",
          source_ip: "",
          request_id: "",
          diff: "[]",
        })
        .execute();
      await audit.close();
      expect(audit.waiting).toBe(0);
      const { count } = await target
        .selectFrom("audit")
        .select((eb) => eb.fn.countAll<number>().as("count"))
        .executeTakeFirstOrThrow();
      expect(count).toBe(many);
      await target.destroy();
      rmSync(own, { recursive: true });
    });

    test("a session that ends while the database is away does not come back with it", async () => {
      const own = mkdtempSync(join(tmpdir(), "kubev-ended-"));
      const target = await openDatabase(url === "" ? "" : ((await postgres?.database()) ?? ""), own);
      const store = new SessionStore(target, key, clock, limits);
      const { id, session } = await store.create(secret);
      await sql`alter table sessions rename to away`.execute(target);
      await store.end(session.hash);
      await sql`alter table away rename to sessions`.execute(target);
      expect(await store.find(id)).toBe("unknown");
      clock.ms += 61_000; // the next look sweeps
      await store.find(id);
      await until(async () => (await target.selectFrom("sessions").selectAll().execute()).length === 0);
      await target.destroy();
      rmSync(own, { recursive: true });
    });

    test("without the database the signed-in go on for minutes, strangers do not, and the trail goes to the log", async () => {
      const own = mkdtempSync(join(tmpdir(), "kubev-outage-"));
      const away = await openDatabase(url, own);
      const store = new SessionStore(away, key, clock, { ...limits, idleMs: 3_600_000, maxMs: 3_600_000 });
      const logged: string[] = [];
      const audit = new AuditStore(away, "c", clock, (row) => void logged.push(row.action));
      const { id, session } = await store.create(secret);
      const { id: unknownHere } = await new SessionStore(away, key, clock, limits).create(secret);
      await (kind === "PostgreSQL" ? postgres?.stop() : away.destroy());
      clock.ms += 60_000;
      expect(await store.find(id)).toMatchObject(secret);
      expect(await store.stillHolds(session.hash)).toBe(true);
      await expect(store.find(unknownHere)).rejects.toThrow(StoreUnavailableError);
      await audit.record(entry("meanwhile", "outage"));
      expect(logged).toEqual(["stop"]);
      expect(audit.waiting).toBe(1);
      clock.ms += 5 * 60_000;
      await expect(store.find(id)).rejects.toThrow(StoreUnavailableError);
      if (kind === "PostgreSQL") await postgres?.resume();
      rmSync(own, { recursive: true });
    });
  });
});
