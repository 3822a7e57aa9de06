/**
 * Clients that read one byte a second, of lists, of a live socket and of a screen: each costs the server little, measured kind by
 * kind on a process of its own, until all are let go of and counted with the reason. With `SOAK=1` alone: other programs' work
 * beside it would be measured, too.
 */
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { KubeSim } from "@kubev/kube-sim/start";
import { startKubeSim } from "@kubev/kube-sim/start";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ByteReader, clientFrame } from "./byte-reader.ts";
import { Person, until } from "./console-under-test.ts";
import type { ServerProcess } from "./server-process.ts";
import { startServerProcess } from "./server-process.ts";

const isSoak = process.env["SOAK"] === "1";
const mib = 1024 ** 2;
const clients = 10;
/**
 * Of lists eight answers of a full page, as text and as bytes; of a live socket the megabyte that may wait, and what a frame takes
 * on its way; a screen's bytes wait where they come from.
 */
const mostEach = { lists: 8 * mib, live: 8 * mib, screens: 3 * mib };
/** Bytes that each client has taken, one a second, when it is looked at what it cost: pictures are long in the making. */
const bytesRead = { lists: 2, live: 2, screens: 5 };
const dataDir = mkdtempSync(join(tmpdir(), "kubev-drips-"));
let sim: KubeSim;
let server: ServerProcess;
let operator: Person;

/** `bytes`: read since the drip began. */
interface Drip {
  bytes: () => number;
  end: () => void;
}

/** A full page of machines whose names begin with this, with so many labels each. */
function seedPage(stem: string, labels: number): void {
  const entries = Array.from({ length: labels }, (_, at) => [`label-${at}`, "x".repeat(63)]);
  sim.seed(
    Array.from({ length: 200 }, (_, at) => ({
      apiVersion: "kubevirt.io/v1",
      kind: "VirtualMachine",
      metadata: { name: `${stem}-${at}`, namespace: "web-shop", labels: Object.fromEntries(entries) },
      spec: { runStrategy: "Halted", template: { spec: { domain: { devices: {} }, volumes: [] } } },
    })),
  );
}

beforeAll(async () => {
  sim = await startKubeSim({ dataDir: null, scenario: "demo", machines: "stand-in" });
  seedPage("dripped", 1);
  server = await startServerProcess({
    KUBECONFIG_FILE: sim.kubeconfigPath,
    DATA_DIR: dataDir,
    SIGN_IN_MODES: "token",
  });
  await until(async () => (await fetch(`${server.url}/readyz`)).ok);
  operator = new Person(server.url);
  const token = sim.users.find(({ name }) => name === "operator")?.token ?? "";
  await operator.call("signInWithToken", { body: { token } });
});
afterAll(async () => {
  await server.stop();
  await sim.close();
  rmSync(dataDir, { recursive: true, force: true });
});

