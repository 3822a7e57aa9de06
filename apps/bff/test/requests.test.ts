/** What every state-changing request must look like, whatever the operation. */
import { endpointPaths } from "@kubev/api-types/endpoint-paths";
import type { OperationName } from "@kubev/api-types/endpoint-paths";
import { once } from "node:events";
import { connect } from "node:net";
import { fastify } from "fastify";
import { limitBodyTime } from "../src/http/body-deadline.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ConsoleUnderTest, ErrorBody, Person } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";

let cut: ConsoleUnderTest;
let operator: Person;

beforeAll(async () => {
  cut = await startConsole({ scenario: "empty" });
  operator = await cut.signIn("operator");
});
afterAll(async () => cut.close());

const changing = (Object.keys(endpointPaths) as OperationName[]).filter(
  (name) => endpointPaths[name].method !== "GET",
);

const origins: [string, Record<string, string>][] = [
  ["none", { origin: "" }],
  ["null", { origin: "null" }],
  ["evil", { origin: "https://evil.example" }],
  ["sibling", { origin: "http://x.localhost" }],
  ["same host, other scheme", { origin: "https://127.0.0.1" }],
  ["cross-site by fetch metadata", { "sec-fetch-site": "cross-site" }],
  ["same-site by fetch metadata", { "sec-fetch-site": "same-site" }],
];

describe.each(changing)("%s", (name) => {
  test.each(origins)("origin %s is refused", async (_why, headers) => {
    const { method, path } = endpointPaths[name];
    const url = path.replace(":project", "default").replace(":name", "x");
    const response = await operator.fetch(method, url, { body: {}, headers });
    expect(response.status).toBe(403);
    expect(((await response.json()) as ErrorBody).error.code).toBe("origin-refused");
  });
});

test.each([
  "text/plain",
  "application/json;charset=latin1",
  "application/jsonp",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
])("content type %s is refused", async (type) => {
  const response = await operator.fetch("POST", "/api/projects", {
    body: { name: "x" },
    headers: { "content-type": type },
  });
  expect(response.status).toBe(400);
  expect(((await response.json()) as ErrorBody).error.code).toBe("bad-request");
});

test("a Host of somebody else is not answered", async () => {
  const { request } = await import("node:http");
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(`${cut.url}/api/session`, { headers: { host: "rebound.example" } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    sent.on("error", reject);
    sent.end();
  });
  expect(status).toBe(403);
});

test("unknown keys are named, not dropped", async () => {
  const { status, body } = await operator.refused("createProject", { body: { name: "fine", admin: true } });
  expect(status).toBe(422);
  expect(body.error.fields).toEqual([
    { path: "", reason: { code: "field-unknown", params: { keys: "admin" } } },
  ]);
});

test("a bad form says which field and why", async () => {
  const { body } = await operator.refused("createProject", { body: { name: "Not A Name" } });
  expect(body.error).toMatchObject({
    code: "invalid",
    fields: [{ path: "name", reason: { code: "field-pattern" } }],
  });
});

test.each(["lots", "-5", "5.5.5Gi"])(
  "an amount such as %s is told what amounts look like",
  async (amount) => {
    const expected = [
      { path: "quota.0.amount", reason: { code: "field-pattern", params: { expected: "amount" } } },
      { path: "limits.0.max", reason: { code: "field-pattern", params: { expected: "amount" } } },
    ];
    const body = {
      name: "fine",
      quota: [{ resource: "requests.memory", amount }],
      limits: [{ type: "Container" as const, resource: "memory", max: amount }],
    };
    const refused = await operator.refused("previewProject", { body });
    expect(refused.body.error.fields).toEqual(expected);
  },
);

test("of a MAC and a fixed address their own rules are told, not that of names", async () => {
  const { body } = await operator.refused("previewVm", {
    params: { project: "web-shop" },
    body: {
      name: "fine",
      source: { kind: "blank" },
      diskSizeBytes: 1024 ** 3,
      sizing: { kind: "custom", cpuCores: 1, memoryBytes: 1024 ** 3 },
      nic: { mac: "zz", ips: ["999.1.1.1"] },
      cloudInit: { kind: "none" },
    },
  });
  expect(body.error.fields).toEqual([
    { path: "nic.ips.0", reason: { code: "field-invalid", params: { expected: "ip" } } },
    { path: "nic.mac", reason: { code: "field-pattern", params: { expected: "mac" } } },
  ]);
});

