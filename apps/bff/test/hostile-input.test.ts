/** Bodies and frames made to break who reads them: refused in plain words, and everybody else is served meanwhile. */
import { createServer } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { sendRaw } from "./raw-http.ts";

let cut: ConsoleUnderTest;
let operator: Person;
/** What a third party that the console asks was told, as header lines. */
const toldPrometheus: [path: string, headers: string[]][] = [];
const prometheus = createServer((request, response) => {
  toldPrometheus.push([request.url ?? "", request.rawHeaders]);
  request.resume();
  request.on("end", () => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ status: "success", data: { resultType: "vector", result: [] } }));
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => prometheus.listen(0, "127.0.0.1", resolve));
  const { port } = prometheus.address() as AddressInfo; // it listens on TCP
  cut = await startConsole({
    scenario: "empty",
    env: { PROMETHEUS_URL: `http://127.0.0.1:${port}`, ACTING_MODE: "impersonate" },
  });
  operator = await cut.signIn("operator");
});
afterAll(async () => {
  await cut.close();
  prometheus.close();
});

const post = async (path: string, body: string) =>
  fetch(`${cut.url}${path}`, {
    method: "POST",
    headers: { cookie: operator.cookie, origin: cut.url, "content-type": "application/json" },
    body,
  });

const deep = (open: string, close: string, times: number) => `${open.repeat(times)}${close.repeat(times)}`;

