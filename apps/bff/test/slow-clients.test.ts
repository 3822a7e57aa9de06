/**
 * Clients that read nothing, or send drop by drop, cost the server little and keep nobody else waiting. Measured on the server
 * as a process of its own; `SOAK=1` waits until it has let go of all of them, and of those who read a byte a second.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { Person, until } from "./console-under-test.ts";
import type { ServerProcess } from "./server-process.ts";
import { startServerProcess } from "./server-process.ts";

const isSoak = process.env["SOAK"] === "1";
const mib = 1024 ** 2;
const dataDir = mkdtempSync(join(tmpdir(), "kubev-slow-"));
let sim: KubeSim;
let server: ServerProcess;
let alice: Person;
let operator: Person;

async function signIn(name: string): Promise<Person> {
  const person = new Person(server.url);
  const token = sim.users.find((user) => user.name === name)?.token ?? "";
  await person.call("signInWithToken", { body: { token } });
  return person;
}

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  server = await startServerProcess({
    KUBECONFIG_FILE: sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
  });
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  alice = await signIn("alice");
  operator = await signIn("operator");
});
afterAll(async () => {
  await server.stop();
  await sim.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** Milliseconds within which 95 of 100 answers come. */
async function p95(): Promise<number> {
  const took: number[] = [];
  for (let round = 0; round < 100; round += 1) {
    const askedMs = performance.now();
    await operator.call("listVms", { query: { pageSize: 20 } });
    took.push(performance.now() - askedMs);
  }
  return took.toSorted((a, b) => a - b)[94] ?? 0;
}

/** A connection that sends `text` and reads nothing of what comes. */
async function mute(text: string): Promise<Socket> {
  const { port } = new URL(server.url);
  const socket = connect(Number(port), "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.pause();
  socket.write(text);
  return socket;
}

const head = (lines: readonly string[]) => `${lines.join("\r\n")}\r\n\r\n`;
const host = () => new URL(server.url).host;

/** A connection that reads one byte a second of what comes. */
async function dripping(text: string): Promise<Socket> {
  const { port } = new URL(server.url);
  const socket = connect({
    host: "127.0.0.1",
    port: Number(port),
    onread: { buffer: Buffer.alloc(1), callback: () => false },
  });
  const drip = setInterval(() => socket.resume(), 1000);
  socket.on("close", () => clearInterval(drip));
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(text);
  return socket;
}

/** Large pages, one asked for behind the other on one connection. */
const lists = (count: number) =>
  head([
    "GET /api/vms?pageSize=200 HTTP/1.1",
    `Host: ${host()}`,
    `Cookie: ${alice.cookie}`,
    "Accept-Encoding: identity",
  ]).repeat(count);

const halfHead = () => `GET /api/vms HTTP/1.1\r\nHost: ${host()}\r\nX-Slow: `;

const halfBody = () =>
  `${head([
    "POST /api/vm-actions HTTP/1.1",
    `Host: ${host()}`,
    `Origin: ${server.url}`,
    `Cookie: ${alice.cookie}`,
    "Content-Type: application/json",
    "Content-Length: 1000",
  ])}{`;

async function muteTab(): Promise<WebSocket> {
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/api/live`, ["kubev.live.v1"], {
    headers: { cookie: alice.cookie, origin: server.url },
  });
  socket.on("error", () => {});
  await once(socket, "open");
  socket.pause();
  for (let index = 0; index < 90; index += 1)
    socket.send(
      `{"type":"subscribe-list","id":"l${index % 40}","list":"vms","query":{"pageSize":${200 - index}}}`,
    );
  return socket;
}

/** A screen that is asked for whole pictures again and again, and not looked at. */
async function muteScreen(): Promise<WebSocket> {
  const running = await alice.call("listVms", { query: { q: "status:running", pageSize: 1, sort: "name" } });
  const vm = running.rows[0];
  const { path, protocols } = await alice.call("createConsoleTicket", {
    params: { project: vm?.ref.project ?? "", name: vm?.name ?? "" },
    body: { kind: "vnc", takeOver: true },
  });
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`, protocols, {
    headers: { cookie: alice.cookie, origin: server.url },
  });
  socket.on("error", () => {});
  const next = async () => ((await once(socket, "message")) as [Buffer])[0]; // nodebuffer mode
  await next(); // RFB 003.008
  socket.send(Buffer.from("RFB 003.008\n"));
  await next(); // security types
  socket.send(Buffer.from([1]));
  await next(); // accepted
  socket.send(Buffer.from([1]));
  await next(); // the screen's size and name
  socket.pause();
  for (let index = 0; index < 2000; index += 1)
    socket.send(Buffer.from([3, 0, 0, 0, 0, 0, 0x07, 0xd0, 0x07, 0xd0]));
  return socket;
}

const metric = async (name: string): Promise<number> => {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(new RegExp(`^${name} (\\d+)`, "m").exec(text)?.[1]);
};

test(
  "who reads nothing, or sends drop by drop, costs little and slows nobody down",
  async () => {
    await p95(); // what is only slow the first time
    const before = await p95();
    const residentBefore = server.memory().residentBytes;
    const plain = await Promise.all([
      ...Array.from({ length: 20 }, async () => mute(lists(8))),
      ...Array.from({ length: 100 }, async () => mute(halfHead())),
      ...Array.from({ length: 20 }, async () => mute(halfBody())),
      ...Array.from({ length: 20 }, async () => mute(lists(300))),
    ]);
    const tabs = await Promise.all(Array.from({ length: 10 }, muteTab));
    const screen = await muteScreen();
    await until(async () => (await metric("kubev_live_sockets")) === 10);
    // the quieter of two: other tests work beside this one
    const during = Math.min(await p95(), await p95());
    const grown = server.memory().residentBytes - residentBefore;
    process.stdout.write(
      `slow clients: p95 of others ${before.toFixed(1)} ms, then ${during.toFixed(1)} ms; the server grew by ${(grown / mib).toFixed(0)} MiB\n`,
    );
    expect(grown).toBeLessThan(300 * mib);
    expect(await metric("kubev_live_buffered_bytes")).toBeLessThan(10 * 2 * mib);
    // twice, and what a busy machine adds by itself
    expect(during).toBeLessThan(2 * before + 15);
    if (isSoak) {
      const drips = await Promise.all(Array.from({ length: 20 }, async () => dripping(lists(300))));
      // what is sent to them shows that they are gone
      const asked = [...plain.slice(20), ...drips];
      await until(() => {
        for (const socket of asked) if (!socket.destroyed) socket.write("x");
        return asked.every(({ destroyed }) => destroyed);
      }, 300_000);
      await until(async () => (await metric("kubev_console_sockets")) === 0, 300_000);
      await until(async () => (await metric("kubev_live_sockets")) === 0, 300_000);
    }
    for (const socket of plain) socket.destroy();
    for (const socket of [...tabs, screen]) socket.terminate();
  },
  isSoak ? 600_000 : 60_000,
);