test("a kind that there is not is not taken for an address", async () => {
  const { body } = await operator.refused("previewVm", {
    params: { project: "web-shop" },
    body: {
      name: "fine",
      source: { kind: "floppy" } as unknown as { kind: "blank" }, // what an older or newer page may send
      diskSizeBytes: 1024 ** 3,
      sizing: { kind: "custom", cpuCores: 1, memoryBytes: 1024 ** 3 },
      cloudInit: { kind: "none" },
    },
  });
  expect(body.error.fields).toEqual([{ path: "source.kind", reason: { code: "field-invalid" } }]);
});

test("malformed and oversized bodies are refused", async () => {
  const headers = { cookie: operator.cookie, origin: cut.url, "content-type": "application/json" };
  const broken = await fetch(`${cut.url}/api/projects`, { method: "POST", headers, body: "{" });
  expect(broken.status).toBe(400);
  const huge = await fetch(`${cut.url}/api/projects`, {
    method: "POST",
    headers,
    body: JSON.stringify({ name: "x".repeat(3_000_000) }),
  });
  expect(huge.status).toBe(413);
});

test.each([
  "/api/projects/../vms",
  "/api/projects/%2e%2e/vms/x",
  "/api/projects/a%2fb/vms/x",
  "/api/projects/a/vms/x%00",
  "/api/projects/a/vms/..%2f..",
  "/api//vms",
  "/api/projects/a/vms/x;y",
])("%s leads nowhere", async (path) => {
  const { request } = await import("node:http");
  const status = await new Promise<number>((resolve, reject) => {
    const sent = request(
      { host: "127.0.0.1", port: new URL(cut.url).port, path, headers: { cookie: operator.cookie } },
      (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      },
    );
    sent.on("error", reject);
    sent.end();
  });
  expect([400, 404]).toContain(status);
});

test("who is nobody is refused before his body is read", async () => {
  const { request } = await import("node:http");
  const sent = request(`${cut.url}/api/projects`, {
    method: "POST",
    headers: { "content-type": "application/json", "content-length": "1000", origin: cut.url },
  });
  sent.on("error", () => {}); // the server hangs up on what is not read
  sent.write("{");
  const status = await new Promise<number>((resolve) => {
    sent.on("response", (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
  });
  expect(status).toBe(401);
  sent.destroy();
});

test("a body that comes drop by drop ends its connection", async () => {
  const server = fastify();
  server.addHook("onRequest", async (request) => limitBodyTime(request, 100));
  server.post("/", { config: { access: "public" } }, async () => "taken");
  const address = new URL(await server.listen({ port: 0, host: "127.0.0.1" }));
  const ends = async (body: string) => {
    const socket = connect(Number(address.port), address.hostname);
    let answer = "";
    socket.on("data", (data) => {
      answer += String(data);
      socket.end();
    });
    socket.on("error", () => {});
    socket.write(
      `POST / HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 4\r\n\r\n${body}`,
    );
    await once(socket, "close");
    return answer;
  };
  expect(await ends("a")).toBe("");
  expect(await ends("abcd")).toContain("taken");
  await server.close();
});

test("sign-in is limited per address", async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 25; i += 1)
    statuses.push((await operator.ask("signInWithToken", { body: { token: "wrong" } })).status);
  expect(statuses).toContain(429);
});

test("the API describes itself", async () => {
  const document = (await (await fetch(`${cut.url}/api/openapi.json`)).json()) as {
    paths: Record<string, unknown>;
  };
  for (const { path } of Object.values(endpointPaths))
    expect(Object.keys(document.paths)).toContain(path.replaceAll(/:(\w+)/g, "{$1}"));
});

test("health and metrics answer", async () => {
  expect((await fetch(`${cut.url}/livez`)).status).toBe(200);
  expect(await (await fetch(`${cut.url}/readyz`)).json()).toEqual({
    status: "ok",
    checks: { inventory: true, database: true, accepting: true },
  });
  expect(await (await fetch(`${cut.url}/metrics`)).text()).toContain(
    "kubev_http_request_duration_seconds_bucket",
  );
});
