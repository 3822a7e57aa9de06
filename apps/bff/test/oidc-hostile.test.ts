/**
 * Where the console alone decides who somebody is (acting mode `impersonate`), every proof of an id_token counts: what is
 * wrong with it signs nobody in, and clocks may differ only so far.
 */
import { describe, expect, test } from "vitest";
import {
  type Claims,
  clientId,
  clientSecret,
  newKey,
  sealed,
  signed,
  type SigningKey,
  type TokenMaker,
  unsigned,
} from "./hostile-issuer.ts";
import {
  begin,
  but,
  clock,
  comeBack,
  cut,
  honest,
  openToVisitors,
  provider,
  refused,
  seconds,
  signInWith,
  visit,
} from "./oidc-visitors.ts";

openToVisitors();

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
