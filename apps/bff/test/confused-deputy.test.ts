/** Nothing that a request holds changes who acts on the cluster or where: what reaches it is held against what must reach it. */
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "./console-under-test.ts";
import { sendRaw } from "./raw-http.ts";
import type { RecordedConsole } from "./recorded-console.ts";
import {
  foreignProject,
  foreignValue,
  machine,
  pod,
  project,
  settings,
  startRecordedConsole,
} from "./recorded-console.ts";
import type { SeenRequest } from "./upstream-recorder.ts";

/** `FUZZ_SEED=1` another run, `SOAK=1` a long one. */
const seed = Number(process.env["FUZZ_SEED"] ?? "20261123");
const numRuns = process.env["SOAK"] === "1" ? 20_000 : 400;

/** What a request carries upstream where the console asks by its own account; everything else would have come from outside. */
const carried = new Set([
  "accept",
  "authorization",
  "connection",
  "content-length",
  "content-type",
  "host",
  "impersonate-group",
  "impersonate-user",
]);

/** Kubernetes' own query parameters, as far as the console uses them. */
const parameters = new Set([
  "allowWatchBookmarks",
  "container",
  "continue",
  "dryRun",
  "fieldManager",
  "fieldSelector",
  "fieldValidation",
  "labelSelector",
  "limit",
  "propagationPolicy",
  "resourceVersion",
  "resourceVersionMatch",
  "sendInitialEvents",
  "timeoutSeconds",
  "watch",
]);

