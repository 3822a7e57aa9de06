/**
 * Whom the provider signed out or disabled is signed out here (OpenID Connect Back-Channel Logout 1.0): the sessions that it names and no
 * others, and only where the provider itself says so, now, and for the first time.
 */
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { type Claims, clientId, signed } from "./hostile-issuer.ts";
import { but, clock, cut, openToVisitors, provider, signInWith, visit } from "./oidc-visitors.ts";
import { sendRaw } from "./raw-http.ts";

openToVisitors();

const path = "/api/session/oidc/back-channel-logout";
const event = "http://schemas.openid.net/event/backchannel-logout";
const seconds = () => Math.floor(clock.nowMs() / 1000);

const logout = (changes: Claims = {}): Claims => ({
  iss: provider.issuer,
  aud: clientId,
  iat: seconds(),
  exp: seconds() + 120,
  jti: randomUUID(),
  events: { [event]: {} },
  sub: "carol",
  ...changes,
});
const token = (changes: Claims = {}) => signed(logout(changes), provider.key(), { typ: "logout+jwt" });

/** Posts as the provider does. */
async function post(body: string, lines: string[] = [], method = "POST") {
  const head = [
    `${method} ${path} HTTP/1.1`,
    "Host: console.example",
    "Connection: close",
    "X-Forwarded-For: 203.0.113.9",
    ...(lines.length > 0 ? lines : ["Content-Type: application/x-www-form-urlencoded"]),
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const { status, text } = await sendRaw(cut.url, `${head.join("\r\n")}\r\n\r\n${body}`);
  return { status, text, body: text.slice(text.indexOf("\r\n\r\n") + 4) };
}
const send = async (logoutToken: string) =>
  post(new URLSearchParams({ logout_token: logoutToken }).toString());

/** Sessions of the provider's people, by what it calls person and session. */
async function signIn(sub: string, sid?: string): Promise<string> {
  const { session } = await signInWith(
    but(() => ({ sub, sid, email: `${sub}@example.org`, iat: seconds() - 5, exp: seconds() + 3600 })),
  );
  return session ?? "";
}
async function isSignedIn(session: string): Promise<boolean> {
  return !(await visit("/api/session", "198.51.100.1", session)).body.includes('"user":null');
}
const areSignedIn = async (...sessions: string[]) => Promise.all(sessions.map(isSignedIn));

test("by the person: all of his sessions end, and nobody else's", async () => {
  const [one, two, other] = [await signIn("carol", "c1"), await signIn("carol"), await signIn("dave", "d1")];
  expect(await areSignedIn(one, two, other)).toEqual([true, true, true]);
  const { status, text, body } = await send(token());
  expect([status, body]).toEqual([200, ""]);
  expect(text.toLowerCase()).toContain("cache-control: no-store");
  expect(await areSignedIn(one, two, other)).toEqual([false, false, true]);
});
