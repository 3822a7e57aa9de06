/** Signing in at a certified provider, and everything that must not work. */
import { createServer } from "node:net";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { Person, startConsole } from "./console-under-test.ts";

let sim: KubeSim;
let cut: ConsoleUnderTest;

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" ? (address?.port ?? 0) : 0;
}

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

/** A browser's cookie jar, per origin. */
class Browser {
  readonly jars = new Map<string, Map<string, string>>();

  async go(
    url: string,
    init: { method?: string; body?: string; headers?: Record<string, string> } = {},
  ): Promise<Response> {
    const { origin } = new URL(url);
    const jar = this.jars.get(origin) ?? new Map<string, string>();
    this.jars.set(origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { ...init, redirect: "manual", headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";", 1);
      const equals = pair.indexOf("=");
      if (/max-age=0|expires=thu, 01 jan 1970/i.test(line)) jar.delete(pair.slice(0, equals));
      else jar.set(pair.slice(0, equals), pair.slice(equals + 1));
    }
    return response;
  }

  /** Follows redirects until the callback comes up, which is not visited. */
  async untilCallback(first: string, userName: string): Promise<string> {
    let url = first;
    for (let hops = 0; hops < 12; hops += 1) {
      if (url.startsWith(`${cut.url}/api/session/oidc/callback`)) return url;
      const response = await this.go(url);
      const location = response.headers.get("location");
      if (location !== null) {
        url = new URL(location, url).href;
        continue;
      }
      const password = sim.users.find((user) => user.name === userName)?.password ?? "";
      const posted = await this.go(url, {
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ user: userName, password }).toString(),
      });
      url = new URL(posted.headers.get("location") ?? "/lost", url).href;
    }
    throw new Error(`No callback; the last page was ${url}`);
  }
}

const start = (returnTo = "/vms") =>
  `${cut.url}/api/session/oidc/start?returnTo=${encodeURIComponent(returnTo)}`;

test("alice signs in, comes back to where she was, and the cluster knows her", async () => {
  const browser = new Browser();
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
});

test("a callback works once, and only in the browser that began", async () => {
  const browser = new Browser();
  const callback = await browser.untilCallback(start(), "bob");
  const stranger = await new Browser().go(callback);
  expect(stranger.headers.get("location")).toBe("/sign-in?refused=oidc-flow-unknown");
  const own = await browser.go(callback);
  expect(own.headers.get("location")).toBe("/sign-in?refused=oidc-flow-unknown");

  const second = new Browser();
  const again = await second.untilCallback(start(), "bob");
  expect((await second.go(again)).headers.get("location")).toBe("/vms");
  expect((await second.go(again)).headers.get("location")).toBe("/sign-in?refused=oidc-flow-unknown");
});

test.each([
  ["state", "of-somebody-else", "oidc-flow-unknown"],
  ["code", "made-up", "oidc-refused"],
  ["iss", "https://evil.example", "oidc-refused"],
])("a wrong %s is refused", async (parameter, value, code) => {
  const browser = new Browser();
  const callback = new URL(await browser.untilCallback(start(), "bob"));
  callback.searchParams.set(parameter, value);
  const response = await browser.go(callback.href);
  expect(response.headers.get("location")).toBe(`/sign-in?refused=${code}`);
  expect(browser.jars.get(cut.url)?.has("__Host-kubev")).toBe(false);
});

test("every flow has its own state, nonce and challenge", async () => {
  const urls = await Promise.all(
    [1, 2].map(async () => new URL((await new Browser().go(start())).headers.get("location") ?? "")),
  );
  for (const parameter of ["state", "nonce", "code_challenge"])
    expect(urls[0]?.searchParams.get(parameter)).not.toBe(urls[1]?.searchParams.get(parameter));
  expect(urls[0]?.searchParams.get("code_challenge_method")).toBe("S256");
});

test("the way back cannot lead elsewhere", async () => {
  const browser = new Browser();
  const callback = await browser.untilCallback(start("//evil.example/x"), "bob");
  expect((await browser.go(callback)).headers.get("location")).toBe("/");
});