/** A path of the API, of names that lead nowhere else. */
function strayPath(target: string): string | null {
  const [path = "", query = ""] = target.split("?", 2);
  if (!/^\/(?:apis?|version|openapi)(?:\/|$)/.test(path)) return "is no path of the API";
  for (const segment of path.slice(1).split("/")) {
    if (!/^[\w.~:!'()*%-]+$/.test(segment)) return `has the segment ${JSON.stringify(segment)}`;
    const decoded = decodeURIComponent(segment);
    if (/^\.+$/.test(decoded) || /[/\\%\p{Cc}]/u.test(decoded)) return `hides ${JSON.stringify(decoded)}`;
  }
  for (const [name] of new URLSearchParams(query))
    if (!parameters.has(name)) return `has the parameter ${name}`;
  return null;
}

interface Who {
  /** The token that Bob pasted in; the console asks now and then whose it is, and sends it nowhere else. */
  ownToken: string;
  serviceToken: string;
  authority: string;
  userName: string;
  groups: readonly string[];
}

const pathOf = (target: string): string => target.split("?", 1)[0] ?? "";

/** What the console reads by its own account: whole lists, and what the cluster serves; no single object. */
const ownRead = /^\/(?:api\/v1\/\w+|apis\/[^/]+\/[^/]+\/[^/]+|apis?(?:\/[^/]+){0,2}|version|openapi\/.+)$/;

/** Why this request must not have been sent; null when it is what the console sends for Bob or for itself. */
function wrongWith(request: SeenRequest, who: Who): string | null {
  const { headers, method, target, body } = request;
  const values = (name: string) => headers.flatMap(([each, value]) => (each === name ? [value] : []));
  const isOwnReview = target === "/apis/authentication.k8s.io/v1/selfsubjectreviews";
  const strange = headers.filter(([name]) => !carried.has(name));
  if (strange.length > 0) return `carries ${JSON.stringify(strange)}`;
  for (const [name, expected] of [
    ["host", [who.authority]],
    ["authorization", [`Bearer ${isOwnReview ? who.ownToken : who.serviceToken}`]],
    ["connection", ["keep-alive"]],
  ] as const)
    if (JSON.stringify(values(name)) !== JSON.stringify(expected))
      return `has ${name} ${values(name).join(", ")}`;
  const stray = strayPath(target);
  if (stray !== null) return stray;
  const users = values("impersonate-user");
  const groups = values("impersonate-group");
  if (isOwnReview) return users.length + groups.length === 0 ? null : "asks about somebody else";
  if (users.length + groups.length > 0) {
    const same =
      JSON.stringify(users) === JSON.stringify([who.userName]) &&
      JSON.stringify(groups) === JSON.stringify(who.groups);
    return same ? null : `acts as ${users.join(", ")} of ${groups.join(", ")}`;
  }
  if (method === "GET")
    return ownRead.test(pathOf(target)) ? null : `reads ${target} under the console's own account`;
  if (!target.endsWith("subjectaccessreviews")) return `${method} ${target} under the console's own account`;
  const { spec } = JSON.parse(body) as { spec: { user?: string; groups?: string[] } }; // kubernetes' own shape
  const about = spec.user === who.userName && JSON.stringify(spec.groups) === JSON.stringify(who.groups);
  return about ? null : `reviews ${JSON.stringify(spec)}`;
}

let world: RecordedConsole;
let bob: Person;
let who: Who;
let operatorToken: string;

beforeAll(async () => {
  world = await startRecordedConsole();
  const { cut, recorder, serviceToken, sim } = world;
  bob = await cut.signIn("bob");
  const { user } = await bob.call("getSession");
  who = {
    ownToken: sim.users.find(({ name }) => name === "bob")?.token ?? "",
    serviceToken,
    authority: recorder.authority,
    userName: "bob",
    groups: user?.groups ?? [],
  };
  operatorToken = sim.users.find(({ name }) => name === "operator")?.token ?? "";
});
afterAll(async () => world.close());

/** Requests that reach the cluster as Bob, and some that he may not make. */
const bases: [method: string, path: string, body: string][] = [
  ["GET", `/api/objects/config-map/${project}/${settings}/yaml`, ""],
  ["GET", `/api/objects/config-map/${foreignProject}/${settings}/yaml`, ""],
  ["GET", `/api/projects/${project}/vms/${machine}/yaml`, ""],
  ["GET", `/api/projects/${project}/vms/${machine}`, ""],
  ["GET", `/api/objects/pod/${project}/${pod}`, ""],
  ["GET", `/api/kinds/core/v1/secrets/${foreignProject}/${settings}/yaml`, ""],
  ["GET", `/api/projects/${foreignProject}/secrets/${settings}`, ""],
  ["GET", "/api/vms?q=screen", ""],
  ["POST", `/api/projects/${foreignProject}/secrets/${settings}/value`, '{"key":"a"}'],
  [
    "POST",
    "/api/text/check",
    JSON.stringify({ yaml: "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: new\n", project }),
  ],
];

const places = {
  "as it is": (path: string) => path,
  "a doubled slash": (path: string) => path.replace("/api/", "/api//"),
  "two slashes in front": (path: string) => `/${path}`,
  "a host in front": (path: string) => `//evil.example${path}`,
  "a whole URL": (path: string) => `http://evil.example${path}`,
  "a whole URL with a name": (path: string) => `http://operator@127.0.0.1${path}`,
  "a dot": (path: string) => path.replace(/\/(?=[^/]+$)/, "/./"),
  "two dots": (path: string) => path.replace(/\/(?=[^/]+$)/, "/x/../"),
  "escaped dots": (path: string) => path.replace(/\/(?=[^/]+$)/, "/%2e%2e/"),
  "escaped dots and slashes": (path: string) =>
    path.replace(project, `${project}%2f..%2f..%2f${foreignProject}`),
  "a name of dots and slashes": (path: string) =>
    path.replace(settings, `..%2f..%2f${foreignProject}%2fsecrets%2f${settings}`),
  "an escaped escape": (path: string) => path.replace(settings, "%252e%252e%252fsecrets"),
  "an escaped letter": (path: string) => path.replace("/api", "/%61pi").replace(project, "%6cab"),
  "a semicolon": (path: string) => path.replace(project, `${project};namespace=${foreignProject}`),
  "a zero byte": (path: string) => path.replace(settings, `${settings}%00`),
  "a line end": (path: string) =>
    path.replace(settings, `${settings}%0d%0aImpersonate-User:%20operator%0d%0aX:%20`),
  "a backslash": (path: string) => path.replace(project, `${project}\\..\\${foreignProject}`),
  "an escaped backslash": (path: string) => path.replace(project, `${project}%5c..%5c${foreignProject}`),
  "an at sign": (path: string) => path.replace(settings, `${settings}@evil.example`),
  "a question mark": (path: string) => path.replace(settings, `${settings}%3fas=operator`),
  "a hash": (path: string) => path.replace(settings, `${settings}%23`),
  "a query that names somebody": (path: string) =>
    `${path}${path.includes("?") ? "&" : "?"}impersonate-user=operator&as=operator&dryRun=All&namespace=${foreignProject}`,
  "broken UTF-8": (path: string) => path.replace(settings, "%ff%fe"),
} as const;

const smuggled = [
  "Impersonate-User: operator",
  "impersonate-user: operator",
  "IMPERSONATE-USER: operator",
  "Impersonate_User: operator",
  "impersonate_group: system:masters",
  "Impersonate-Group: system:masters",
  "Impersonate-Group: tenants\r\nImpersonate-Group: system:masters",
  "Impersonate-Uid: 0",
  "Impersonate-Extra-scopes: all",
  "Impersonate-User : operator",
  "X-A: b\r\n Impersonate-User: operator",
  "X-A: b\nImpersonate-User: operator",
  "X-A: b\rImpersonate-User: operator",
  "X-Remote-User: operator",
  "X-Remote-Group: system:masters",
  "X_Remote_User: operator",
  "X-Remote-Extra-a: b",
  "X-Forwarded-User: operator",
  "X-Forwarded-Host: evil.example",
  "X-Forwarded-For: 127.0.0.1",
  "X-Original-URL: /api/hosts",
  "X-Rewrite-URL: /api/hosts",
  "X-HTTP-Method-Override: DELETE",
  "Connection: impersonate-user",
  "Connection: authorization, host, impersonate-user, impersonate-group",
  "Connection: Upgrade\r\nUpgrade: websocket",
  "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__",
  "Keep-Alive: impersonate-user",
  "Te: trailers",
  "Proxy-Authorization: Basic b3BlcmF0b3I6eA==",
  "Host: evil.example",
  "Transfer-Encoding: chunked",
  "Transfer-Encoding: identity",
  "Content-Length: 3",
  "Expect: 100-continue",
  "Range: bytes=0-1",
  "Accept: application/vnd.kubernetes.protobuf",
  "Accept-Encoding: br\r\nX-Kubernetes-Pf-Flowschema-Uid: 1",
  "Traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
] as const;

const methods = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "OPTIONS",
  "TRACE",
  "PROPFIND",
  "LINK",
  "QUERY",
  "PURGE",
  "CONNECT",
  "get",
  "GET\t",
  "BREW",
];

const trailers = ["", "Impersonate-User: operator\r\n", "X-Remote-Group: system:masters\r\n"];

/** The body whole, or in a chunk with trailers. */
function framed(body: string, chunked: boolean, trailer: string): string {
  if (!chunked) return `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
  const chunk = body === "" ? "" : `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`;
  const announced = trailer === "" ? "" : `Trailer: ${trailer.split(":")[0] ?? ""}\r\n`;
  return `${announced}Transfer-Encoding: chunked\r\n\r\n${chunk}0\r\n${trailer}\r\n`;
}

const attack = fc.record({
  base: fc.constantFrom(...bases),
  place: fc.oneof(
    { weight: 1, arbitrary: fc.constant<keyof typeof places>("as it is") },
    { weight: 2, arbitrary: fc.constantFrom(...(Object.keys(places) as (keyof typeof places)[])) }, // its own keys
  ),
  method: fc.option(fc.constantFrom(...methods), { freq: 4 }),
  headers: fc.array(fc.constantFrom(...smuggled), { maxLength: 3 }),
  asOperator: fc.boolean(),
  chunked: fc.boolean(),
  trailer: fc.constantFrom(...trailers),
});

describe("confused deputy (CVE-2026-33805, CVE-2021-31999, CVE-2025-64484, CVE-2025-66415, CVE-2021-21322)", () => {
  test("what the console asks by itself, and a sign-in, pass the same measure", () => {
    expect(world.recorder.seen.length).toBeGreaterThan(50);
    expect(world.recorder.seen.flatMap((request) => wrongWith(request, who) ?? [])).toEqual([]);
    expect(world.recorder.seen.filter(({ target }) => target.endsWith("selfsubjectreviews"))).toHaveLength(1);
  });

  test(`no header, path, query, body, trailer or method changes who acts or where (seed ${seed})`, async () => {
    const { cut, recorder } = world;
    const statuses = new Map<number, number>();
    let asBob = 0;
    await fc.assert(
      fc.asyncProperty(attack, async ({ base, place, method, headers, asOperator, chunked, trailer }) => {
        const before = recorder.seen.length;
        const [usual, path, body] = base;
        const used = method ?? usual;
        const lines = [
          `${used} ${places[place](path)} HTTP/1.1`,
          `Host: ${new URL(cut.url).host}`,
          "Connection: close",
          `Cookie: ${bob.cookie}`,
          `Origin: ${cut.url}`,
          ...(body === "" ? [] : ["Content-Type: application/json"]),
          ...(asOperator ? [`Authorization: Bearer ${operatorToken}`] : []),
          ...headers,
        ];
        const rest = body === "" && !chunked ? "\r\n" : framed(body, chunked, trailer);
        const answer = await sendRaw(cut.url, `${lines.join("\r\n")}\r\n${rest}`);
        statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
        expect(answer.text).not.toContain(foreignValue);
        expect(answer.text).not.toContain("canary-of-the-vault");
        for (const request of recorder.seen.slice(before)) {
          expect({ wrong: wrongWith(request, who), request }).toEqual({ wrong: null, request });
          if (request.headers.some(([name]) => name === "impersonate-user")) asBob += 1;
        }
      }),
      { seed, numRuns, endOnFailure: true },
    );
    // it met the cluster, was refused by it and by the console, and nothing broke
    expect(asBob).toBeGreaterThan(numRuns / 20);
    for (const met of [200, 400, 403, 404]) expect(statuses.get(met) ?? 0).toBeGreaterThan(0);
    expect(statuses.get(500) ?? 0).toBe(0);
  }, 900_000);

  test.each(["GET", "POST"])(
    "a %s with `Connection: impersonate-user` keeps the header that the console adds",
    async (method) => {
      const { cut, recorder } = world;
      const base = bases.find(([each, path]) => each === method && !path.includes(foreignProject));
      const [, path = "", body = ""] = base ?? [];
      const before = recorder.seen.length;
      const answer = await sendRaw(
        cut.url,
        `${method} ${path} HTTP/1.1\r\nHost: ${new URL(cut.url).host}\r\nConnection: close, impersonate-user, authorization\r\n` +
          `Cookie: ${bob.cookie}\r\nOrigin: ${cut.url}\r\n` +
          (body === "" ? "\r\n" : `Content-Type: application/json\r\n${framed(body, false, "")}`),
      );
      expect(answer.status).toBe(200);
      const acting = recorder.seen
        .slice(before)
        .filter(({ headers }) => headers.some(([name]) => name.startsWith("imp")));
      expect(acting.length).toBeGreaterThan(0);
      for (const { headers } of acting)
        expect(headers.filter(([name]) => /^(imp|auth)/.test(name))).toEqual([
          ["authorization", `Bearer ${who.serviceToken}`],
          ["impersonate-user", "bob"],
          ...who.groups.map((group) => ["impersonate-group", group]),
        ]);
    },
  );
});
