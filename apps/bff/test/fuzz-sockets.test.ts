/**
 * Live and console sockets with messages made of their schema, nearly so and not at all, and with frames that no browser sends: each is
 * answered or closed with a code, and everybody else goes on. `SOAK=1` sends a hundred thousand messages.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { liveClientMessage } from "@kubev/api-types/live";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { z } from "zod";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { LiveTab } from "./live-tab.ts";
import { type LogWriter, project as podProject, startLogWriter } from "./log-writer.ts";
import { deep, type JsonSchema, jsonOf, pick, type ValueSource, valueOf } from "./schema-values.ts";
import { seededRandom } from "./stepped-clock.ts";
import { watchRejections } from "./unhandled-rejections.ts";

const isSoak = process.env["SOAK"] === "1";
const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_123);
const messages = isSoak ? 100_000 : 400;

let cut: ConsoleUnderTest;
let operator: Person;
/** A pod with a log and a shell. */
let writer: LogWriter;
const rejections = watchRejections();

beforeAll(async () => {
  cut = await startConsole();
  operator = await cut.signIn("operator");
  writer = await startLogWriter(cut, operator, "noisy");
});
afterAll(async () => {
  rejections.stop();
  await cut.close();
});

const schema = z.toJSONSchema(liveClientMessage, { io: "input", unrepresentable: "any" }) as JsonSchema; // of the same vocabulary
const words = ["web-shop", "shop-db-1", "vms", "a", "b", "name", "-createdAt", "status:running", "default"];

function messageOf(random: () => number): string {
  const source: ValueSource = { random, words, wrongness: pick(random, [0, 0, 0.05, 0.5]) };
  if (random() < 0.002) return "[".repeat(8000);
  const text = jsonOf(random() < 0.002 ? deep(1000) : valueOf(schema, schema, source));
  return random() < source.wrongness / 10 ? text.slice(0, Math.floor(random() * text.length)) : text;
}

async function openLive(): Promise<WebSocket> {
  const socket = new WebSocket(`${cut.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: operator.cookie, origin: cut.url },
  });
  socket.on("error", () => {});
  await once(socket, "open");
  return socket;
}

test(
  `${messages} live messages (seed ${seed}) are answered, or end their own socket with a code`,
  async () => {
    const random = seededRandom(seed);
    const bystander = await new LiveTab(operator).follow("vms", "");
    const codes = new Set<number>();
    let sent = 0;
    while (sent < messages) {
      const socket = await openLive();
      const over = { code: 0 };
      let pongs = 0;
      socket.on("close", (why: number) => (over.code = why));
      socket.on("message", (data: Buffer) => {
        if (data.includes('"type":"pong"')) pongs += 1;
      });
      for (let batch = 0; batch < 100 && over.code === 0; batch += 1) {
        for (let index = 0; index < 10; index += 1) {
          socket.send(messageOf(random));
          sent += 1;
        }
        const before = pongs;
        socket.send('{"type":"ping"}');
        await until(() => pongs > before || over.code !== 0);
      }
      if (over.code !== 0) codes.add(over.code);
      socket.terminate();
    }
    expect([...codes].filter((code) => code !== 1008 && code !== 1009)).toEqual([]);
    expect(bystander.closeCode).toBe(0);
    await until(() => {
      bystander.socket.send('{"type":"ping"}');
      return bystander.messages.some(({ type }) => type === "pong");
    });
    bystander.socket.close();
    expect(cut.logs.filter((line) => /could not be computed|unexpected|upgrade failed/.test(line))).toEqual(
      [],
    );
    expect(rejections.seen).toEqual([]);
  },
  isSoak ? 1_800_000 : 60_000,
);

/** The upgrade by hand, for frames that no client library sends. */
async function upgraded(path: string, protocols: string): Promise<Socket> {
  const { port } = new URL(cut.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(
    [
      `GET ${path} HTTP/1.1`,
      `Host: 127.0.0.1:${port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
      `Sec-WebSocket-Protocol: ${protocols}`,
      `Origin: ${cut.url}`,
      `Cookie: ${operator.cookie}`,
      "\r\n",
    ].join("\r\n"),
  );
  const [head] = (await once(socket, "data")) as [Buffer]; // no encoding is set
  expect(head.toString("latin1")).toContain("HTTP/1.1 101");
  return socket;
}

const frame = (first: number, payload: Buffer, masked = true): Buffer => {
  const mask = masked ? 0x80 : 0;
  const header =
    payload.length < 126
      ? [first, mask | payload.length]
      : [first, mask | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from(header), ...(masked ? [Buffer.alloc(4)] : []), payload]);
};

const ping = Buffer.from('{"type":"ping"}');

/** Resolves with what was said until the end, however it came: who sends on after it is over may lose the last words. */
async function untilOver(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  await new Promise<void>((resolve) => socket.once("close", () => resolve()));
  return Buffer.concat(chunks);
}

