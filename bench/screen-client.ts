/** A screen as a browser opens it, read as bytes: whoever counts them must cost less than what is measured. */
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { Agent, request } from "undici";

/** A connection for each ticket: a kept one may have been closed by the server right before, and a ticket is not asked for twice. */
const dispatcher = new Agent({ pipelining: 0 });

/** A way to a screen. */
export interface ScreenPath {
  name: string;
  port: number;
  path: string;
  /** Present where TLS is spoken. */
  caPem?: string;
  headers: Readonly<Record<string, string>>;
}

/** Takes a ticket for a machine's screen. */
export async function ticketed(
  url: string,
  cookie: string,
  machine: { project: string; name: string },
): Promise<ScreenPath> {
  const answer = await request(`${url}/api/projects/${machine.project}/vms/${machine.name}/console-tickets`, {
    dispatcher,
    method: "POST",
    headers: { cookie, origin: url, "content-type": "application/json" },
    body: JSON.stringify({ kind: "vnc", takeOver: true }),
  });
  const text = await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`A ticket was refused: ${answer.statusCode} ${text}`);
  const { path, protocols } = JSON.parse(text) as { path: string; protocols: string[] }; // the contract's ticket
  return {
    name: "console",
    port: Number(new URL(url).port),
    path,
    headers: { cookie, origin: url, "sec-websocket-protocol": protocols.join(", ") },
  };
}

/** A frame as a browser sends it; at most 125 bytes of payload. */
function maskedFrame(payload: Buffer): Buffer {
  const mask = randomBytes(4);
  return Buffer.concat([
    Buffer.from([0x82, 0x80 | payload.length]),
    mask,
    payload.map((byte, at) => byte ^ (mask[at % mask.length] ?? 0)),
  ]);
}

/** Opens a screen and tells it what to do; nothing else came from it yet. */
export async function openScreen(way: ScreenPath, deed: string): Promise<Socket> {
  const at = { host: "127.0.0.1", port: way.port };
  const socket: Socket = way.caPem === undefined ? connect(at) : connectTls({ ...at, ca: way.caPem });
  socket.setNoDelay(true);
  socket.on("error", () => {}); // it is destroyed then, which whoever needs it sees
  await once(socket, way.caPem === undefined ? "connect" : "secureConnect");
  const lines = Object.entries(way.headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.write(
    `GET ${way.path} HTTP/1.1\r\nhost: 127.0.0.1:${way.port}\r\nconnection: Upgrade\r\nupgrade: websocket\r\n` +
      `sec-websocket-version: 13\r\nsec-websocket-key: ${randomBytes(16).toString("base64")}\r\n${lines.join("")}\r\n`,
  );
  const [head] = (await once(socket, "data")) as [Buffer]; // the guest says nothing before it was told to
  if (!head.toString("latin1").startsWith("HTTP/1.1 101 "))
    throw new Error(`${way.name} refused a screen: ${head.toString("latin1")}`);
  socket.write(maskedFrame(Buffer.from(deed)));
  return socket;
}

/** Bytes that came in so long. */
export async function bytesWithin(socket: Socket, ms: number): Promise<number> {
  const before = socket.bytesRead;
  const onData = () => {};
  socket.on("data", onData);
  await new Promise((resolve) => setTimeout(resolve, ms));
  socket.off("data", onData);
  return socket.bytesRead - before;
}

/** One small frame after the other, each sent once the one before was answered. @returns milliseconds of each */
export async function roundTrips(socket: Socket, count: number): Promise<number[]> {
  const frame = maskedFrame(Buffer.alloc(16, 1));
  const times: number[] = [];
  for (let round = 0; round < count; round += 1) {
    const startedAt = performance.now();
    socket.write(frame);
    await once(socket, "data"); // an answer of 18 bytes comes in one piece
    times.push(performance.now() - startedAt);
  }
  return times;
}
