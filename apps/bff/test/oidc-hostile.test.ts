/**
 * Where the console alone decides who somebody is (acting mode `impersonate`), every proof of an id_token counts: what is
 * wrong with it signs nobody in, and clocks may differ only so far.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ConsoleUnderTest, startConsole } from "./console-under-test.ts";
import {
  type Claims,
  clientId,
  clientSecret,
  newKey,
  sealed,
  signed,
  type SigningKey,
  startHostileIssuer,
  type TokenMaker,
  unsigned,
} from "./hostile-issuer.ts";
import { sendRaw } from "./raw-http.ts";
import { ShiftedClock } from "./shifted-clock.ts";

const clock = new ShiftedClock();
let provider: Awaited<ReturnType<typeof startHostileIssuer>>;
let cut: ConsoleUnderTest;
let visitors = 0;
const host = "console.example";

/** What a visitor's browser asks by way of the proxy. */
async function visit(path: string, address: string, cookie: string) {
  const lines = [`GET ${path} HTTP/1.1`, `Host: ${host}`, "Connection: close", `X-Forwarded-For: ${address}`];
  const { text } = await sendRaw(cut.url, [...lines, `Cookie: ${cookie}`, "\r\n"].join("\r\n"));
  const end = text.indexOf("\r\n\r\n");
  const headers = text.slice(0, end).split("\r\n");
  const values = (name: string) =>
    headers.flatMap((line) =>
      line.toLowerCase().startsWith(`${name}: `) ? [line.slice(name.length + 2)] : [],
    );
  return {
    location: values("location")[0] ?? null,
    cookies: values("set-cookie"),
    body: text.slice(end + 4),
  };
}

beforeAll(async () => {
  provider = await startHostileIssuer();
  cut = await startConsole({
    scenario: "empty",
    clock,
    env: {
      ACTING_MODE: "impersonate",
      SIGN_IN_MODES: "oidc",
      OIDC_ISSUER: provider.issuer,
      OIDC_CLIENT_ID: clientId,
      OIDC_CLIENT_SECRET: clientSecret,
      OIDC_USERNAME_CLAIM: "email",
      // without prefixes nothing but the console itself keeps the cluster's own names from the provider
      OIDC_USER_PREFIX: "-",
      OIDC_GROUPS_PREFIX: "-",
      // behind a proxy each visitor has an address of his own, so that none is slowed down for the others
      TRUSTED_PROXY: "127.0.0.1",
      PUBLIC_URL: `https://${host}`,
    },
  });
});
afterAll(async () => {
  await cut.close();
  await provider.close();
});

interface Flow {
  state: string;
  nonce: string;
  challenge: string;
  cookie: string;
  address: string;
}

async function begin(): Promise<Flow> {
  visitors += 1;
  const address = `198.51.100.${visitors}`;
  const { location, cookies } = await visit("/api/session/oidc/start?returnTo=/vms", address, "");
  const { searchParams } = new URL(location ?? "");
  const of = (name: string) => searchParams.get(name) ?? "";
  return {
    state: of("state"),
    nonce: of("nonce"),
    challenge: of("code_challenge"),
    cookie: cookies[0]?.split(";", 1)[0] ?? "",
    address,
  };
}

/** Comes back with these parameters; tells where it led and what session it gave. */
async function comeBack(flow: Flow, parameters: Record<string, string>) {
  const query = new URLSearchParams({ state: flow.state, ...parameters }).toString();
  const path = `/api/session/oidc/callback?${query}`;
  const { location, cookies } = await visit(path, flow.address, flow.cookie);
  const session = cookies.find((line) => line.startsWith("__Host-kubev="));
  return { to: location, session: session?.split(";", 1)[0] ?? null };
}

async function signInWith(make: TokenMaker) {
  const flow = await begin();
  return comeBack(flow, { code: provider.code(flow, make) });
}

const seconds = () => Math.floor(Date.now() / 1000);

const honest = (nonce: string): Claims => ({
  iss: provider.issuer,
  sub: "1",
  aud: clientId,
  nonce,
  iat: seconds(),
  exp: seconds() + 3600,
  email: "carol@example.org",
  groups: ["tenants"],
});

/** Signed as it should be, but for these claims; undefined leaves one out. */
const but =
  (changes: () => Claims): TokenMaker =>
  (nonce) =>
    signed({ ...honest(nonce), ...changes() }, provider.key());

