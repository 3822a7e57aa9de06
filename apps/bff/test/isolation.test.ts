// oxlint-disable vitest/no-conditional-expect -- generated: what must hold depends on the operation at hand
/** Generated from the route table: from every route an anonymous and a rightless caller get nothing; hidden-and-absent has the others. */
import { endpointPaths, otherPaths } from "@kubev/api-types/endpoint-paths";
import { noProject } from "@kubev/api-types/object-catalog";
import { fastify } from "fastify";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type App, requireDeclaredAccess } from "../src/app.ts";
import type { ConsoleUnderTest, ErrorBody } from "./console-under-test.ts";
import { Person } from "./console-under-test.ts";
import { common, marker, secret, startForeignProject } from "./foreign-project.ts";
import { openToAll } from "./object-samples.ts";
import { leakIn, operationCases, operationNames } from "./operation-calls.ts";

let cut: ConsoleUnderTest;
let bob: Person;
let rightless: Person;

beforeAll(async () => {
  cut = await startForeignProject();
  bob = await cut.signIn("bob");
  rightless = await cut.signIn("viewer");
});
afterAll(async () => cut.close());

test("every route says who may call it", () => {
  for (const route of cut.app.routes) expect(["public", "session"]).toContain(route.access);
  for (const name of operationNames) {
    const { method, path } = endpointPaths[name];
    expect(cut.app.routes.find((route) => route.url === path && route.method === method)).toBeDefined();
  }
});

/** The app's files, the provider's redirects and logouts, and what the people who run the console ask it. */
const outsideContract = [
  "GET /*",
  "GET /api/openapi.json",
  "GET /api/session/oidc/callback",
  "GET /api/session/oidc/start",
  "GET /livez",
  "GET /metrics",
  "GET /readyz",
  "POST /api/session/oidc/back-channel-logout",
];

test("every route is an operation of the contract, or one of the few that say nothing of the cluster", async () => {
  const operations = new Set(
    operationNames.map((name) => `${endpointPaths[name].method} ${endpointPaths[name].path}`),
  );
  const others = cut.app.routes
    .map(({ method, url }) => `${method} ${url}`)
    .filter((route) => !operations.has(route));
  expect(others.toSorted()).toEqual(outsideContract);
  await cut.signIn("alice"); // a session that could be told of
  for (const route of outsideContract) {
    const [method = "", path = ""] = route.split(" ");
    const text = await (await fetch(`${cut.url}${path}`, { method, redirect: "manual" })).text();
    for (const word of [secret, marker, "alice"]) expect(text).not.toContain(word);
  }
});

test("where nobody signs in at a provider, none signs anybody out", async () => {
  const body = new URLSearchParams({ logout_token: "x" });
  const { status } = await fetch(`${cut.url}${otherPaths.oidcLogout}`, { method: "POST", body });
  expect(status).toBe(404);
});

test("a route that does not say who may call it keeps the server from starting (CVE-2024-7079)", () => {
  const server = fastify();
  const routes: App["routes"] = [];
  requireDeclaredAccess(server, routes);
  server.get("/said", { config: { access: "session" } }, async () => null);
  expect(routes.map(({ url }) => url)).toContain("/said");
  expect(() => server.get("/forgotten", async () => null)).toThrow(/does not say who may call it/);
});

describe.each(operationCases)("%s", (_label, name, partsOf) => {
  test("anonymous gets nothing (CVE-2018-18264)", async () => {
    const nobody = new Person(cut.url);
    const answer = await nobody.ask(name, partsOf(secret, marker));
    const text = JSON.stringify(answer.body);
    expect(text).not.toContain(marker);
    if (name === "getSession") expect(answer.body).toMatchObject({ user: null, areas: null });
    else {
      expect(answer.status).toBe(401);
      expect((answer.body as ErrorBody).error.code).toMatch(/unauthenticated|sign-in-refused/);
    }
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(answer.headers.get("content-security-policy")).toContain("frame-ancestors 'none'");
  });

  test("a rightless caller learns nothing", async () => {
    if (name === "signOut") return; // ends only the caller's own session; see sessions.test.ts
    const { cookie } = rightless;
    const answer = await rightless.ask(name, partsOf(secret, marker));
    rightless.cookie = cookie;
    expect(leakIn(name, answer)).toBeNull();
  });
});

describe.each([...openToAll])("%s, which is open to everybody", (noun) => {
  const params = { noun, project: noProject, name: common };

  test.each([
    ["foreign", () => bob],
    ["rightless", () => rightless],
  ])("is read by a %s caller and changed by none", async (_who, person) => {
    const { rows } = await person().call("listObjects", { params: { noun }, query: { q: common } });
    expect(rows.map((row) => row.name)).toEqual([common]);
    const detail = await person().call("getObject", { params });
    expect(detail.row.name).toBe(common);
    for (const decision of Object.values(detail.row.actions))
      expect(decision).toMatchObject({ allowed: false, reason: { code: "no-permission" } });
    const { yaml, resourceVersion } = await person().call("getObjectYaml", { params });
    for (const [operation, parts] of [
      ["checkObjectYaml", { params, body: { yaml, resourceVersion } }],
      ["putObjectYaml", { params, body: { yaml, resourceVersion } }],
      ["deleteObject", { params }],
    ] as const)
      expect((await person().ask(operation, parts)).status).toBe(403);
    const { row } = await person().call("getObject", { params });
    expect(row.ref.uid).toBe(detail.row.ref.uid);
  });
});
