/** What is no logout of the provider's, now and for the first time, ends nothing, and is answered as section 2.8 of the specification says. */
import { randomUUID } from "node:crypto";
import { describe, expect, test } from "vitest";
import { type Claims, clientId, clientSecret, newKey, sealed, signed, unsigned } from "./hostile-issuer.ts";
import {
  areSignedIn,
  formOf,
  logout,
  logoutEvent,
  logoutToken,
  now,
  post,
  refusal,
  send,
  signInAs,
} from "./logout-posts.ts";
import { begin, clock, comeBack, cut, honest, openToVisitors, provider } from "./oidc-visitors.ts";
import { sendRaw } from "./raw-http.ts";

openToVisitors();

describe("a logout token that is not the provider's wish now", () => {
  /** What came of a token, and whether somebody whom it may mean is signed in still. */
  const outcomeOf = async (token: string) => {
    const session = await signInAs("carol", "c1");
    clock.forward(1000); // nobody else has the keys fetched in this second
    const { error, error_description } = await refusal(token);
    return { error, why: error_description, stays: (await areSignedIn(session))[0] };
  };
  const refusedFor = (words: RegExp) => ({
    error: "invalid_request",
    why: expect.stringMatching(words) as string,
    stays: true,
  });

  test.each<[string, RegExp, () => Claims]>([
    ["of another issuer", /iss/, () => ({ iss: "https://evil.example" })],
    ["of the issuer with a slash more", /iss/, () => ({ iss: `${provider.issuer}/` })],
    ["of no issuer", /iss/, () => ({ iss: undefined })],
    ["for another client", /aud/, () => ({ aud: "other" })],
    ["for several others", /aud/, () => ({ aud: ["other", "third"] })],
    ["for nobody", /aud/, () => ({ aud: undefined })],
    ["for us, and another's to use", /azp/, () => ({ aud: ["other", clientId], azp: "other" })],
    ["without events", /events/, () => ({ events: undefined })],
    ["with another event", /events/, () => ({ events: { "http://schemas.openid.net/event/other": {} } })],
    ["with events as a list", /events/, () => ({ events: [logoutEvent] })],
    ["with an event that is no object", /events/, () => ({ events: { [logoutEvent]: true } })],
    ["with a nonce", /nonce/, () => ({ nonce: "n" })],
    ["with a nonce that is null", /nonce/, () => ({ nonce: null })],
    ["without a time", /iat/, () => ({ iat: undefined })],
    ["with a time that is none", /iat/, () => ({ iat: String(now()) })],
    ["from seven minutes ago", /too old/, () => ({ iat: now() - 420, exp: now() + 3600 })],
    ["from five minutes ahead", /ahead/, () => ({ iat: now() + 300, exp: now() + 600 })],
    ["that ended two minutes ago", /too old/, () => ({ iat: now() - 180, exp: now() - 120 })],
    ["that ends at no time", /exp/, () => ({ exp: "never" })],
    ["without an id", /jti/, () => ({ jti: undefined })],
    ["with an id that is no text", /jti/, () => ({ jti: 1 })],
    ["of nobody", /sub and sid/, () => ({ sub: undefined })],
    ["of an empty name", /sub/, () => ({ sub: "" })],
    ["of several people", /sub/, () => ({ sub: ["carol", "dave"] })],
    ["of a session that is no text", /sid/, () => ({ sid: { $ne: "" } })],
  ])("%s ends nothing", async (_what, words, changes) => {
    expect(await outcomeOf(logoutToken({ sub: "carol", ...changes() }))).toEqual(refusedFor(words));
  });

  const carol = () => logout({ sub: "carol" });
  const publicKey = () => String(provider.key().publicKey.export({ type: "spki", format: "pem" }));
  test.each<[string, RegExp, () => string]>([
    ["signed by nobody", /signature/, () => unsigned(carol(), "none")],
    ["signed by nobody, in other letters", /signature/, () => unsigned(carol(), "NoNe")],
    ["sealed with the client's secret", /signature/, () => sealed(carol(), clientSecret)],
    ["sealed with the public key", /signature/, () => sealed(carol(), publicKey())],
    ["signed by another key of the same name", /wrong/, () => signed(carol(), newKey(provider.key().kid))],
    ["signed by a key that there is not", /no key/, () => signed(carol(), newKey("unknown"))],
    [
      "signed by a key that it brings along",
      /no key/,
      () => {
        const own = newKey("own");
        return signed(carol(), own, { jwk: own.publicKey.export({ format: "jwk" }) });
      },
    ],
    [
      "changed after it was signed",
      /wrong/,
      () => {
        const [header, , proof] = logoutToken({ sub: "dave" }).split(".");
        return `${header}.${Buffer.from(JSON.stringify(carol())).toString("base64url")}.${proof}`;
      },
    ],
    ["whose header is noise", /wrong/, () => logoutToken({ sub: "carol" }).replace(/^[^.]+/, "~~~")],
    ["that is none", /no signed token/, () => "a.b.c"],
    ["that is encrypted", /no signed token/, () => `${logoutToken({ sub: "carol" })}.d.e`],
    ["that is empty", /no signed token/, () => ""],
    [
      "that is an id_token",
      /events/,
      () =>
        signed({ ...honest("n"), sub: "carol", sid: "c1", iat: now(), jti: randomUUID() }, provider.key()),
    ],
  ])("%s ends nothing", async (_what, words, make) => {
    expect(await outcomeOf(make())).toEqual(refusedFor(words));
  });

  test("a logout token signs nobody in", async () => {
    const flow = await begin();
    const code = provider.code(flow, () => logoutToken({ sub: "carol", email: "carol@example.org" }));
    expect(await comeBack(flow, { code })).toEqual({ to: "/sign-in?refused=oidc-refused", session: null });
  });

  test("that was carried out is refused when it comes again, as long as it is not too old by itself", async () => {
    const token = logoutToken({ sub: "carol", exp: now() + 3600 });
    expect((await send(token)).status).toBe(200);
    expect(await outcomeOf(token)).toEqual(refusedFor(/before/));
    clock.forward(5 * 60_000);
    expect(await outcomeOf(token)).toEqual(refusedFor(/before/));
    clock.forward(60_000);
    expect(await outcomeOf(token)).toEqual(refusedFor(/too old/));
    // what would not be accepted any more is not remembered either
    expect((await send(logoutToken({ sub: "nobody" }))).status).toBe(200);
    const kept = await cut.app.services.database.selectFrom("provider_logouts").selectAll().execute();
    expect(kept.filter((row) => row.expires_at < clock.nowMs())).toEqual([]);
  });

  test("of two at once with one id one counts", async () => {
    const token = logoutToken({ sub: "carol" });
    const answers = await Promise.all([send(token), send(token), send(token)]);
    expect(answers.map(({ status }) => String(status)).toSorted()).toEqual(["200", "400", "400"]);
  });
});

