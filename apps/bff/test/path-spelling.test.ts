/** Guards hold for what a path means, however it is spelt: foreign hosts at every door, and files that are not ours. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fastify } from "fastify";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { registerWebFiles } from "../src/routes/web-files.ts";
import type { ConsoleUnderTest } from "./console-under-test.ts";
import { startConsole } from "./console-under-test.ts";
import { sendRaw } from "./raw-http.ts";

const get = async (url: string, target: string, host: string, ...lines: string[]) =>
  sendRaw(
    url,
    [`GET ${target} HTTP/1.1`, `Host: ${host}`, "Connection: close", ...lines, "\r\n"].join("\r\n"),
  );

describe("a foreign Host at every spelling of a door (CVE-2026-15074, CVE-2026-7120, CVE-2026-16732)", () => {
  let cut: ConsoleUnderTest;
  beforeAll(async () => {
    // nobody signs in here: who gets through has the rights of the file
    cut = await startConsole({ scenario: "empty", env: { SIGN_IN_MODES: "kubeconfig" } });
  });
  afterAll(async () => cut.close());

  const spellings = [
    "/api/session",
    "/api/session?x=/",
    "/%61pi/session",
    "/ap%69/session",
    "/%61%70%69/%73ession",
    "/api/sessio%6E",
    "http://rebound.example/api/session",
    "https://rebound.example/api/session",
    "http://127.0.0.1/api/session",
    "//rebound.example/api/session",
    "//api/session",
    "/./api/session",
    "/x/../api/session",
    "/%2e/api/session",
    "/api/%2e%2e/api/session",
    "/API/session",
    "/api\\session",
    "/api;x/session",
    "*",
  ];

  test.each(spellings)("%s", async (target) => {
    const own = new URL(cut.url).host;
    for (const [host, ...lines] of [
      ["rebound.example"],
      ["127.0.0.1.rebound.example"],
      ["evil@127.0.0.1"],
      [""],
      // a proxy that publishes it would give everybody these rights, whatever it says of itself
      [own, "X-Forwarded-For: 198.51.100.7"],
      [own, "Forwarded: for=198.51.100.7"],
      [own, "X-Forwarded-Host: console.example"],
    ] as [string, ...string[]][]) {
      const { status, text } = await get(cut.url, target, host, ...lines);
      expect([400, 403, 404]).toContain(status);
      expect(text).not.toMatch(/set-cookie|"user"/i);
    }
  });

  test("our own Host is answered at each spelling of the same door, and at no other", async () => {
    const answered: string[] = [];
    for (const target of spellings) {
      const { status } = await get(cut.url, target, new URL(cut.url).host);
      if (status === 200) answered.push(target);
    }
    expect(answered).toEqual([
      "/api/session",
      "/api/session?x=/",
      "/%61pi/session",
      "/ap%69/session",
      "/%61%70%69/%73ession",
      "/api/sessio%6E",
    ]);
  });
});

describe("files that are not ours to show (CVE-2026-15074, CVE-2024-7631, CVE-2021-3654)", () => {
  const folder = mkdtempSync(join(tmpdir(), "kubev-web-"));
  const server = fastify({ routerOptions: { maxParamLength: 300 } });
  let url: string;
  beforeAll(async () => {
    const web = join(folder, "web");
    mkdirSync(join(web, "assets"), { recursive: true });
    writeFileSync(join(web, "index.html"), "<html>the app</html>");
    writeFileSync(join(web, "assets", "app.js"), "app()");
    writeFileSync(join(folder, "secret.txt"), "kept-from-all");
    mkdirSync(join(folder, "web-secrets"));
    writeFileSync(join(folder, "web-secrets", "a.txt"), "kept-from-all");
    symlinkSync(join(folder, "secret.txt"), join(web, "assets", "link.txt"));
    registerWebFiles(server, web, []);
    url = await server.listen({ port: 0, host: "127.0.0.1" });
  });
  afterAll(async () => {
    await server.close();
    rmSync(folder, { recursive: true });
  });

  const pieces = [
    "/",
    "//",
    "\\",
    "..",
    ".",
    "%2e%2e",
    "%2E.",
    "%2f",
    "%5c",
    "%252e",
    "%00",
    ";",
    "@evil.example",
    "evil.example",
    "assets",
    "index.html",
    "app.js",
    "link.txt",
    "secret.txt",
    "web-secrets",
    "a.txt",
    "etc/passwd",
    "proc/self/environ",
    "locales/../..",
    "?",
    "#",
  ];
  const target = fc
    .array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 })
    .map((all) => `/${all.join("")}`);

  test("no path leads out of the folder, and none is answered with a way elsewhere", async () => {
    let files = 0;
    await fc.assert(
      fc.asyncProperty(target, async (path) => {
        const { status, text } = await get(url, path, "127.0.0.1", "Accept: text/html");
        expect(text).not.toContain("kept-from-all");
        expect(text).not.toMatch(/\r\nlocation:/i);
        expect([200, 400, 404]).toContain(status);
        if (status === 200) files += 1;
      }),
      { seed: 20261123, numRuns: 300 },
    );
    expect(files).toBeGreaterThan(10);
    expect((await get(url, "/assets/app.js", "127.0.0.1")).text).toContain("app()");
  });
});