describe("malformed, deep and endless bodies (CVE-2024-58259, CVE-2025-23388, CVE-2025-59538, CVE-2025-55191)", () => {
  test.each([
    ["100,000 brackets", deep("[", "]", 100_000)],
    ["100,000 brackets that never close", "[".repeat(100_000)],
    ["100,000 objects", `${'{"name":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["100,000 objects in a field", `{"name":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}}`],
    ["100,000 keys", `{${Array.from({ length: 100_000 }, (_, index) => `"k${index}":1`).join(",")}}`],
    ["no JSON", "{name: x}"],
    ["half a character", '{"name":"\\ud800"}'],
    ["a zero byte", '{"name":"a\\u0000b"}'],
    ["a number without an end", `{"name":1${"0".repeat(100_000)}}`],
    ["nothing", ""],
    ["null", "null"],
    [
      "keys of every object",
      '{"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"name":"x"}',
    ],
  ])("%s", async (_what, body) => {
    const response = await post("/api/projects", body);
    expect([400, 413, 422]).toContain(response.status);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test.each([
    ["100,000 brackets", deep("[", "]", 100_000)],
    ["100,000 levels of blanks", Array.from({ length: 1000 }, (_, at) => `${" ".repeat(at)}a:`).join("\n")],
    [
      "aliases of aliases",
      [
        "a: &a [x,x,x,x,x,x,x,x,x]",
        ..."bcdefghij"
          .split("")
          .map(
            (name, at) =>
              `${name}: &${name} [${Array.from({ length: 9 }, () => `*${"abcdefghij"[at]}`).join(",")}]`,
          ),
      ].join("\n"),
    ],
    ["an alias of itself", "a: &a\n  b: *a\nkind: ConfigMap\n"],
    ["a tag that makes objects", "kind: !!js/function 'function(){}'\n"],
    ["two documents", "kind: A\n---\nkind: B\n"],
    ["a zero byte", "kind: \u0000\n"],
  ])("as YAML: %s", async (_what, yaml) => {
    const began = performance.now();
    const response = await post("/api/text/check", JSON.stringify({ yaml, project: "default" }));
    expect([200, 400, 422]).toContain(response.status);
    expect(((await response.json()) as { ok?: boolean }).ok ?? false).toBe(false);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect(performance.now() - began).toBeLessThan(5000);
  });

  test("as YAML: keys of every object are keys like others", async () => {
    const yaml = "__proto__:\n  admin: true\nkind: ConfigMap\napiVersion: v1\nmetadata:\n  name: x\n";
    const response = await post("/api/text/check", JSON.stringify({ yaml, project: "default" }));
    expect(response.status).toBe(200);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
  });

  test("and nothing of it was more than a refusal", async () => {
    expect(cut.logs.filter((line) => line.includes("unexpected failure"))).toEqual([]);
    expect((await operator.ask("listProjects")).status).toBe(200);
  });
});

describe("floods of frames, headers and protocols (CVE-2026-48779, CVE-2024-37890, CVE-2021-32640)", () => {
  const upgrade = (lines: string) =>
    `GET /api/live HTTP/1.1\r\nHost: ${new URL(cut.url).host}\r\nCookie: ${operator.cookie}\r\nOrigin: ${cut.url}\r\n` +
    "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" +
    `${lines}\r\n`;

  test.each<[string, string]>([
    ["more headers than count", Array.from({ length: 3000 }, (_, at) => `a${at}:\r\n`).join("")],
    ["a protocol of blanks", `Sec-WebSocket-Protocol: a${" ".repeat(14_000)}b\r\n`],
    ["5,000 protocols", `Sec-WebSocket-Protocol: ${Array.from({ length: 5000 }, () => "a").join(",")}\r\n`],
    ["the same protocol twice", "Sec-WebSocket-Protocol: kubev.live.v1, kubev.live.v1\r\n"],
    ["a key that is none", "Sec-WebSocket-Protocol: kubev.live.v1\r\nSec-WebSocket-Key: x\r\n"],
  ])("an upgrade with %s is refused at once", async (_what, lines) => {
    const began = performance.now();
    const { status } = await sendRaw(cut.url, upgrade(lines));
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
    expect(performance.now() - began).toBeLessThan(1000);
  });

  /** A live socket as bytes, after its upgrade. */
  async function rawLive() {
    const { hostname, port } = new URL(cut.url);
    const socket = connect(Number(port), hostname);
    let received = Buffer.alloc(0);
    socket.on("data", (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
    });
    socket.on("error", () => {});
    socket.write(
      upgrade(
        `Sec-WebSocket-Protocol: kubev.live.v1\r\nSec-WebSocket-Extensions: permessage-deflate; a;${" ".repeat(12_000)}b=\r\n`,
      ),
    );
    await until(() => received.includes("hello"));
    expect(received.toString("latin1")).not.toMatch(/Sec-WebSocket-Extensions/i);
    return { socket, received: () => received };
  }

  const frame = (first: number, payload: string) =>
    Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), Buffer.from(payload)]);

  test.each<[string, Buffer[]]>([
    [
      "a message of 100,000 empty parts",
      [frame(0x01, "x"), Buffer.concat(Array.from({ length: 100_000 }, () => frame(0x00, "")))],
    ],
    [
      "a message of 50,000 parts of a byte",
      [frame(0x01, "x"), Buffer.concat(Array.from({ length: 50_000 }, () => frame(0x00, "x")))],
    ],
    ["100,000 pings", [Buffer.concat(Array.from({ length: 100_000 }, () => frame(0x89, "ping")))]],
    [
      "20,000 messages that are none",
      [Buffer.concat(Array.from({ length: 20_000 }, () => frame(0x81, "{")))],
    ],
    [
      "a length of eight exabytes",
      [Buffer.from([0x81, 0xff, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0])],
    ],
    [
      "a ping of a hundred kilobytes",
      [
        Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 1, 0x86, 0xa0, 0, 0, 0, 0]),
        Buffer.from('{"type":"ping"}'.padEnd(100_000)),
      ],
    ],
    ["a frame that is not masked", [Buffer.from([0x81, 0x01, 0x61])]],
    ["bits that mean nothing", [frame(0xf1, "x")]],
  ])("%s keeps nobody else waiting", async (what, parts) => {
    const { socket } = await rawLive();
    const closed = new Promise((resolve) => socket.once("close", resolve));
    for (const part of parts) socket.write(part);
    const began = performance.now();
    expect((await operator.ask("listProjects")).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(3000);
    // what is no message of the protocol ends the socket; pings may come as long as somebody sends them
    if (what.endsWith("pings")) socket.destroy();
    await closed;
    await until(() => cut.app.services.inventory.ready);
  });

  test("an honest socket works before and after", async () => {
    const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
      headers: { cookie: operator.cookie, origin: cut.url },
    });
    const [first] = (await once(socket, "message")) as [Buffer];
    expect(first.toString("utf8")).toContain("hello");
    socket.terminate();
  });
});

test("a third party that is asked for figures hears of nobody (CVE-2025-54468)", async () => {
  await operator.ask("getTopMachines");
  await operator.ask("getHostHeat");
  await until(() => toldPrometheus.length > 0);
  for (const [path, headers] of toldPrometheus) {
    const names = headers.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
    expect(names.toSorted()).toEqual(["accept", "connection", "content-length", "content-type", "host"]);
    expect(`${path} ${headers.join(" ")}`).not.toMatch(/operator|kubev/);
  }
});