describe("what is no such form", () => {
  const form = "Content-Type: application/x-www-form-urlencoded";
  const json = "Content-Type: application/json";
  const big = (bytes: number) => `${formOf(logoutToken({ sub: "carol" }))}&more=${"x".repeat(bytes)}`;
  test.each<[string, () => string, string[]]>([
    ["nothing", () => "", [form]],
    ["another field", () => `id_token=${logoutToken({ sub: "carol" })}`, [form]],
    ["two tokens", () => `${formOf(logoutToken({ sub: "carol" }))}&${formOf(logoutToken())}`, [form]],
    ["JSON", () => JSON.stringify({ logout_token: logoutToken({ sub: "carol" }) }), [json]],
    ["a form that says it is JSON", () => formOf(logoutToken({ sub: "carol" })), [json]],
    ["a form that does not say what it is", () => formOf(logoutToken({ sub: "carol" })), []],
    ["more than a token", () => big(17_000), [form]],
    ["far more than a token", () => big(3_000_000), [form]],
  ])("%s is refused", async (_what, body, lines) => {
    const session = await signInAs("carol");
    const answer = await post(body(), { lines });
    expect(answer.status).toBe(400);
    expect(JSON.parse(answer.body)).toMatchObject({ error: "invalid_request" });
    expect(await areSignedIn(session)).toEqual([true]);
  });

  test("with another field beside the token it is one", async () => {
    const session = await signInAs("carol");
    expect((await post(big(1000))).status).toBe(200);
    expect(await areSignedIn(session)).toEqual([false]);
  });

  test.each(["GET", "PUT", "DELETE", "PATCH"])("%s is none", async (method) => {
    const session = await signInAs("carol");
    const { status } = await post(formOf(logoutToken({ sub: "carol" })), { method });
    expect(status).toBe(404);
    expect(await areSignedIn(session)).toEqual([true]);
  });

  test("a form is read nowhere else, and no other route goes without an Origin", async () => {
    const changing = cut.app.routes.filter(({ method }) => method !== "GET" && method !== "HEAD");
    expect(changing.length).toBeGreaterThan(50);
    const openTo: string[] = [];
    const session = await signInAs("carol");
    for (const { method, url } of changing) {
      const head = [
        `${method} ${url.replaceAll(/:\w+/g, "x")} HTTP/1.1`,
        "Host: console.example",
        "Connection: close",
        `Cookie: ${session}`,
        form,
        "Content-Length: 14",
      ];
      const { status } = await sendRaw(cut.url, `${head.join("\r\n")}\r\n\r\nlogout_token=x`);
      if (status !== 403) openTo.push(`${method} ${url} ${status}`);
    }
    expect(openTo).toEqual(["POST /api/session/oidc/back-channel-logout 400"]);
  });

  test("a foreign host is not answered", async () => {
    const body = formOf(logoutToken({ sub: "carol" }));
    const head = [
      "POST /api/session/oidc/back-channel-logout HTTP/1.1",
      "Host: evil.example",
      "Connection: close",
      form,
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    expect((await sendRaw(cut.url, `${head.join("\r\n")}\r\n\r\n${body}`)).status).toBe(403);
  });

  test("of one address three hundred a minute are heard, of others as before", async () => {
    const session = await signInAs("carol");
    const address = "192.0.2.77";
    for (let round = 0; round < 6; round += 1) {
      const answers = await Promise.all(Array.from({ length: 50 }, async () => post("", { address })));
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([400]));
    }
    const late = await post(formOf(logoutToken({ sub: "carol" })), { address });
    expect([late.status, late.head.includes("retry-after: ")]).toEqual([429, true]);
    expect(await areSignedIn(session)).toEqual([true]);
    expect((await send(logoutToken({ sub: "carol" }))).status).toBe(200);
  });
});

