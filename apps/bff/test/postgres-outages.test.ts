/** A database of its own process: starting on it together, losing it, and having it back. */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { everything } from "../src/access/scope.ts";
import { SessionStore } from "../src/identity/session-store.ts";
import { AuditStore } from "../src/store/audit-store.ts";
import { openDatabase } from "../src/store/database.ts";
import { until } from "./console-under-test.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { entry, HandClock, key, secret } from "./store-samples.ts";

const folder = mkdtempSync(join(tmpdir(), "kubev-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(postgresMissing !== null)("PostgreSQL alone", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await PostgresServer.start();
  });
  afterAll(async () => postgres.close());

  test("replicas that start together on an empty database migrate it once", async () => {
    const url = await postgres.database();
    const replicas = await Promise.all([1, 2, 3].map(async () => openDatabase(url, folder)));
    for (const db of replicas) {
      expect(await db.selectFrom("leases").selectAll().execute()).toEqual([]);
      await db.destroy();
    }
  });

  test("a database host that swallows everything is known to be away within seconds", async () => {
    const url = new URL(await postgres.database());
    const { hostname, port } = url;
    const swallowed = new Set<Socket>();
    let swallowing = false;
    const line = createServer((client) => {
      swallowed.add(client);
      const upstream = connect(Number(port), hostname);
      swallowed.add(upstream);
      client.on("data", (data) => swallowing || upstream.write(data));
      upstream.on("data", (data) => swallowing || client.write(data));
      for (const one of [client, upstream]) one.on("error", () => {});
    }).listen(0, "127.0.0.1");
    await once(line, "listening");
    url.port = String((line.address() as AddressInfo).port); // a TCP server's address
    const db = await openDatabase(url.href, folder);
    const clock = new HandClock();
    const sessions = new SessionStore(db, key, clock, { idleMs: 3_600_000, maxMs: 3_600_000 });
    const { id } = await sessions.create(secret);
    swallowing = true;
    clock.ms += 60_000;
    const startedMs = performance.now();
    const audit = new AuditStore(db, "c", clock, () => {});
    const [found] = await Promise.all([sessions.find(id), audit.record(entry("first", "p"))]);
    expect(found).toMatchObject(secret);
    expect(performance.now() - startedMs).toBeLessThan(8000);
    // and then nobody waits for it again in each request, nor for the trail of it once that goes to the log
    const knownMs = performance.now();
    for (let request = 0; request < 3; request += 1) {
      clock.ms += 60;
      expect(await sessions.find(id)).toMatchObject(secret);
      await audit.record(entry(`later-${request}`, "p"));
    }
    expect(audit.waiting).toBe(4);
    expect(performance.now() - knownMs).toBeLessThan(5000);
    swallowing = false;
    // the connection that was cut is not handed out again
    await until(async () =>
      db
        .selectFrom("leases")
        .selectAll()
        .execute()
        .then(
          () => true,
          () => false,
        ),
    );
    // connections that break under a query fail it, and are no uncaught error
    for (const one of swallowed) one.destroy();
    await audit.close();
    await db.destroy();
    line.close();
  });

  test("after an outage sessions go on and the trail is written in order", async () => {
    const clock = new HandClock();
    const db = await openDatabase(await postgres.database(), folder);
    const sessions = new SessionStore(db, key, clock, { idleMs: 3_600_000, maxMs: 3_600_000 });
    const audit = new AuditStore(db, "c", clock, () => {});
    const { id } = await sessions.create(secret);
    await audit.record(entry("before", "p"));
    await postgres.stop();
    clock.ms += 60_000;
    await audit.record(entry("meanwhile", "p"));
    expect(await sessions.find(id)).toMatchObject(secret);
    expect(sessions.downSinceMs).not.toBeNull();
    expect(audit.waiting).toBe(1);
    await postgres.resume();
    clock.ms += 1;
    expect(await sessions.find(id)).toMatchObject(secret);
    expect(sessions.downSinceMs).toBeNull();
    await audit.record(entry("after", "p"));
    await until(() => audit.waiting === 0);
    const { rows } = await audit.list(
      { limit: 9 },
      {
        userName: "ann",
        scopes: new Map([["virtual-machine", everything]]),
        seesSources: true,
      },
    );
    expect(rows.map((row) => row.name)).toEqual(["after", "meanwhile", "before"]);
    await db.destroy();
  });
});
