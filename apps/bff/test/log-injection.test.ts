/** Whatever strangers, the cluster or the provider write, each line of the log is one object of JSON that steers no terminal. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { sendRaw } from "./raw-http.ts";
import { startServerProcess } from "./server-process.ts";

/** What would end the line, begin one of its own, colour, hide or turn what stands beside it. */
const forged =
  '\r\n{"level":60,"msg":"forged"}\n\u001b[2K\u001b]0;owned\u0007\u0000\u0008\u007f\u009b31m\u0085\u2028\u2029\u202e\u2066\ufeff';
/** The same as header values take it: bytes above 127 are Latin-1 there. */
const inHeader = "a\u009b31m\u0085{forged}";
const encoded = encodeURIComponent(forged);

let cut: ConsoleUnderTest;
let operator: Person;
beforeAll(async () => {
  cut = await startConsole({ env: { TRUSTED_PROXY: "127.0.0.1", PUBLIC_URL: "https://localhost" } });
  operator = await cut.signIn("operator");
});
afterEach(() => cut.sim.faults.clear());
afterAll(async () => cut.close());

// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const raw = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;

/** Of the lines since `from`: each one object, as written by the server itself. */
function checkLines(from = 0): void {
  const lines = cut.logs.slice(from);
  expect(lines.length).toBeGreaterThan(0);
  for (const line of lines) {
    expect(line.endsWith("\n")).toBe(true);
    expect(line.slice(0, -1)).not.toMatch(raw);
    const { level, time, msg } = JSON.parse(line) as Record<string, unknown>; // pino's own lines
    expect([typeof level, typeof time]).toEqual(["number", "number"]);
    expect(msg).not.toBe("forged");
  }
}

/** The texts of all values in the lines since `from`. */
const written = (from: number): string =>
  cut.logs
    .slice(from)
    .map((line) => JSON.stringify(JSON.parse(line)))
    .join("");

test("paths, queries, bodies and tokens with ends of lines and commands to terminals", async () => {
  const from = cut.logs.length;
  for (const path of [
    `/api/projects/${encoded}`,
    `/${encoded}`,
    `/api/vms?q=${encoded}&${encoded}=1`,
    `/sign-in?refused=${encoded}`,
  ])
    expect((await operator.fetch("GET", path)).status).toBeLessThan(500);
  await operator.ask("signInWithToken", { body: { token: forged } });
  await operator.ask("createProject", { body: { name: forged, displayName: forged } });
  await operator.ask("createText", { body: { project: forged, yaml: forged } });
  await operator.ask("deleteVm", { params: { project: "web-shop", name: forged } });
  await until(() => cut.logs.length >= from + 8);
  checkLines(from);
});

test("headers with them, behind a proxy that passes on what it was told", async () => {
  const from = cut.logs.length;
  const { host } = new URL(cut.url);
  const names = [
    "User-Agent",
    "X-Request-Id",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "Referer",
    "Origin",
    "Cookie",
    "Accept-Language",
  ];
  for (const value of [inHeader, "x\u001b[2Kforged", "x\rforged: 1", "x\nforged: 1", "x\u0000forged"])
    for (const path of ["/api/session", "/api/live"])
      await sendRaw(
        cut.url,
        Buffer.from(
          `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n${names.map((name) => `${name}: ${value}\r\n`).join("")}Connection: close\r\n\r\n`,
          "latin1",
        ),
      );
  await until(() => cut.logs.length > from);
  checkLines(from);
  // it came as far as the log, as the address that the proxy named
  expect(written(from)).toContain("{forged}");
});

test("the cluster's own words: refusals, failures and answers that are none", async () => {
  for (const [code, text] of [
    [500, forged],
    [403, JSON.stringify({ kind: "Status", code: 403, reason: "Forbidden", message: forged })],
    [200, forged],
    [200, `{"kind":"List","items":[{"metadata":{"name":${JSON.stringify(forged)}}},7]}`],
  ] as const) {
    const from = cut.logs.length;
    const mend = cut.sim.faults.add({ urlContains: "/vpcs", effect: { kind: "answer", code, text } });
    cut.sim.faults.dropWatches("reset");
    await until(() => written(from).includes('"resource":"vpcs"'));
    const failing = cut.sim.faults.add({
      urlContains: "/configmaps",
      effect: { kind: "answer", code, text },
    });
    await operator.ask("listObjects", { params: { noun: "config-map" }, query: { project: "web-shop" } });
    await operator.ask("getObjectYaml", { params: { noun: "config-map", project: "web-shop", name: "a" } });
    checkLines(from);
    mend();
    failing();
  }
  expect(written(0)).toContain("owned");
});

test("rows of the trail that the log keeps while the database is away", async () => {
  const from = cut.logs.length;
  const { schema } = cut.app.services.database;
  await schema.alterTable("audit").renameTo("audit_away").execute();
  // a field that takes any text, and the cluster's words on it
  cut.sim.faults.add({
    method: "POST",
    urlContains: "/api/v1/namespaces",
    effect: {
      kind: "answer",
      code: 403,
      text: JSON.stringify({ kind: "Status", code: 403, reason: "Forbidden", message: `${forged} said` }),
    },
  });
  await operator.refused("createProject", { body: { name: "forged", displayName: forged } });
  await until(() => written(from).includes("audit entry kept in the log"));
  expect(written(from)).toContain("owned");
  expect(written(from)).toMatch(/\uFEFF said/);
  checkLines(from);
  await schema.alterTable("audit_away").renameTo("audit").execute();
});

test("the server as people run it writes such lines to its standard output", async () => {
  const dataDir = mkdtempSync(join(tmpdir(), "kubev-log-"));
  const server = await startServerProcess({
    KUBECONFIG_FILE: cut.sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
    TRUSTED_PROXY: "127.0.0.1",
    PUBLIC_URL: "https://localhost",
  });
  const { host } = new URL(server.url);
  await sendRaw(
    server.url,
    Buffer.from(
      `GET /api/session HTTP/1.1\r\nHost: ${host}\r\nX-Forwarded-For: ${inHeader}\r\nConnection: close\r\n\r\n`,
      "latin1",
    ),
  );
  await until(() => server.logged.some((line) => line.includes("{forged}")));
  for (const line of server.logged) {
    expect(line).not.toMatch(raw);
    expect(JSON.parse(line)).toHaveProperty("level");
  }
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