describe("the provider's keys", () => {
  test("that it made a moment ago count at once, and its old ones no more", async () => {
    const old = provider.key();
    const session = await signInAs("carol");
    provider.rotate("rotated");
    expect((await send(logoutToken({ sub: "carol" }))).status).toBe(200);
    expect(await areSignedIn(session)).toEqual([false]);
    const again = await signInAs("carol");
    expect(await refusal(signed(logout({ sub: "carol" }), old))).toMatchObject({ error: "invalid_request" });
    expect(await areSignedIn(again)).toEqual([true]);
  });

  test("that cannot be fetched: nothing is done, nothing is used up, and the same token counts later", async () => {
    const session = await signInAs("carol");
    clock.forward(6 * 60_000);
    const token = logoutToken({ sub: "carol" });
    provider.failKeys(true);
    expect(await refusal(token)).toMatchObject({ error: "temporarily_unavailable" });
    expect(await areSignedIn(session)).toEqual([true]);
    provider.failKeys(false);
    expect((await send(token)).status).toBe(200);
    expect(await areSignedIn(session)).toEqual([false]);
  });

  test("are asked for once a second at most, however many tokens name one that there is not", async () => {
    await signInAs("carol");
    const before = provider.keyReads();
    const startedAtMs = clock.monotonicMs();
    const stranger = newKey("a stranger's");
    await Promise.all(
      Array.from({ length: 40 }, async () => refusal(signed(logout({ sub: "carol" }), stranger))),
    );
    await refusal(signed(logout({ sub: "carol" }), stranger));
    const seconds = (clock.monotonicMs() - startedAtMs) / 1000;
    expect(provider.keyReads() - before).toBeLessThanOrEqual(1 + Math.ceil(seconds));
    expect(provider.keyReads() - before).toBeGreaterThan(0);
  });
});
