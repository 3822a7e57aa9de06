/** Sessions end when they should, only when they should, and nothing of them can be replayed. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readCookie, sessionCookie } from "../src/identity/cookies.ts";
import { SessionStore, StoreUnavailableError } from "../src/identity/session-store.ts";
import type { Clock } from "../src/kube/clock.ts";
import { AuditStore } from "../src/store/audit-store.ts";
import { openDatabase } from "../src/store/database.ts";
import type { Database } from "../src/store/database.ts";
import { seal, serverKey, unseal } from "../src/store/sealing.ts";
import { TicketStore } from "../src/store/ticket-store.ts";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole } from "./console-under-test.ts";

const key = "k".repeat(40);
const secret = {
  person: { userName: "ann", displayName: "Ann", groups: ["g"] },
  mode: "token" as const,
  token: "canary-token-4417",
};
const limits = { idleMs: 60_000, maxMs: 600_000 };

/** Time that tests move by hand. */
class HandClock implements Clock {
  ms = 1_000_000;
  nowMs = () => this.ms;
  monotonicMs = () => this.ms;
  sleep = async () => {};
  random = () => 0.5;
}

const folder = mkdtempSync(join(tmpdir(), "kubev-sessions-"));
let db: Database;
let clock: HandClock;
let sessions: SessionStore;
beforeAll(async () => {
  db = await openDatabase("", folder);
  clock = new HandClock();
  sessions = new SessionStore(db, key, clock, limits);
});
afterAll(async () => {
  await db.destroy().catch(() => {});
  rmSync(folder, { recursive: true });
});

describe("the store", () => {
  test("finds a session by its id alone, on another replica too", async () => {
    const { id } = await sessions.create(secret);
    const other = new SessionStore(db, key, clock, limits);
    expect(await other.find(id)).toMatchObject(secret);
    expect(await other.find(`${id.slice(0, -1)}${id.endsWith("A") ? "B" : "A"}`)).toBe("unknown");
    expect(await new SessionStore(db, "z".repeat(40), clock, limits).find(id)).toBe("unknown");
  });

  test("keeps neither ids nor tokens readable", async () => {
    const { id } = await sessions.create(secret);
    const files = ["console.sqlite", "console.sqlite-wal"]
      .map((name) => readFileSync(join(folder, name)).toString("latin1"))
      .join("");
    expect(files).not.toContain(id);
    expect(files).not.toContain(secret.token);
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

  test("a value sealed for one id opens with no other", () => {
    const sealed = seal(key, "one", { a: 1 });
    expect(unseal(key, "one", sealed)).toEqual({ a: 1 });
    expect(unseal(key, "two", sealed)).toBeNull();
    expect(unseal(key, "one", `${sealed.slice(0, -4)}AAAA`)).toBeNull();
  });

  test("the server's key is made once and kept from others", () => {
    const made = serverKey("", folder);
    expect(serverKey("", folder)).toBe(made);
    expect(made.length).toBeGreaterThanOrEqual(32);
  });

  test("tickets: once, in time, by their own session", async () => {
    const tickets = new TicketStore(db, clock);
    const subject = {
      sessionHash: "s",
      cluster: "c",
      project: "p",
      name: "n",
      instanceUid: "u",
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

  test("without the database the signed-in go on for minutes, strangers do not, and the trail goes to the log", async () => {
    const own = mkdtempSync(join(tmpdir(), "kubev-outage-"));
    const away = await openDatabase("", own);
    const store = new SessionStore(away, key, clock, { ...limits, idleMs: 3_600_000, maxMs: 3_600_000 });
    const logged: string[] = [];
    const audit = new AuditStore(away, "c", clock, (row) => void logged.push(row.action));
    const { id, session } = await store.create(secret);
    const { id: unknownHere } = await new SessionStore(away, key, clock, limits).create(secret);
    await away.destroy();
    clock.ms += 60_000;
    expect(await store.find(id)).toMatchObject(secret);
    expect(await store.stillHolds(session.hash)).toBe(true);
    await expect(store.find(unknownHere)).rejects.toThrow(StoreUnavailableError);
    await audit.record({
      user: "ann",
      action: "stop",
      noun: "virtual-machine",
      name: "x",
      outcome: "ok",
      sourceIp: "",
      requestId: "",
      diff: [],
    });
    expect(logged).toEqual(["stop"]);
    expect(audit.waiting).toBe(1);
    clock.ms += 5 * 60_000;
    await expect(store.find(id)).rejects.toThrow(StoreUnavailableError);
    rmSync(own, { recursive: true });
  });

  test("two cookies of one name are none", () => {
    expect(readCookie(`${sessionCookie}=a`, sessionCookie)).toBe("a");
    expect(readCookie(`${sessionCookie}=a; ${sessionCookie}=b`, sessionCookie)).toBeNull();
    expect(readCookie(`x${sessionCookie}=a`, sessionCookie)).toBeNull();
  });
});

describe("over HTTP", () => {
  let cut: ConsoleUnderTest;
  beforeAll(async () => {
    cut = await startConsole({ scenario: "empty" });
  });
  afterAll(async () => cut.close());

  test("the cookie is opaque, host-bound, unreadable for scripts", async () => {
    const token = cut.sim.users[0]?.token ?? "";
    const response = await new Person(cut.url).fetch("POST", "/api/session/token", { body: { token } });
    const [cookie = ""] = response.headers.getSetCookie();
    expect(cookie).toMatch(/^__Host-kubev=[\w-]{43}; Path=\/; Secure; HttpOnly; SameSite=Lax$/);
    expect(await response.text()).not.toContain(token);
  });

  test("signing in gives a new id, whatever was sent before, and ends the old one", async () => {
    const person = await cut.signIn("operator");
    const before = person.cookie;
    await person.call("signInWithToken", { body: { token: cut.sim.users[0]?.token ?? "" } });
    expect(person.cookie).not.toBe(before);
    expect((await new Person(cut.url, before).ask("listVms")).status).toBe(401);
    const planted = new Person(cut.url, `__Host-kubev=${"A".repeat(43)}`);
    await planted.call("signInWithToken", { body: { token: cut.sim.users[0]?.token ?? "" } });
    expect(planted.cookie).not.toContain("A".repeat(43));
  });

  test("after signing out the cookie is worth nothing", async () => {
    const person = await cut.signIn("operator");
    const cookie = person.cookie;
    await person.call("signOut");
    const replay = await new Person(cut.url, cookie).ask("listVms");
    expect(replay.status).toBe(401);
  });

  test("a restart keeps people signed in", async () => {
    const person = await cut.signIn("operator");
    await cut.app.drain();
    const again = await startConsole({ sim: cut.sim, dataDir: cut.dataDir });
    expect((await new Person(again.url, person.cookie).ask("listVms")).status).toBe(200);
    await again.close();
  });
});
