/**
 * Somebody who is signed out at a certified provider: his lists and consoles close within ten seconds on every replica, whichever heard of
 * it, and nobody else's. Two replicas on PostgreSQL where there is one, else one on SQLite.
 */
import { consoleCloseCodes } from "@kubev/api-types/consoles";
import { liveCloseCodes } from "@kubev/api-types/live";
import { type KubeSim, startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { Browser } from "./demo-browser.ts";
import { freePort } from "./free-port.ts";
import { LiveTab } from "./live-tab.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { watchedConsole } from "./watched-console.ts";

const limitMs = 10_000;
let postgres: PostgresServer | null = null;
let sim: KubeSim;
let replicas: ConsoleUnderTest[];
const clock = new ShiftedClock();

beforeAll(async () => {
  if (postgresMissing === null) postgres = await PostgresServer.start();
  const ports = [await freePort(), ...(postgres === null ? [] : [await freePort()])];
  const [heardAt] = ports;
  sim = await startKubeSim({
    dataDir: null,
    scenario: "demo",
    machines: "stand-in",
    oidc: {
      redirectUris: ports.map((port) => `http://127.0.0.1:${port}/api/session/oidc/callback`),
      logoutUri: `http://127.0.0.1:${heardAt}/api/session/oidc/back-channel-logout`,
    },
  });
  const env = {
    ...(postgres === null ? {} : { DATABASE_URL: await postgres.database() }),
    SESSION_KEY: "one key that all replicas were given",
    SIGN_IN_MODES: "oidc",
    OIDC_ISSUER: sim.oidc?.issuer ?? "",
    OIDC_CLIENT_ID: sim.oidc?.clientId ?? "",
    OIDC_CLIENT_SECRET: sim.oidc?.clientSecret ?? "",
  };
  replicas = await Promise.all(ports.map(async (port) => startConsole({ sim, port, env, clock })));
}, 120_000);
afterAll(async () => {
  await Promise.all(replicas.map(async (one) => one.close()));
  await sim.close();
  await postgres?.close();
});

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

const statusesOf = async ({ cookie }: Person) =>
  Promise.all(replicas.map(async ({ url }) => (await new Person(url, cookie).ask("listKinds")).status));
const all = (status: number) => replicas.map(() => status);

test("by an administrator, with all his sessions", async () => {
  const [first] = replicas;
  const url = first?.url ?? "";
  const [alice, elsewhere, bob] = [
    await new Browser(sim).signIn(url, "alice"),
    await new Browser(sim).signIn(url, "alice"),
    await new Browser(sim).signIn(url, "bob"),
  ];
  const at = ({ cookie }: Person) => replicas.map((one) => new Person(one.url, cookie));
  const [lists, consoles, others] = await Promise.all([
    Promise.all(at(alice).map(openList)),
    Promise.all(at(alice).map(openConsole)),
    Promise.all(at(bob).map(openList)),
  ]);
  expect(await statusesOf(elsewhere)).toEqual(all(200));
  const sinceMs = performance.now();
  await sim.oidc?.signOut("alice");
  expect((await new Person(url, alice.cookie).ask("listKinds")).status).toBe(401);
  const areClosed = () => [...lists, ...consoles].every(({ closeCode }) => closeCode !== 0);
  await until(areClosed, 2 * limitMs).catch(() => {}); // what stayed open is told by its code
  const afterMs = performance.now() - sinceMs;
  expect(lists.map(({ closeCode }) => closeCode)).toEqual(all(liveCloseCodes.sessionEnded));
  expect(consoles.map(({ closeCode }) => closeCode)).toEqual(all(consoleCloseCodes.sessionEnded));
  expect(afterMs).toBeLessThan(limitMs);
  clock.forward(limitMs);
  expect(await statusesOf(elsewhere)).toEqual(all(401));
  expect(await statusesOf(bob)).toEqual(all(200));
  expect(others.map(({ closeCode }) => closeCode)).toEqual(all(0));
  for (const { socket } of others) socket.terminate();
});

test("by himself in one browser, with that session alone", async () => {
  const url = replicas[0]?.url ?? "";
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
  expect(await statusesOf(alice)).toEqual(all(401));
  expect(await statusesOf(elsewhere)).toEqual(all(200));
});