const refused = { to: "/sign-in?refused=oidc-refused", session: null };

describe("an honest token", () => {
  test("signs in, and names and groups of the cluster's own are not the provider's to give", async () => {
    const groups = ["tenants", "system:masters", "system:nodes", 7, null];
    const { to, session } = await signInWith(but(() => ({ groups })));
    expect(to).toBe("/vms");
    const { body } = await visit("/api/session", "198.51.100.1", session ?? "");
    const { user } = JSON.parse(body) as { user: unknown }; // the contract's reply
    expect(user).toMatchObject({ name: "carol@example.org", groups: ["tenants", "system:authenticated"] });
  });

  test.each<[string, () => Claims]>([
    ["ended half a minute ago", () => ({ iat: seconds() - 3600, exp: seconds() - 30 })],
    ["begins in half a minute", () => ({ nbf: seconds() + 30 })],
    ["comes from a clock five minutes ahead", () => ({ iat: seconds() + 300, exp: seconds() + 3900 })],
    ["comes from a clock five minutes behind", () => ({ iat: seconds() - 300, exp: seconds() + 3300 })],
    ["is meant for us among others, and says so", () => ({ aud: [clientId, "other"], azp: clientId })],
  ])("that %s signs in", async (_what, changes) => {
    expect((await signInWith(but(changes))).to).toBe("/vms");
  });
});

describe("a token that is not ours to trust", () => {
  test.each<[string, () => Claims]>([
    ["another flow's nonce", () => ({ nonce: "of-another-flow" })],
    ["no nonce", () => ({ nonce: undefined })],
    ["another issuer", () => ({ iss: "https://evil.example" })],
    ["the issuer with a slash more", () => ({ iss: `${provider.issuer}/` })],
    ["another audience", () => ({ aud: "other" })],
    ["several audiences without ours", () => ({ aud: ["other", "third"] })],
    ["several audiences and another's right to use it", () => ({ aud: [clientId, "other"], azp: "other" })],
    ["an end five minutes ago", () => ({ iat: seconds() - 3900, exp: seconds() - 300 })],
    ["a beginning in five minutes", () => ({ nbf: seconds() + 300 })],
    ["no end", () => ({ exp: undefined })],
    ["no beginning", () => ({ iat: undefined })],
    ["no subject", () => ({ sub: undefined })],
    ["an end that is no number", () => ({ exp: "never" })],
    ["no name", () => ({ email: "" })],
    ["a name that is no text", () => ({ email: ["operator"] })],
    ["a name of the cluster's own", () => ({ email: "system:admin" })],
    ["a name with a line end", () => ({ email: "carol\r\nImpersonate-Group: system:masters" })],
    ["a name with a zero byte", () => ({ email: "carol\u0000" })],
    ["a name that ends in a blank", () => ({ email: "operator " })],
    ["a group with a line end", () => ({ groups: ["a\r\nImpersonate-Group: system:masters"] })],
    ["a group with an escape", () => ({ groups: ["\u001b]0;x\u0007"] })],
  ])("with %s signs nobody in", async (_what, changes) => {
    expect(await signInWith(but(changes))).toEqual(refused);
  });

  test.each<[string, TokenMaker]>([
    ["is signed by nobody", (nonce) => unsigned(honest(nonce), "none")],
    ["is signed by nobody, in other letters", (nonce) => unsigned(honest(nonce), "NoNe")],
    ["is sealed with the client's secret", (nonce) => sealed(honest(nonce), clientSecret)],
    [
      "is sealed with the public key",
      (nonce) =>
        sealed(honest(nonce), String(provider.key().publicKey.export({ type: "spki", format: "pem" }))),
    ],
    [
      "is signed by another key of the same name",
      (nonce) => signed(honest(nonce), newKey(provider.key().kid)),
    ],
    [
      "is signed by a key that it brings along",
      (nonce) => {
        const own = newKey("own");
        return signed(honest(nonce), own, { jwk: own.publicKey.export({ format: "jwk" }) });
      },
    ],
    [
      "was changed after it was signed",
      (nonce) => {
        const [header, , proof] = signed(honest(nonce), provider.key()).split(".");
        const claims = Buffer.from(JSON.stringify({ ...honest(nonce), email: "operator" })).toString(
          "base64url",
        );
        return `${header}.${claims}.${proof}`;
      },
    ],
    ["lost its signature", (nonce) => signed(honest(nonce), provider.key()).replace(/[^.]+$/, "")],
    [
      "has parts that must be understood",
      (nonce) => signed(honest(nonce), provider.key(), { crit: ["b64"], b64: false }),
    ],
    ["is none", () => "a.b.c"],
    ["is not there", () => null],
  ])("that %s signs nobody in", async (_what, make) => {
    expect(await signInWith(make)).toEqual(refused);
  });
});

