/** An answer that nobody reads ends with its connection; one that is read slowly, or takes long to make, does not. */
import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import Fastify, { type FastifyInstance } from "fastify";
import { afterEach, expect, test } from "vitest";
import { endStalledAnswers } from "../src/http/stalled-answers.ts";
import { until } from "./console-under-test.ts";

const afterMs = 700;
const large = Buffer.alloc(10 * 1024 * 1024, "x");
let server: FastifyInstance;
let open = 0;
let letGo: string[] = [];

async function start(): Promise<number> {
  open = 0;
  server = Fastify({ forceCloseConnections: true });
  letGo = [];
  endStalledAnswers(server, (kind, why) => letGo.push(`${kind} ${why}`), afterMs);
  server.get("/large", async (_request, reply) => reply.type("text/plain").send(large));
  server.get("/slow", async () => {
    await new Promise((resolve) => setTimeout(resolve, 2 * afterMs));
    return "made at last";
  });
  server.server.on("connection", (socket) => {
    open += 1;
    socket.once("close", () => (open -= 1));
  });
  await server.listen({ port: 0, host: "127.0.0.1" });
  return (server.server.address() as AddressInfo).port; // it listens on TCP
}
afterEach(async () => server.close());

async function ask(port: number, path: string) {
  const socket = connect(port, "127.0.0.1");
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  return socket;
}

test("who reads nothing is let go", async () => {
  const port = await start();
  const socket = await ask(port, "/large");
  socket.pause();
  await until(() => open === 1);
  await until(() => open === 0, 10 * afterMs);
  expect(open).toBe(0);
  socket.destroy();
});

test("who reads a byte now and then is let go as well, and counted", async () => {
  const port = await start();
  const socket = connect({
    host: "127.0.0.1",
    port,
    onread: { buffer: Buffer.alloc(1), callback: () => false },
  });
  socket.on("error", () => {});
  await once(socket, "connect");
  socket.write("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  await until(() => open === 1);
  await until(() => {
    socket.resume();
    return open === 0;
  }, 10 * afterMs);
  expect(letGo).toEqual(["answer unread"]);
  socket.destroy();
});

test("who reads now and then gets all of it", async () => {
  const port = await start();
  const socket = await ask(port, "/large");
  let taken = 0;
  socket.on("data", (chunk: Buffer) => {
    taken += chunk.length;
    socket.pause();
    // far longer in all than the limit for taking nothing
    setTimeout(() => socket.resume(), chunk.length > 60_000 ? 12 : 1);
  });
  await once(socket, "close");
  expect(taken).toBeGreaterThan(large.length);
});

test("who waits long for an answer that is still made is not let go", async () => {
  const port = await start();
  const socket = await ask(port, "/slow");
  const [chunk] = (await once(socket, "data")) as [Buffer]; // no encoding is set
  expect(chunk.toString()).toContain("made at last");
});