test.each<[string, () => Buffer[]]>([
  ["a frame without a mask", () => [frame(0x81, ping, false)]],
  ["a frame of a reserved kind", () => [frame(0x83, ping)]],
  ["reserved bits", () => [frame(0xf1, ping)]],
  ["a continuation of nothing", () => [frame(0x80, ping)]],
  ["a new message within another", () => [frame(0x01, ping), frame(0x81, ping)]],
  ["a ping longer than a ping", () => [frame(0x89, Buffer.alloc(200))]],
  ["text that is no UTF-8", () => [frame(0x81, Buffer.from([0xff, 0xfe, 0xfd]))]],
  ["a binary message", () => [frame(0x82, ping)]],
  [
    "a length of 2^63",
    () => [Buffer.from([0x81, 0xff, ...Array.from({ length: 8 }, () => 0xff), 0, 0, 0, 0])],
  ],
  ["a close frame of one byte", () => [frame(0x88, Buffer.from([3]))]],
])("%s ends the live socket that sent it, with a code", async (_what, frames) => {
  const socket = await upgraded("/api/live", "kubev.live.v1");
  const over = untilOver(socket);
  for (const one of frames()) socket.write(one);
  const said = await over;
  const close = said.indexOf(0x88);
  expect(close).toBeGreaterThanOrEqual(0);
  expect([1002, 1003, 1007, 1008, 1009]).toContain(said.readUInt16BE(close + 2));
});

const fragments = (count: number, payload: string) => [
  frame(0x01, Buffer.from(payload)),
  Buffer.concat(Array.from({ length: count }, () => frame(0x00, Buffer.from(payload)))),
];

test.each<[string, () => Buffer[]]>([
  ["fragments of nothing", () => fragments(100_000, "")],
  ["fragments without an end", () => fragments(100_000, " ")],
  [
    "10 MB",
    () => [Buffer.from([0x81, 0xff, 0, 0, 0, 0, 0, 0x98, 0x96, 0x80, 0, 0, 0, 0]), Buffer.alloc(10_000_000)],
  ],
])("a message of %s ends the live socket that sent it", async (_what, frames) => {
  const socket = await upgraded("/api/live", "kubev.live.v1");
  const over = untilOver(socket);
  for (const one of frames()) socket.write(one);
  await over;
  expect((await operator.ask("getSession")).status).toBe(200);
});

test("a message in ten thousand fragments is a message", async () => {
  const socket = await upgraded("/api/live", "kubev.live.v1");
  const answered = new Promise<Buffer>((resolve) => {
    socket.on("data", (chunk: Buffer) => {
      if (chunk.includes("pong")) resolve(chunk);
    });
  });
  for (const one of fragments(10_000, " ")) socket.write(one);
  socket.write(frame(0x80, ping));
  expect((await answered).toString("latin1")).toContain('"type":"pong"');
  socket.destroy();
});

const consoles = ["serial", "vnc", "log", "shell"] as const;
type ConsoleKind = (typeof consoles)[number];

async function ticketOf(kind: ConsoleKind): Promise<{ path: string; protocols: string[] }> {
  const pod = { project: podProject, name: writer.name };
  if (kind === "log") return writer.ticketOf(operator);
  if (kind === "shell")
    return operator.call("createPodShellTicket", { params: pod, body: { container: "web", command: "sh" } });
  const running = await operator.call("listVms", {
    query: { q: "status:running", pageSize: 1, sort: "name" },
  });
  const vm = running.rows[0];
  return operator.call("createConsoleTicket", {
    params: { project: vm?.ref.project ?? "", name: vm?.name ?? "" },
    body: { kind, takeOver: true },
  });
}

async function openConsole(kind: ConsoleKind): Promise<Socket> {
  const { path, protocols } = await ticketOf(kind);
  return upgraded(path, protocols.join(", "));
}

/** What a browser says first there; a shell's bytes begin with their channel. */
const firstWords: Record<ConsoleKind, Buffer> = {
  serial: Buffer.from("\r"),
  vnc: Buffer.from("RFB 003.008\n"),
  log: Buffer.from("?"),
  shell: Buffer.from("\u0000\r"),
};

test.each(consoles)("noise on %s, cut anywhere, harms no other console", async (kind) => {
  const random = seededRandom(seed);
  const rounds = isSoak ? 500 : 6;
  for (let round = 0; round < rounds; round += 1) {
    const socket = await openConsole(kind);
    const over = untilOver(socket);
    const begin = frame(0x82, firstWords[kind]);
    const noise = Buffer.concat([
      begin,
      ...Array.from({ length: 20 }, () => {
        const bytes = Buffer.from(
          Array.from({ length: Math.floor(random() * 200) }, () => Math.floor(random() * 256)),
        );
        return random() < 0.8 ? frame(0x82, bytes) : bytes;
      }),
    ]);
    for (let at = 0; at < noise.length && !socket.destroyed; ) {
      const step = 1 + Math.floor(random() * 300);
      socket.write(noise.subarray(at, at + step));
      at += step;
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.destroy();
    await over;
  }
  const good = await openConsole(kind);
  // a log speaks by itself, and ends with whoever talks to it
  if (kind !== "log") good.write(frame(0x82, firstWords[kind]));
  const [answer] = (await once(good, "data")) as [Buffer]; // no encoding is set
  expect(answer.length).toBeGreaterThan(0);
  good.destroy();
  await until(async () => /kubev_console_sockets 0/.test(await (await fetch(`${cut.url}/metrics`)).text()));
  expect(rejections.seen).toEqual([]);
});