test("a key that the provider made a moment ago is found at once, and its old one counts no more", async () => {
  const old = provider.key();
  expect((await signInWith(but(() => ({})))).to).toBe("/vms");
  provider.rotate("second");
  expect((await signInWith(but(() => ({})))).to).toBe("/vms");
  expect(await signInWith((nonce) => signed(honest(nonce), old))).toEqual(refused);
});

test("of several keys without names the one that signed is found, and no other counts", async () => {
  const [first, second, foreign] = [newKey(""), newKey(""), newKey("")];
  provider.publish([first, second]);
  const by = (key: SigningKey) => (nonce: string) => signed(honest(nonce), key, { kid: undefined });
  expect((await signInWith(by(first))).to).toBe("/vms");
  expect((await signInWith(by(second))).to).toBe("/vms");
  expect(await signInWith(by(foreign))).toEqual(refused);
  provider.rotate("third");
});

test("a code is not spent while the keys cannot be fetched, and the visitor is told that it is the provider", async () => {
  clock.forward(6 * 60_000);
  provider.failKeys(true);
  const flow = await begin();
  const code = provider.code(
    flow,
    but(() => ({})),
  );
  expect(await comeBack(flow, { code })).toEqual({ to: "/sign-in?refused=oidc-unreachable", session: null });
  provider.failKeys(false);
  expect((await signInWith(but(() => ({})))).to).toBe("/vms");
});

describe("a renewed token", () => {
  const groupsOf = async (session: string) => {
    const { body } = await visit("/api/session", "198.51.100.1", session);
    return (JSON.parse(body) as { user: { groups: string[] } | null }).user?.groups; // the contract's reply
  };

  test.each<[string, (claims: Claims) => string, string[]]>([
    [
      "is taken where it is honest",
      (claims) => signed(claims, provider.key()),
      ["operators", "system:authenticated"],
    ],
    [
      "changes nobody's groups where its key is another",
      (claims) => signed(claims, newKey(provider.key().kid)),
      ["tenants", "system:authenticated"],
    ],
    [
      "changes nobody's groups where nobody signed it",
      (claims) => unsigned(claims, "none"),
      ["tenants", "system:authenticated"],
    ],
    [
      "changes nobody's groups where it is somebody else's",
      (claims) => signed({ ...claims, sub: "2" }, provider.key()),
      ["tenants", "system:authenticated"],
    ],
    [
      "changes nobody's groups where it is for another audience",
      (claims) => signed({ ...claims, aud: "other" }, provider.key()),
      ["tenants", "system:authenticated"],
    ],
  ])("%s", async (_what, make, groups) => {
    provider.renewWith((nonce) => make({ ...honest(nonce), nonce: undefined, groups: ["operators"] }));
    const { session } = await signInWith(but(() => ({})));
    const before = provider.renewals();
    clock.forward(55 * 60_000); // of sixty minutes
    await visit("/api/kinds", "198.51.100.1", session ?? "");
    expect(provider.renewals()).toBe(before + 1);
    expect(await groupsOf(session ?? "")).toEqual(groups);
  });
});