/** As many full pages as a connection may ask for at once. */
async function drippingLists(stem: string): Promise<Drip> {
  const { host, port } = new URL(server.url);
  let bytes = 0;
  const socket = connect({
    host: "127.0.0.1",
    port: Number(port),
    onread: {
      buffer: Buffer.alloc(1),
      callback: (count) => {
        bytes += count;
        return false;
      },
    },
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  const asked = `GET /api/vms?pageSize=200&q=${stem} HTTP/1.1\r\nHost: ${host}\r\nCookie: ${operator.cookie}\r\nAccept-Encoding: identity\r\n\r\n`;
  socket.write(asked.repeat(8));
  const drip = setInterval(() => socket.resume(), 1000);
  socket.on("close", () => clearInterval(drip));
  return { bytes: () => bytes, end: () => socket.destroy() };
}

/** From now on a byte a second. */
function drippingFrom(reader: ByteReader): Drip {
  const from = reader.bytes;
  reader.readOne();
  const drip = setInterval(() => reader.readOne(), 1000);
  reader.socket.on("close", () => clearInterval(drip));
  return { bytes: () => reader.bytes - from, end: () => reader.socket.destroy() };
}

/** As often as one socket may, it asks for full pages. */
async function drippingTab(): Promise<Drip> {
  const reader = await ByteReader.open(server.url, operator, "/api/live", ["kubev.live.v1"]);
  const drip = drippingFrom(reader);
  for (let at = 0; at < 100; at += 1) {
    const query = JSON.stringify({ pageSize: 200 - (at % 10) });
    reader.say(
      clientFrame(
        0x81,
        Buffer.from(`{"type":"subscribe-list","id":"l${at % 40}","list":"vms","query":${query}}`),
      ),
    );
  }
  return drip;
}

/** Asks for whole pictures, again and again. */
async function drippingScreen(project: string, name: string): Promise<Drip> {
  const { path, protocols } = await operator.call("createConsoleTicket", {
    params: { project, name },
    body: { kind: "vnc", takeOver: true },
  });
  const reader = await ByteReader.open(server.url, operator, path, protocols);
  reader.readAll();
  // version, security type, shared
  for (const word of [Buffer.from("RFB 003.008\n"), Buffer.from([1]), Buffer.from([1])])
    reader.say(clientFrame(0x82, word));
  await until(() => reader.bytes > 40);
  // a guest sends no picture while the last one is on its way, whoever asked for more
  const ask = setInterval(
    () => reader.say(clientFrame(0x82, Buffer.from([3, 0, 0, 0, 0, 0, 0x07, 0xd0, 0x07, 0xd0]))),
    20,
  );
  reader.socket.on("close", () => clearInterval(ask));
  return drippingFrom(reader);
}

async function drippingScreens(): Promise<Drip[]> {
  const { rows } = await operator.call("listVms", {
    query: { q: "status:running", pageSize: clients, sort: "name" },
  });
  expect(rows.length).toBe(clients);
  return Promise.all(rows.map(async ({ ref }) => drippingScreen(ref.project ?? "", ref.name)));
}

const kinds: { what: keyof typeof mostEach; counted: string; begin: () => Promise<Drip[]> }[] = [
  {
    what: "lists",
    counted: "answer",
    begin: async () => Promise.all(Array.from({ length: clients }, async () => drippingLists("dripped"))),
  },
  {
    what: "live",
    counted: "live",
    begin: async () => Promise.all(Array.from({ length: clients }, drippingTab)),
  },
  { what: "screens", counted: "console", begin: drippingScreens },
];

async function letGo(kind: string): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  const series = `kubev_clients_let_go_total{kind="${kind}",why="unread"} `;
  return Number(
    text
      .split("\n")
      .find((line) => line.startsWith(series))
      ?.slice(series.length) ?? 0,
  );
}

test.runIf(isSoak)(
  "who reads one byte a second costs a bounded few MiB, of lists, of a live socket and of a screen",
  async () => {
    // what is made only the first time
    for (let round = 0; round < 60; round += 1) await operator.call("listVms", { query: { pageSize: 200 } });
    const open: Drip[] = [];
    const each = { lists: 0, live: 0, screens: 0 };
    for (const { what, begin } of kinds) {
      const before = server.memory().residentBytes;
      let most = before;
      const drips = await begin();
      open.push(...drips);
      await until(() => {
        most = Math.max(most, server.memory().residentBytes);
        return drips.every(({ bytes }) => bytes() >= bytesRead[what]);
      });
      each[what] = (most - before) / clients;
    }
    process.stdout.write(
      `one byte a second: ${Object.entries(each)
        .map(([what, bytes]) => `${what} ${(bytes / mib).toFixed(2)} MiB each`)
        .join(", ")}\n`,
    );
    for (const { what } of kinds) expect.soft(each[what], what).toBeLessThan(mostEach[what]);
    // what kernels take of an answer waits nowhere in the server: these are larger
    seedPage("labelled", 100);
    const page = async () => (await operator.fetch("GET", "/api/vms?pageSize=200&q=labelled")).text();
    await until(async () => (await page()).length > 1.5 * mib);
    open.push(...(await Promise.all(Array.from({ length: clients }, async () => drippingLists("labelled")))));
    await until(
      async () =>
        (await Promise.all(kinds.map(async ({ counted }) => letGo(counted)))).every(
          (count) => count >= clients,
        ),
      500_000,
    );
    for (const { end } of open) end();
  },
  800_000,
);
