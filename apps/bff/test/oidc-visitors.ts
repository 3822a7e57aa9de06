/** A console where the provider alone says who somebody is, a provider that says what a test wants, and visitors who sign in. */
import { afterAll, beforeAll } from "vitest";
import { type ConsoleUnderTest, startConsole } from "./console-under-test.ts";
import {
  type Claims,
  clientId,
  clientSecret,
  signed,
  startHostileIssuer,
  type TokenMaker,
} from "./hostile-issuer.ts";
import { sendRaw } from "./raw-http.ts";
import { ShiftedClock } from "./shifted-clock.ts";

export const clock = new ShiftedClock();
export let provider: Awaited<ReturnType<typeof startHostileIssuer>>;
export let cut: ConsoleUnderTest;
let visitors = 0;
const host = "console.example";

/** What a visitor's browser asks by way of the proxy. */
export async function visit(path: string, address: string, cookie: string) {
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

/** Before and after the tests of a file. */
export function openToVisitors(): void {
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
}

export interface Flow {
  state: string;
  nonce: string;
  challenge: string;
  cookie: string;
  address: string;
}

export async function begin(): Promise<Flow> {
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
export async function comeBack(flow: Flow, parameters: Record<string, string>) {
  const query = new URLSearchParams({ state: flow.state, ...parameters }).toString();
  const path = `/api/session/oidc/callback?${query}`;
  const { location, cookies } = await visit(path, flow.address, flow.cookie);
  const session = cookies.find((line) => line.startsWith("__Host-kubev="));
  return { to: location, session: session?.split(";", 1)[0] ?? null };
}

export async function signInWith(make: TokenMaker) {
  const flow = await begin();
  return comeBack(flow, { code: provider.code(flow, make) });
}

export const seconds = () => Math.floor(Date.now() / 1000);

export const honest = (nonce: string): Claims => ({
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
export const but =
  (changes: () => Claims): TokenMaker =>
  (nonce) =>
    signed({ ...honest(nonce), ...changes() }, provider.key());

export const refused = { to: "/sign-in?refused=oidc-refused", session: null };
