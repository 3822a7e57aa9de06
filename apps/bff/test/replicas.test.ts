/** Two replicas that share one PostgreSQL and nothing else: whatever one began, the other can go on with. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import { liveCloseCodes } from "@kubev/api-types/live";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { Browser } from "./demo-browser.ts";
import { freePort } from "./free-port.ts";
import { LiveTab } from "./live-tab.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { watchedConsole } from "./watched-console.ts";

const limitMs = 10_000;

const openList = async (person: Person) =>
  new LiveTab<{ name: string; ref: object }>(person).follow("vms", "");

/** Of another machine at each replica, so that none is taken over. */
async function openConsole(person: Person, at: number) {
  const { rows } = await person.call("listVms", { query: { q: "status:running", sort: "name" } });
  const vm = rows[at];
  const ticket = await person.call("createConsoleTicket", {
    params: { project: vm?.ref.project ?? "", name: vm?.name ?? "" },
    body: { kind: "vnc", takeOver: true },
  });
  const opened = watchedConsole(person, ticket);
  await until(() => opened.socket.readyState === WebSocket.OPEN);
  return opened;
}

describe.skipIf(postgresMissing !== null)("two replicas on one PostgreSQL", () => {
  let postgres: PostgresServer;
  let sim: KubeSim;
  let first: ConsoleUnderTest;
  let second: ConsoleUnderTest;
  const clock = new ShiftedClock();

  beforeAll(async () => {
    postgres = await PostgresServer.start();
    const ports = [await freePort(), await freePort()];
    sim = await startKubeSim({
      dataDir: null,
      scenario: "demo",
      machines: "stand-in",
      oidc: {
        redirectUris: ports.map((port) => `http://127.0.0.1:${port}/api/session/oidc/callback`),
        logoutUri: `http://127.0.0.1:${ports[0]}/api/session/oidc/back-channel-logout`,
      },
    });
    const env = {
      DATABASE_URL: await postgres.database(),
      SESSION_KEY: "one key that both replicas were given",
      SESSION_IDLE_MINUTES: "600",
      SIGN_IN_MODES: "oidc,token",
      OIDC_ISSUER: sim.oidc?.issuer ?? "",
      OIDC_CLIENT_ID: sim.oidc?.clientId ?? "",
      OIDC_CLIENT_SECRET: sim.oidc?.clientSecret ?? "",
    };
    const [one, two] = await Promise.all(ports.map(async (port) => startConsole({ sim, port, env, clock })));
    if (one === undefined || two === undefined) throw new Error("Two ports make two consoles");
    first = one;
    second = two;
  }, 120_000);
  afterAll(async () => {
    await Promise.all([first.close(), second.close()]);
    await sim.close();
    await postgres.close();
  });

  /** The same browser at the other replica, as behind a load balancer. */
  const at = (console: ConsoleUnderTest, person: Person) => new Person(console.url, person.cookie);

  test("a session of one is a session of the other, and ends at both", async () => {
    const alice = await first.signIn("alice");
    const moved = at(second, alice);
    expect((await moved.call("getSession")).user?.name).toBe("alice");
    await alice.call("putPreferences", { body: { ...(await alice.call("getPreferences")), theme: "dark" } });
    expect((await moved.call("getPreferences")).theme).toBe("dark");
    await moved.call("signOut");
    clock.forward(10_001);
    expect((await alice.ask("listVms")).status).toBe(401);
  });

  test("a sign-in that began at one ends at the other", async () => {
    const browser = new Browser(sim);
    const callback = new URL(await browser.untilCallback(`${first.url}/api/session/oidc/start`, "bob"));
    const state = callback.searchParams.get("state") ?? "";
    const flow = browser.jars.get(first.url);
    expect(state).not.toBe("");
    // the provider sends the browser to the address it knows; behind one name that may be either replica
    const row = await second.app.services.database.selectFrom("sign_in_flows").selectAll().execute();
    expect(row).toHaveLength(1);
    const done = await second.app.services.oidc?.finish(callback, flow?.get("__Host-kubev-flow") ?? "");
    expect(done?.secret.person.userName).toBe("bob");
  });

  test("a console ticket of one opens the console at the other, once", async () => {
    const alice = await first.signIn("alice");
    const running = await alice.call("listVms", {
      query: { q: "status:running", pageSize: 1, sort: "name" },
    });
    const vm = running.rows[0];
    if (vm?.ref.project === undefined) throw new Error("The demo has running machines");
    const { path, protocols } = await alice.call("createConsoleTicket", {
      params: { project: vm.ref.project, name: vm.name },
      body: { kind: "serial", takeOver: true },
    });
    const open = async () => {
      const socket = new WebSocket(`${second.url.replace("http", "ws")}${path}`, protocols, {
        headers: { cookie: alice.cookie, origin: second.url },
      });
      const outcome = new Promise<string>((resolve) => {
        socket.on("open", () => resolve("open"));
        socket.on("unexpected-response", (_request, response) => resolve(String(response.statusCode)));
        socket.on("error", () => resolve("error"));
      });
      const seen = await outcome;
      socket.terminate();
      return seen;
    };
    expect(await open()).toBe("open");
    expect(await open()).toBe("403");
  });

  const atBoth = (person: Person) => [at(first, person), at(second, person)];
  const statusesOf = async (person: Person) =>
    Promise.all(atBoth(person).map(async (one) => (await one.ask("listKinds")).status));
  const both = (code: number) => [code, code];

  test("somebody signed out at the provider by an administrator is out at both, with all his sessions", async () => {
    const { url } = first;
    const [alice, elsewhere, bob] = [
      await new Browser(sim).signIn(url, "alice"),
      await new Browser(sim).signIn(url, "alice"),
      await new Browser(sim).signIn(url, "bob"),
    ];
    const [lists, consoles, others] = await Promise.all([
      Promise.all(atBoth(alice).map(openList)),
      Promise.all(atBoth(alice).map(openConsole)),
      Promise.all(atBoth(bob).map(openList)),
    ]);
    expect(await statusesOf(elsewhere)).toEqual(both(200));
    const sinceMs = performance.now();
    await sim.oidc?.signOut("alice");
    expect((await alice.ask("listKinds")).status).toBe(401);
    const areClosed = () => [...lists, ...consoles].every(({ closeCode }) => closeCode !== 0);
    await until(areClosed, 2 * limitMs).catch(() => {}); // what stayed open is told by its code
    const afterMs = performance.now() - sinceMs;
    expect(lists.map(({ closeCode }) => closeCode)).toEqual(both(liveCloseCodes.sessionEnded));
    expect(consoles.map(({ closeCode }) => closeCode)).toEqual(both(consoleCloseCodes.sessionEnded));
    expect(afterMs).toBeLessThan(limitMs);
    clock.forward(limitMs);
    expect(await statusesOf(elsewhere)).toEqual(both(401));
    expect(await statusesOf(bob)).toEqual(both(200));
    expect(others.map(({ closeCode }) => closeCode)).toEqual(both(0));
    for (const { socket } of others) socket.terminate();
  });

  test("somebody who signs out at the provider himself is out at both, with that session alone", async () => {
    const { url } = first;
    const browser = new Browser(sim);
    const alice = await browser.signIn(url, "alice");
    const elsewhere = await new Browser(sim).signIn(url, "alice");
    expect((await alice.ask("listKinds")).status).toBe(200);
    const end = `${sim.oidc?.issuer}/session/end`;
    const page = await (await browser.go(end)).text();
    const xsrf = /name="xsrf" value="([^"]+)"/.exec(page)?.[1] ?? "";
    const done = await browser.go(`${end}/confirm`, {
      method: "POST",
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ xsrf, logout: "yes" }).toString(),
    });
    expect(done.status).toBe(303);
    expect(await statusesOf(alice)).toEqual(both(401));
    expect(await statusesOf(elsewhere)).toEqual(both(200));
  });

  test("an OIDC token is renewed at 80 % of its life, once over both", async () => {
    const person = await new Browser(sim).signIn(first.url, "alice");
    const moved = at(second, person);
    const tokenPath = new URL(first.app.services.config.oidc?.issuer ?? "").host;
    let renewals = 0;
    const count = (message: unknown) => {
      const { request } = message as { request: { origin: string; path: string; method: string } }; // undici's channel
      if (request.method === "POST" && request.path === "/token" && request.origin.endsWith(tokenPath))
        renewals += 1;
    };
    subscribe("undici:request:create", count);
    const both = async () =>
      Promise.all([person, moved, person, moved].map(async (one) => (await one.ask("listVms")).status));
    expect(await both()).toEqual([200, 200, 200, 200]);
    expect(renewals).toBe(0);
    clock.forward(47 * 60_000);
    expect(await both()).toEqual([200, 200, 200, 200]);
    expect(renewals).toBe(0);
    const tokenOf = async () =>
      (await first.app.services.database.selectFrom("sessions").select("sealed").execute()).map(
        (row) => row.sealed,
      );
    const before = await tokenOf();
    clock.forward(60_001);
    await until(async () => (await both()).every((status) => status === 200) && renewals > 0);
    expect(await tokenOf()).not.toEqual(before);
    clock.forward(11_000);
    expect(await both()).toEqual([200, 200, 200, 200]);
    expect(renewals).toBe(1);
    clock.forward(3 * 3600_000);
    expect(await both()).toEqual([200, 200, 200, 200]);
    expect(renewals).toBe(2);
    unsubscribe("undici:request:create", count);
  });
});
