/** Logouts as a provider posts them, honest ones and others, and the people whose sessions they name. */
import { randomUUID } from "node:crypto";
import { type Claims, clientId, signed } from "./hostile-issuer.ts";
import { but, clock, cut, provider, signInWith, visit } from "./oidc-visitors.ts";
import { sendRaw } from "./raw-http.ts";

const path = "/api/session/oidc/back-channel-logout";
const formType = "Content-Type: application/x-www-form-urlencoded";
export const logoutEvent = "http://schemas.openid.net/event/backchannel-logout";

export const now = () => Math.floor(clock.nowMs() / 1000);

/** Claims of a logout that is as it should be but for these; undefined leaves one out. */
export const logout = (changes: Claims = {}): Claims => ({
  iss: provider.issuer,
  aud: clientId,
  iat: now(),
  exp: now() + 120,
  jti: randomUUID(),
  events: { [logoutEvent]: {} },
  ...changes,
});

export const logoutToken = (changes: Claims = {}) =>
  signed(logout(changes), provider.key(), { typ: "logout+jwt" });

export const formOf = (token: string) => new URLSearchParams({ logout_token: token }).toString();

let posts = 0;

/** Sends a body to where logouts go; each time from another address, where none is given. */
export async function post(
  body: string,
  { lines = [formType], method = "POST", address = `203.0.113.${1 + (posts++ % 250)}` } = {},
) {
  const head = [
    `${method} ${path} HTTP/1.1`,
    "Host: console.example",
    "Connection: close",
    `X-Forwarded-For: ${address}`,
    ...lines,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  const { status, text } = await sendRaw(cut.url, `${head.join("\r\n")}\r\n\r\n${body}`);
  const end = text.indexOf("\r\n\r\n");
  return { status, head: text.slice(0, end).toLowerCase(), body: text.slice(end + 4) };
}

export const send = async (token: string) => post(formOf(token));

/** What section 2.8 of the specification asks for. */
export interface Refusal {
  error: string;
  error_description: string;
}

/** The refusal of a token; fails where it was none. */
export async function refusal(token: string): Promise<Refusal> {
  const { status, head, body } = await send(token);
  if (status !== 400) throw new Error(`Not refused: ${status} ${body}`);
  if (!head.includes("cache-control: no-store")) throw new Error("The refusal may be kept by others");
  return JSON.parse(body) as Refusal;
}

/** Signs somebody in, whom the provider calls so, after whatever logout; undefined leaves the session's name out. */
export async function signInAs(sub: string, sid?: string): Promise<string> {
  const claims = () => ({ sub, sid, email: `${sub}@example.org`, iat: now() + 60, exp: now() + 3600 });
  const { to, session } = await signInWith(but(claims));
  if (session === null) throw new Error(`Not signed in: ${to}`);
  return session;
}

export async function areSignedIn(...sessions: string[]): Promise<boolean[]> {
  return Promise.all(
    sessions.map(
      async (session) => !(await visit("/api/session", "198.51.100.1", session)).body.includes('"user":null'),
    ),
  );
}
