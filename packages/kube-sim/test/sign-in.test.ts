/** The issuer: code with PKCE on the sign-in page, refresh, and an id token that the API server accepts. */
import { createHash, randomBytes } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createRemoteJWKSet, jwtVerify } from "jose";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCluster, type TestCluster } from "./cluster.ts";

const CALLBACK = "http://127.0.0.1:8080/api/auth/callback";
let cluster: TestCluster;
/** The client's end for logouts: what it was sent, and what it answers. */
const heard: string[] = [];
let answersWith = 200;
const client = createServer((request, response) => {
  let body = "";
  request.on("data", (chunk) => (body += String(chunk)));
  request.on("end", () => {
    heard.push(body);
    response.writeHead(answersWith).end();
  });
});
beforeAll(async () => {
  await new Promise<void>((resolve) => client.listen(0, "127.0.0.1", resolve));
  const { port } = client.address() as AddressInfo; // it listens on TCP
  cluster = await startCluster({
    oidc: { redirectUris: [CALLBACK], logoutUri: `http://127.0.0.1:${port}/logout` },
  });
});
afterAll(async () => {
  await cluster.close();
  await new Promise((resolve) => client.close(resolve));
});

/** A browser's cookie jar, no more. */
class Browser {
  readonly #cookies = new Map<string, string>();
  async go(
    url: string | URL,
    init: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const response = await fetch(url, { redirect: "manual", ...init, headers: { ...init.headers, cookie } });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ""] = line.split(";");
      const at = pair.indexOf("=");
      this.#cookies.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }
}

function issuerOf(): NonNullable<TestCluster["sim"]["oidc"]> {
  if (cluster.sim.oidc === null) throw new Error("the issuer was asked for");
  return cluster.sim.oidc;
}

const verifier = randomBytes(32).toString("base64url");

function authorizationUrl(extra: Record<string, string> = {}): URL {
  const { issuer, clientId } = issuerOf();
  const url = new URL("/auth", issuer);
  url.search = new URLSearchParams({
    client_id: clientId,
    response_type: "code",
    scope: "openid profile email groups offline_access",
    prompt: "consent",
    redirect_uri: CALLBACK,
    code_challenge: createHash("sha256").update(verifier).digest("base64url"),
    code_challenge_method: "S256",
    state: "s",
    nonce: "n",
    ...extra,
  }).toString();
  return url;
}

async function token(parameters: Record<string, string>): Promise<Record<string, string>> {
  const { issuer, clientId, clientSecret } = issuerOf();
  const response = await fetch(new URL("/token", issuer), {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString("base64")}`,
      "content-type": "application/x-www-form-urlencoded",
    },
    body: new URLSearchParams(parameters).toString(),
  });
  return (await response.json()) as Record<string, string>;
}

const signIn = (user: string, password: string) => ({
  method: "POST",
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: new URLSearchParams({ user, password }).toString(),
});

test("a demo user signs in, refreshes, and is known to the API server", async () => {
  const { issuer } = issuerOf();
  const browser = new Browser();
  const start = await browser.go(authorizationUrl());
  const page = new URL(start.headers.get("location") ?? "", issuer);
  const shown = await browser.go(page);
  const html = await shown.text();
  expect(html).toContain('value="operator"');
  expect(html).not.toContain("<script");
  expect(shown.headers.get("content-security-policy")).toContain("default-src 'none'");

  expect((await browser.go(page, signIn("alice", "wrong"))).status).toBe(401);
  const password = cluster.sim.users.find(({ name }) => name === "alice")?.password ?? "";
  let step = await browser.go(page, signIn("alice", password));
  let location = step.headers.get("location") ?? "";
  while (!location.startsWith(CALLBACK)) {
    step = await browser.go(new URL(location, issuer));
    location = step.headers.get("location") ?? "";
  }
  const code = new URL(location).searchParams.get("code") ?? "";
  const exchange = { grant_type: "authorization_code", code, redirect_uri: CALLBACK };
  const tokens = await token({ ...exchange, code_verifier: verifier });
  const who = await cluster.call("/apis/authentication.k8s.io/v1/selfsubjectreviews", {
    token: tokens["id_token"] ?? "",
    body: {},
  });
  expect(who.body.status.userInfo).toEqual({
    username: "alice",
    groups: ["tenants", "system:authenticated"],
  });
  const refreshed = await token({
    grant_type: "refresh_token",
    refresh_token: tokens["refresh_token"] ?? "",
  });
  expect(refreshed["id_token"]).toBeTypeOf("string");
  expect(await token({ ...exchange, code_verifier: verifier })).toMatchObject({ error: "invalid_grant" });
});

test("no PKCE, a foreign redirect and a foreign Host are refused", async () => {
  const { issuer } = issuerOf();
  const foreign = await fetch(authorizationUrl({ redirect_uri: "http://evil.example/" }), {
    redirect: "manual",
  });
  expect(foreign.status).toBe(400);
  const url = authorizationUrl();
  url.searchParams.delete("code_challenge");
  url.searchParams.delete("code_challenge_method");
  const bare = await fetch(url, { redirect: "manual" });
  expect(bare.headers.get("location")).toContain("error=invalid_request");
  const local = new URL("/.well-known/openid-configuration", issuer.replace("127.0.0.1", "localhost"));
  expect((await fetch(local)).status).toBe(421);
});

test("whom an administrator signs out it tells the client, in a signed token for nothing else", async () => {
  const { issuer, clientId, signOut } = issuerOf();
  await signOut("alice");
  const sent = new URLSearchParams(heard.at(-1)).get("logout_token") ?? "";
  const { payload } = await jwtVerify(sent, createRemoteJWKSet(new URL("/jwks", issuer)), {
    issuer,
    audience: clientId,
    typ: "logout+jwt",
  });
  expect(payload).toMatchObject({
    sub: "alice",
    events: { "http://schemas.openid.net/event/backchannel-logout": {} },
  });
  expect(Object.keys(payload)).not.toContain("sid");
  expect(Object.keys(payload)).not.toContain("nonce");
  answersWith = 400;
  await expect(signOut("alice")).rejects.toThrow("400");
});
