/**
 * Whom the provider signed out or disabled is signed out here (OpenID Connect Back-Channel Logout 1.0): the sessions that it names and no
 * others, however they came to be.
 */
import { sql } from "kysely";
import { describe, expect, test } from "vitest";
import { type Claims, clientId, signed } from "./hostile-issuer.ts";
import { areSignedIn, logoutEvent, logoutToken, now, refusal, send, signInAs } from "./logout-posts.ts";
import {
  begin,
  but,
  clock,
  comeBack,
  cut,
  honest,
  openToVisitors,
  provider,
  visit,
} from "./oidc-visitors.ts";

openToVisitors();

const rowsOf = async (sub: string) =>
  cut.app.services.database
    .selectFrom("sessions")
    .selectAll()
    .where("user_name", "=", `${sub}@example.org`)
    .execute();

describe("a logout", () => {
  test("of a person ends all of his sessions, and nobody else's", async () => {
    const sessions = [await signInAs("carol", "c1"), await signInAs("carol"), await signInAs("dave", "d1")];
    expect(await areSignedIn(...sessions)).toEqual([true, true, true]);
    const { status, head, body } = await send(logoutToken({ sub: "carol" }));
    expect([status, body]).toEqual([200, ""]);
    expect(head).toContain("cache-control: no-store");
    expect(await areSignedIn(...sessions)).toEqual([false, false, true]);
    // nothing is left that could renew them
    expect(await rowsOf("carol")).toEqual([]);
    expect(await rowsOf("dave")).toHaveLength(1);
  });

  test.each<[string, Claims]>([
    ["of a session", { sid: "c1" }],
    ["of a person's session", { sub: "carol", sid: "c1" }],
  ])("%s leaves his others", async (_what, names) => {
    const sessions = [
      await signInAs("carol", "c1"),
      await signInAs("carol", "c2"),
      await signInAs("dave", "d1"),
    ];
    expect((await send(logoutToken(names))).status).toBe(200);
    expect(await areSignedIn(...sessions)).toEqual([false, true, true]);
    expect((await send(logoutToken({ sub: "carol" }))).status).toBe(200);
    expect(await areSignedIn(...sessions)).toEqual([false, false, true]);
  });

  test("of a session that somebody else has ends nothing", async () => {
    const session = await signInAs("carol", "c1");
    expect((await send(logoutToken({ sub: "dave", sid: "c1" }))).status).toBe(200);
    expect(await areSignedIn(session)).toEqual([true]);
  });

  test("of a person's session ends those of his whose name is not known", async () => {
    const sessions = [await signInAs("carol"), await signInAs("carol", "c2"), await signInAs("dave")];
    expect((await send(logoutToken({ sub: "carol", sid: "c1" }))).status).toBe(200);
    expect(await areSignedIn(...sessions)).toEqual([false, true, true]);
  });

  test("of nobody who is here is done", async () => {
    expect((await send(logoutToken({ sub: "nobody" }))).status).toBe(200);
  });

  test.each<[string, () => Claims]>([
    ["without an end", () => ({ exp: undefined })],
    ["from a clock half a minute ahead", () => ({ iat: now() + 30 })],
    ["from four minutes ago", () => ({ iat: now() - 240, exp: undefined })],
    ["that ended half a minute ago", () => ({ iat: now() - 150, exp: now() - 30 })],
    ["that is for others as well", () => ({ aud: ["other", clientId] })],
    ["that says more", () => ({ events: { other: 1, [logoutEvent]: { why: "disabled" } }, trace: "x" })],
  ])("%s counts", async (_what, changes) => {
    const session = await signInAs("carol");
    expect((await send(logoutToken({ sub: "carol", ...changes() }))).status).toBe(200);
    expect(await areSignedIn(session)).toEqual([false]);
  });

  test("stands in the trail as the provider's, once for each session, and in the log and the metrics without the token", async () => {
    await signInAs("erin", "e1");
    await signInAs("erin", "e2");
    const token = logoutToken({ sub: "erin" });
    const countedBefore = await counted("done");
    expect((await send(token)).status).toBe(200);
    const rows = await cut.app.services.database
      .selectFrom("audit")
      .selectAll()
      .where("user_name", "=", "erin@example.org")
      .where("action", "!=", "sign-in")
      .execute();
    expect(rows.map(({ action, noun, name, outcome }) => [action, noun, name, outcome])).toEqual([
      ["provider-sign-out", "session", "oidc", "ok"],
      ["provider-sign-out", "session", "oidc", "ok"],
    ]);
    for (const row of rows) expect(row.source_ip).toMatch(/^203\.0\.113\./);
    const lines = cut.logs.filter((line) => line.includes("the identity provider signed somebody out"));
    expect(JSON.parse(lines.at(-1) ?? "{}")).toMatchObject({ level: 30, sessions: 2 });
    expect(await counted("done")).toBe(countedBefore + 1);
    expect(cut.logs.join("")).not.toContain(token.split(".")[2]);
  });
});