describe("a renewal while the provider's keys cannot be fetched", () => {
  const operators: TokenMaker = (nonce) =>
    signed({ ...honest(nonce), nonce: undefined, groups: ["operators"] }, provider.key());
  const groupsAfterUse = async (session: string): Promise<string[]> => {
    await visit("/api/kinds", "198.51.100.1", session);
    const { body } = await visit("/api/session", "198.51.100.1", session);
    return (JSON.parse(body) as { user: { groups: string[] } }).user.groups; // the contract's reply
  };
  const old = ["tenants", "system:authenticated"];
  const renewed = ["operators", "system:authenticated"];
  const beforeNextTryMs = 11_000;

  test("spends nothing: the old token serves on, and the next try renews it", async () => {
    provider.renewWith(operators);
    const { session } = await signInWith(but(() => ({})));
    const before = provider.renewals();
    clock.forward(55 * 60_000);
    provider.failKeys(true);
    expect(await groupsAfterUse(session ?? "")).toEqual(old);
    expect(provider.renewals()).toBe(before);
    provider.failKeys(false);
    clock.forward(beforeNextTryMs);
    expect(await groupsAfterUse(session ?? "")).toEqual(renewed);
    expect(provider.renewals()).toBe(before + 1);
  });

  test("that fails only after it was spent keeps the refresh token that came with the answer", async () => {
    provider.renewWith(operators);
    const { session } = await signInWith(but(() => ({})));
    const before = provider.renewals();
    clock.forward(55 * 60_000);
    provider.beforeRenewal(() => {
      provider.beforeRenewal(() => {});
      provider.rotate("fourth");
      provider.failKeys(true);
    });
    expect(await groupsAfterUse(session ?? "")).toEqual(old);
    expect(provider.renewals()).toBe(before + 1);
    provider.failKeys(false);
    clock.forward(beforeNextTryMs);
    expect(await groupsAfterUse(session ?? "")).toEqual(renewed);
    expect(provider.renewals()).toBe(before + 2);
  });

  test("is told as the provider being away, not as the end of the session; a forged token ends it", async () => {
    provider.renewWith(operators);
    const { session } = await signInWith(but(() => ({ exp: seconds() + 1200 })));
    clock.forward(22 * 60_000);
    const read = async (path: string) => (await visit(path, "198.51.100.1", session ?? "")).body;
    const reasonOfUse = async () =>
      (JSON.parse(await read("/api/kinds")) as { error: { reason: { code: string } } }).error.reason.code; // the one shape of errors
    provider.failKeys(true);
    // what the console reads for him by his name needs no token of his
    expect(await read("/api/vms")).toContain('"rows":');
    expect(await read("/api/session")).not.toContain('"user":null');
    expect(await reasonOfUse()).toBe("oidc-unreachable");
    provider.failKeys(false);
    provider.renewWith((nonce) => signed({ ...honest(nonce), nonce: undefined }, newKey(provider.key().kid)));
    expect(await reasonOfUse()).toBe("oidc-refused");
    expect(await read("/api/session")).toContain('"user":null');
  });
});

describe("replayed answers (CVE-2023-31999, CVE-2024-6508, CVE-2026-44946)", () => {
  const plain = but(() => ({}));
  const unknown = { to: "/sign-in?refused=oidc-flow-unknown", session: null };

  test("an answer that signed somebody in signs nobody in again", async () => {
    const flow = await begin();
    const code = provider.code(flow, plain);
    expect((await comeBack(flow, { code })).to).toBe("/vms");
    expect(await comeBack(flow, { code })).toEqual(unknown);
  });

  test("a code that was used is worth nothing in a flow of one's own", async () => {
    const first = await begin();
    const code = provider.code(first, plain);
    await comeBack(first, { code });
    expect(await comeBack(await begin(), { code })).toEqual(refused);
  });

  test("somebody else's fresh code is stopped by PKCE, and by the nonce where the provider ignores PKCE", async () => {
    for (const on of [true, false]) {
      provider.checkPkce(on);
      const victim = await begin();
      const code = provider.code(victim, plain);
      expect(await comeBack(await begin(), { code })).toEqual(refused);
    }
    provider.checkPkce(true);
  });

  test("another flow's state, none, two, and one that is ten minutes old are unknown", async () => {
    const [flow, other] = [await begin(), await begin()];
    expect(await comeBack(flow, { code: provider.code(flow, plain), state: other.state })).toEqual(unknown);
    expect(await comeBack(flow, { code: provider.code(flow, plain), state: "" })).toEqual(unknown);
    const late = await begin();
    clock.forward(10 * 60_000 + 1);
    expect(await comeBack(late, { code: provider.code(late, plain) })).toEqual(unknown);
  });

  test("the provider's refusal leads to the sign-in page, without its words", async () => {
    const flow = await begin();
    const words = "<script>alert(1)</script>\r\nLocation: https://evil.example";
    const answer = await comeBack(flow, { error: "access_denied", error_description: words });
    expect(answer).toEqual(refused);
    // and in the log it is one line
    for (const line of cut.logs.filter((each) => each.includes("evil.example")))
      expect(line.trimEnd()).toMatch(/^\P{Cc}*$/u);
  });
});
