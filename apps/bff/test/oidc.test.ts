/** Signing in at a certified provider, and everything that must not work. */
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole } from "./console-under-test.ts";
import { Browser } from "./demo-browser.ts";
import { freePort } from "./free-port.ts";

let sim: KubeSim;
let cut: ConsoleUnderTest;

beforeAll(async () => {
  const port = await freePort();
  sim = await startKubeSim({
    dataDir: null,
    scenario: "demo",
    machines: "stand-in",
    oidc: { redirectUris: [`http://127.0.0.1:${port}/api/session/oidc/callback`] },
  });
  cut = await startConsole({
    sim,
    port,
    env: {
      SIGN_IN_MODES: "oidc,token",
      OIDC_ISSUER: sim.oidc?.issuer ?? "",
      OIDC_CLIENT_ID: sim.oidc?.clientId ?? "",
      OIDC_CLIENT_SECRET: sim.oidc?.clientSecret ?? "",
    },
  });
});
afterAll(async () => {
  await cut.close();
  await sim.close();
});

const start = (returnTo = "/vms") =>
  `${cut.url}/api/session/oidc/start?returnTo=${encodeURIComponent(returnTo)}`;

test("alice signs in, comes back to where she was, and the cluster knows her", async () => {
  const browser = new Browser(sim);
  const callback = await browser.untilCallback(start("/projects/web-shop/vms?q=x"), "alice");
  const done = await browser.go(callback);
  expect(done.status).toBe(303);
  expect(done.headers.get("location")).toBe("/projects/web-shop/vms?q=x");
  const id = browser.jars.get(cut.url)?.get("__Host-kubev") ?? "";
  const alice = new Person(cut.url, `__Host-kubev=${id}`);
  const session = await alice.call("getSession");
  expect(session.user?.name).toMatch(/alice$/);
  expect((await alice.call("listVms")).total).toBeGreaterThan(0);
  expect(cut.logs.join("")).not.toContain(new URL(callback).searchParams.get("code") ?? "no code");
  await alice.call("signOut");
  const operator = await cut.signIn("operator");
  const { rows } = await operator.call("listActivity", { query: { noun: "session" } });
  expect(rows.map(({ action, name }) => [action, name])).toEqual([
    ["sign-in", "token"],
    ["sign-out", "oidc"],
    ["sign-in", "oidc"],
  ]);
});

test("a callback works once, and only in the browser that began", async () => {
  const browser = new Browser(sim);
  const callback = await browser.untilCallback(start(), "bob");
  const stranger = await new Browser(sim).go(callback);
  expect(stranger.headers.get("location")).toBe("/sign-in?refused=oidc-flow-unknown");
  const own = await browser.go(callback);
  expect(own.headers.get("location")).toBe("/sign-in?refused=oidc-flow-unknown");

  const second = new Browser(sim);
  const again = await second.untilCallback(start(), "bob");
  expect((await second.go(again)).headers.get("location")).toBe("/vms");
  expect((await second.go(again)).headers.get("location")).toBe("/sign-in?refused=oidc-flow-unknown");
});

test.each([
  ["state", "of-somebody-else", "oidc-flow-unknown"],
  ["code", "made-up", "oidc-refused"],
  ["iss", "https://evil.example", "oidc-refused"],
])("a wrong %s is refused", async (parameter, value, code) => {
  const browser = new Browser(sim);
  const callback = new URL(await browser.untilCallback(start(), "bob"));
  callback.searchParams.set(parameter, value);
  const response = await browser.go(callback.href);
  expect(response.headers.get("location")).toBe(`/sign-in?refused=${code}`);
  expect(browser.jars.get(cut.url)?.has("__Host-kubev")).toBe(false);
});

test("every flow has its own state, nonce and challenge (CVE-2023-31999, CVE-2024-6508)", async () => {
  const urls = await Promise.all(
    [1, 2].map(async () => new URL((await new Browser(sim).go(start())).headers.get("location") ?? "")),
  );
  for (const parameter of ["state", "nonce", "code_challenge"])
    expect(urls[0]?.searchParams.get(parameter)).not.toBe(urls[1]?.searchParams.get(parameter));
  expect(urls[0]?.searchParams.get("code_challenge_method")).toBe("S256");
});

test("the way back cannot lead elsewhere", async () => {
  const browser = new Browser(sim);
  const callback = await browser.untilCallback(start("//evil.example/x"), "bob");
  expect((await browser.go(callback)).headers.get("location")).toBe("/");
});