async function counted(outcome: string): Promise<number> {
  const text = await (await fetch(`${cut.url}/metrics`)).text();
  const line = new RegExp(`^kubev_provider_logouts_total{outcome="${outcome}"} (\\d+)$`, "m").exec(text);
  return Number(line?.[1] ?? 0);
}

describe("a sign-in that is under way when the logout comes", () => {
  const answer = (claims: Claims) => but(() => ({ iat: now() - 2, ...claims }));

  test.each<[string, Claims, Claims]>([
    ["by person", { sub: "jack" }, { sub: "jack" }],
    ["by session", { sid: "k1" }, { sub: "kate", sid: "k1" }],
    ["by both", { sub: "liam", sid: "l1" }, { sub: "liam", sid: "l1" }],
    ["by a session that may be it", { sub: "mona", sid: "m1" }, { sub: "mona" }],
  ])("%s makes no session", async (_what, names, own) => {
    const flow = await begin();
    const code = provider.code(flow, answer(own));
    expect((await send(logoutToken(names))).status).toBe(200);
    expect(await comeBack(flow, { code })).toEqual({ to: "/sign-in?refused=oidc-refused", session: null });
  });

  test("is done where it began after the logout, or is another session", async () => {
    for (const names of [
      { sub: "frank", iat: now() - 60 },
      { sub: "frank", sid: "f1" },
      { sub: "erin" },
      { sub: "erin", sid: "f2" },
    ])
      expect((await send(logoutToken(names))).status).toBe(200);
    const flow = await begin();
    const code = provider.code(flow, answer({ sub: "frank", sid: "f2" }));
    expect((await comeBack(flow, { code })).to).toBe("/vms");
  });
});

describe("sessions that came to be otherwise", () => {
  test("of a version that kept no names of the provider's end once they are used", async () => {
    const sessions = [await signInAs("hans", "h1"), await signInAs("hans", "h2")];
    await cut.app.services.database
      .updateTable("sessions")
      .set({ provider_subject: "", provider_session: "" })
      .execute();
    clock.forward(10_001); // they are read again
    expect(await areSignedIn(...sessions)).toEqual([true, true]);
    expect((await send(logoutToken({ sub: "hans", sid: "h1" }))).status).toBe(200);
    expect(await areSignedIn(...sessions)).toEqual([false, true]);
  });

  test("whose token was renewed without naming them are still the same", async () => {
    provider.renewWith((nonce) =>
      signed({ ...honest(nonce), nonce: undefined, sub: "gina", email: "gina@example.org" }, provider.key()),
    );
    const sessions = [await signInAs("gina", "g1"), await signInAs("gina", "g2")];
    const before = provider.renewals();
    clock.forward(55 * 60_000); // of nearly sixty minutes
    for (const session of sessions) await visit("/api/kinds", "198.51.100.1", session);
    expect(provider.renewals()).toBe(before + 2);
    expect((await send(logoutToken({ sub: "gina", sid: "g1" }))).status).toBe(200);
    expect(await areSignedIn(...sessions)).toEqual([false, true]);
  });
});

test("a logout that the database does not take is told, and counts when it is sent again", async () => {
  const session = await signInAs("ida", "i1");
  const token = logoutToken({ sub: "ida" });
  const run = async (text: string) => sql.raw(text).execute(cut.app.services.database);
  for (const [table, deed] of [
    ["provider_logouts", "insert"],
    ["sessions", "delete"],
  ]) {
    await run(`create trigger away before ${deed} on ${table} begin select raise(abort, 'away'); end`);
    expect(await refusal(token)).toMatchObject({ error: "temporarily_unavailable" });
    await run("drop trigger away");
    expect(await areSignedIn(session)).toEqual([true]);
  }
  expect((await send(token)).status).toBe(200);
  expect(await areSignedIn(session)).toEqual([false]);
});
