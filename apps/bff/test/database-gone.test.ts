/**
 * The console's own database goes while people work, and comes back: over HTTP, as browsers meet it. Who is signed in goes
 * on and is told, who wants to sign in is told why he cannot, what was done meanwhile is in the log and then in the trail.
 */
import type { DiskRow } from "@kubev/api-types/disks";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { type ConsoleUnderTest, Person, startConsole, until } from "./console-under-test.ts";
import { clientId, clientSecret, signed, startHostileIssuer } from "./hostile-issuer.ts";
import { LiveTab } from "./live-tab.ts";
import { PostgresServer, postgresMissing } from "./postgres-server.ts";
import { ShiftedClock } from "./shifted-clock.ts";
import { type WatchedConsole, watchedConsole } from "./watched-console.ts";

const project = "web-shop";
const unavailable = { code: "store-unavailable", reason: { code: "store-down" } };

describe.skipIf(postgresMissing !== null)("the database is gone", () => {
  const clock = new ShiftedClock();
  let postgres: PostgresServer;
  let provider: Awaited<ReturnType<typeof startHostileIssuer>>;
  let sim: KubeSim;
  let cut: ConsoleUnderTest;
  let alice: Person;
  let tab: LiveTab<DiskRow>;
  let serial: WatchedConsole;
  /** Of before: what a browser still holds when the database goes. */
  let heldTicket: Ticket;
  let heldFlow: Flow;

  beforeAll(async () => {
    [postgres, provider, sim] = await Promise.all([
      PostgresServer.start(),
      startHostileIssuer(),
      startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" }),
    ]);
    const env = {
      DATABASE_URL: await postgres.database(),
      SESSION_KEY: "one key of this installation, kept secret",
      ACTING_MODE: "impersonate",
      SIGN_IN_MODES: "oidc,token",
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_USERNAME_CLAIM: "email",
      OIDC_USER_PREFIX: "-",
      OIDC_GROUPS_PREFIX: "-",
    };
    cut = await startConsole({ sim, env, clock });
    alice = await cut.signIn("alice");
    tab = await new LiveTab<DiskRow>(alice).follow("disks", "name:unlogged-");
    tab.socket.send(JSON.stringify({ type: "subscribe-feed", id: "notices", feed: "capabilities" }));
    // each feed begins with a word of its own
    await until(() => told() > 0);
    serial = watchedConsole(alice, await ticket());
    await until(() => serial.socket.readyState === WebSocket.OPEN);
    heldTicket = await ticket();
    heldFlow = await beginFlow();
    await until(async () => (await notices()).length === 0);
    await postgres.stop();
    // longer ago than sessions were last read
    clock.forward(60_000);
  }, 60_000);
  afterAll(async () => {
    tab.socket.terminate();
    serial.socket.terminate();
    await cut.close();
    await sim.close();
    await provider.close();
    await postgres.close();
  });

  interface Ticket {
    path: string;
    protocols: string[];
  }
  interface Flow {
    cookie: string;
    /** Path and query that the provider sends the browser back to. */
    callback: string;
  }

  const asksTicket = { params: { project, name: "shop-web-1" }, body: { kind: "serial", takeOver: true } };
  const ticket = async () => alice.call("createConsoleTicket", asksTicket as never); // as the contract has it
  const notices = async () => (await alice.call("getCapabilities")).database.map(({ code }) => code);
  /** How often the tab was told to fetch its notices again. */
  const told = () =>
    tab.messages.filter((message) => message.type === "invalidate" && message.id === "notices").length;

  const start = async () => fetch(`${cut.url}/api/session/oidc/start?returnTo=/vms`, { redirect: "manual" });

  async function beginFlow(): Promise<Flow> {
    const begun = await start();
    const { searchParams } = new URL(begun.headers.get("location") ?? "");
    const of = (name: string) => searchParams.get(name) ?? "";
    const seconds = Math.floor(Date.now() / 1000);
    const claims = { iss: provider.issuer, sub: "1", aud: clientId, email: "carol@example.org" };
    const times = { iat: seconds, exp: seconds + 3600 };
    const code = provider.code({ challenge: of("code_challenge"), nonce: of("nonce") }, (nonce) =>
      signed({ ...claims, ...times, nonce }, provider.key()),
    );
    const query = new URLSearchParams({ state: of("state"), code }).toString();
    return {
      cookie: begun.headers.getSetCookie()[0]?.split(";", 1)[0] ?? "",
      callback: `/api/session/oidc/callback?${query}`,
    };
  }

  const finish = async ({ cookie, callback }: Flow) => new Person(cut.url, cookie).fetch("GET", callback);
  const token = () => sim.users.find(({ name }) => name === "bob")?.token ?? "";
  const createDisk = async (name: string) =>
    alice.call("createDisk", {
      params: { project },
      body: { name, source: { kind: "blank" }, sizeBytes: 64 * 1024 ** 2 },
    });

  test("open tabs find out by themselves, and are told", async () => {
    const before = told();
    // nobody asks anything meanwhile but the open sockets, whether their sessions hold
    await until(() => told() > before);
    expect(await notices()).toEqual(["store-down"]);
  });

  test("who is signed in reads and writes on, and the trail of it goes to the log", async () => {
    expect((await alice.call("getSession")).user?.name).toBe("alice");
    expect((await alice.call("listVms")).total).toBeGreaterThan(0);
    const before = told();
    await createDisk("unlogged-1");
    await until(() => tab.shown().join() === "unlogged-1");
    const line = await until(() =>
      cut.logs.find((one) => one.includes("audit entry kept in the log") && one.includes("unlogged-1")),
    );
    expect(JSON.parse(line)).toMatchObject({
      lost: false,
      audit: { user: "alice", action: "create", noun: "disk", project, name: "unlogged-1", outcome: "ok" },
    });
    await until(() => told() > before);
    expect(await notices()).toEqual(["store-down", "audit-in-log"]);
    expect([tab.closeCode, serial.closeCode]).toEqual([0, 0]);
  });

  test("who wants to sign in is told why he cannot, by a token and at a provider", async () => {
    const bob = new Person(cut.url);
    const refused = await bob.refused("signInWithToken", { body: { token: token() } });
    expect(refused.status).toBe(503);
    expect(refused.body.error).toMatchObject(unavailable);
    expect(bob.cookie).toBe("");
    // navigations end at a page that says it, not at JSON
    const page = "/sign-in?refused=store-unavailable";
    const [begun, finished] = [await start(), await finish(heldFlow)];
    expect([begun.status, begun.headers.get("location")]).toEqual([302, page]);
    expect([finished.status, finished.headers.get("location")]).toEqual([303, page]);
    expect(finished.headers.getSetCookie().some((one) => one.startsWith("__Host-kubev="))).toBe(false);
  });

  test("a console is not opened anew: the ticket is refused in words, one of before with 503", async () => {
    const refused = await alice.refused("createConsoleTicket", asksTicket);
    expect(refused.status).toBe(503);
    expect(refused.body.error).toMatchObject(unavailable);
    const opened = watchedConsole(alice, heldTicket);
    await until(() => opened.status === 503);
    expect(serial.closeCode).toBe(0);
  });

  test("back again: what was refused works, the trail has what was done once, and tabs are told", async () => {
    const before = told();
    await postgres.resume();
    const trail = async () =>
      (await alice.call("listActivity", { query: { limit: 50, name: "unlogged-1" } })).rows;
    // what is written now brings along what waited
    await createDisk("unlogged-2");
    await until(() => tab.shown().join() === "unlogged-1,unlogged-2");
    await until(async () => (await trail()).length > 0);
    await until(async () => (await notices()).length === 0);
    await until(() => told() > before);
    expect(tab.closeCode).toBe(0);
    expect((await trail()).map(({ action, outcome }) => [action, outcome])).toEqual([["create", "ok"]]);
    const operator = await cut.signIn("operator");
    const signIns = (await operator.call("listActivity", { query: { q: "sign-in", limit: 200 } })).rows;
    expect(
      signIns
        .filter(({ reason }) => reason?.code === "store-down")
        .map(({ name, outcome }) => [name, outcome]),
    ).toEqual([
      ["oidc", "failed"],
      ["token", "failed"],
    ]);

    await new Person(cut.url).call("signInWithToken", { body: { token: token() } });
    const home = await finish(await beginFlow());
    expect(home.headers.get("location")).toBe("/vms");
    const again = watchedConsole(alice, await ticket());
    await until(() => again.socket.readyState === WebSocket.OPEN);
    again.socket.terminate();
  });

  test("after minutes without it nobody goes on from memory: every answer says why, and comes back with it", async () => {
    await postgres.stop();
    clock.forward(6 * 60_000);
    const refused = await alice.refused("listVms");
    expect(refused.status).toBe(503);
    expect(refused.body.error).toMatchObject(unavailable);
    await postgres.resume();
    await until(async () => (await alice.ask("listVms")).status === 200);
  });
});
