/** Two replicas that share one PostgreSQL and nothing else: whatever one began, the other can go on with. */
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole, until } from "./console-under-test.ts";
import { Browser } from "./demo-browser.ts";
import { freePort } from "./free-port.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { ShiftedClock } from "./shifted-clock.ts";

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
      oidc: { redirectUris: ports.map((port) => `http://127.0.0.1:${port}/api/session/oidc/callback`) },
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
