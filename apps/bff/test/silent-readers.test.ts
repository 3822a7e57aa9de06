/**
 * Browsers that went without a word, that do not read, or read a byte now and then, on every kind of socket: let go of with a
 * reason, counted, and their place free again. Time is set forward; sockets are TCP by hand.
 */
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { ByteReader, clientFrame } from "./byte-reader.ts";
import type { ConsoleUnderTest, Person } from "./console-under-test.ts";
import { startConsole, until } from "./console-under-test.ts";
import { closeFrame } from "../src/consoles/frame-follower.ts";
import { type LogWriter, startLogWriter } from "./log-writer.ts";
import { ShiftedClock } from "./shifted-clock.ts";

const clock = new ShiftedClock();
let cut: ConsoleUnderTest;
let alice: Person;
let writer: LogWriter;

beforeAll(async () => {
  cut = await startConsole({ clock });
  alice = await cut.signIn("alice");
  writer = await startLogWriter(cut, alice, "silent-readers");
  for (let line = 0; line < 20; line += 1) await writer.write("a line for whoever reads");
});
afterAll(async () => cut.close());

const kinds = ["live", "vnc", "log"] as const;
type Kind = (typeof kinds)[number];
/** As counted. */
const kindOf: Record<Kind, string> = { live: "live", vnc: "console", log: "log" };

async function doorOf(kind: Kind): Promise<[path: string, protocols: string[]]> {
  if (kind === "live") return ["/api/live", ["kubev.live.v1"]];
  if (kind === "log") {
    const { path, protocols } = await writer.ticketOf(alice);
    return [path, protocols];
  }
  const { rows } = await alice.call("listVms", { query: { q: "status:running", pageSize: 1, sort: "name" } });
  const { path, protocols } = await alice.call("createConsoleTicket", {
    params: { project: rows[0]?.ref.project ?? "", name: rows[0]?.name ?? "" },
    body: { kind: "vnc", takeOver: true },
  });
  return [path, protocols];
}

async function metric(series: string): Promise<number> {
  const text = await (await fetch(`${cut.url}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`${series} `));
  return Number(line?.split(" ")[1] ?? 0);
}
const letGo = async (kind: Kind, why: string) =>
  metric(`kubev_clients_let_go_total{kind="${kindOf[kind]}",why="${why}"}`);

const pingFrame = 0x89;

const noneOpen = async () =>
  (await metric("kubev_live_sockets")) === 0 && (await metric("kubev_console_sockets")) === 0;
const openAll = async () =>
  Promise.all(kinds.map(async (kind) => ByteReader.open(cut.url, alice, ...(await doorOf(kind)))));

test("whoever reads, and answers nothing, is told why and let go of after a minute, on every kind of socket", async () => {
  const readers = await openAll();
  for (const reader of readers) reader.readAll();
  expect(await metric("kubev_live_sockets")).toBe(1);
  expect(await metric("kubev_console_sockets")).toBe(2);
  clock.forward(20_001);
  await until(() => readers.every(({ tail }) => tail.includes(pingFrame)));
  clock.forward(60_000);
  await until(() => readers.every(({ closed }) => closed));
  const word = closeFrame(4408, "The browser did not answer for a minute");
  expect(readers.map(({ tail }) => tail.includes(word))).toEqual([true, true, true]);
  await until(noneOpen);
  for (const kind of kinds) expect(await letGo(kind, "silent")).toBe(1);
});

test("a tab in the background, for which only its browser's network answers, keeps every kind of socket", async () => {
  const sockets = await Promise.all(
    kinds.map(async (kind) => {
      const [path, protocols] = await doorOf(kind);
      const socket = new WebSocket(`${cut.url.replace("http", "ws")}${path}`, protocols, {
        headers: { cookie: alice.cookie, origin: cut.url },
      });
      let pings = 0;
      socket.on("ping", () => (pings += 1));
      await until(() => socket.readyState === WebSocket.OPEN);
      return { socket, pings: () => pings };
    }),
  );
  for (let round = 1; round <= 6; round += 1) {
    clock.forward(50_000);
    await until(() => sockets.every(({ pings }) => pings() >= round));
  }
  expect(sockets.map(({ socket }) => socket.readyState)).toEqual(kinds.map(() => WebSocket.OPEN));
  for (const { socket } of sockets) socket.terminate();
  await until(noneOpen);
});

const askForRows = clientFrame(
  0x81,
  Buffer.from('{"type":"subscribe-list","id":"l","list":"vms","query":{"pageSize":200}}'),
);
const askForPicture = clientFrame(0x82, Buffer.from([3, 0, 0, 0, 0, 0, 0x07, 0xd0, 0x07, 0xd0]));
/** What a page sends by itself; that of a log sends nothing. */
const talks: Partial<Record<Kind, Buffer>> = {
  live: clientFrame(0x81, Buffer.from('{"type":"ping"}')),
  vnc: askForPicture,
};

/** Version, security type, shared: then pictures may be asked for. */
async function greetScreen(reader: ByteReader): Promise<void> {
  reader.readAll();
  for (const word of [Buffer.from("RFB 003.008\n"), Buffer.from([1]), Buffer.from([1])])
    reader.say(clientFrame(0x82, word));
  await until(() => reader.bytes > 40);
  reader.readOne();
}

test("a byte every two seconds is not reading, whatever is said meanwhile, on any kind of socket", async () => {
  const counts = async () =>
    Promise.all(kinds.map(async (kind) => letGo(kind, talks[kind] ? "unread" : "silent")));
  const before = await counts();
  const readers = await openAll();
  const [live, screen] = readers;
  live?.say(askForRows);
  if (screen !== undefined) await greetScreen(screen);
  for (let time = 0; time < 3; time += 1) screen?.say(askForPicture);
  let seconds = 0;
  const over = async () => (await counts()).every((count, at) => count > (before[at] ?? 0));
  await until(async () => {
    seconds += 2;
    clock.forward(2000);
    for (const [at, reader] of readers.entries()) {
      reader.readOne();
      const talk = talks[kinds[at] ?? "log"];
      if (talk !== undefined && seconds % 10 === 0) reader.say(talk);
    }
    return seconds % 10 === 0 && (await over());
  }, 60_000);
  expect(seconds).toBeGreaterThan(180);
  await until(noneOpen);
  for (const { socket } of readers) socket.destroy();
});
