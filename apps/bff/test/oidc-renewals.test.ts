/**
 * A token that the provider renews counts as much as the first one, proof by proof, and a renewal that cannot be looked at is
 * neither lost nor taken for the end of a session (acting mode `impersonate`).
 */
import { describe, expect, test } from "vitest";
import { type Claims, newKey, signed, type TokenMaker, unsigned } from "./hostile-issuer.ts";
import { but, clock, honest, openToVisitors, provider, seconds, signInWith, visit } from "./oidc-visitors.ts";

openToVisitors();

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

// docs/security.md says so among what is weaker than it should be: a provider that does not tell the console, and the cluster takes the token as long
test("a user who was disabled at the provider goes on to the end of his token and a minute, and not beyond", async () => {
  provider.renewWith((nonce) => signed({ ...honest(nonce), nonce: undefined }, provider.key()));
  const { session } = await signInWith(but(() => ({})));
  const isSignedIn = async () => {
    await visit("/api/kinds", "198.51.100.1", session ?? "");
    const { body } = await visit("/api/session", "198.51.100.1", session ?? "");
    return !body.includes('"user":null');
  };
  const before = provider.renewals();
  provider.disableAll();
  clock.forward(47 * 60_000); // of sixty minutes
  expect([await isSignedIn(), provider.renewals() - before]).toEqual([true, 0]);
  clock.forward(2 * 60_000);
  expect([await isSignedIn(), provider.renewals() - before]).toEqual([true, 1]);
  clock.forward(11.5 * 60_000);
  expect(await isSignedIn()).toBe(true);
  clock.forward(60_000);
  expect(await isSignedIn()).toBe(false);
});
