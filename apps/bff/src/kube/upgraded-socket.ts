/** A connection to the cluster that becomes a WebSocket, handed out as bytes: TLS, and an upgrade written by hand. */
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { isIP } from "node:net";
import { connect } from "node:tls";
import type { TLSSocket } from "node:tls";
import type { ClusterEndpoint } from "./cluster-endpoint.ts";
import { KubeUnreachableError, kubeErrorFrom } from "./kube-error.ts";
import type { TlsIdentity } from "./tls-identity.ts";

const handshakeMs = 12_000;
/** The words of a refusal come with it: whoever keeps the line open behind one is not waited for. */
const refusalMs = 1000;
const maxHeadBytes = 32 * 1024;
const maxBodyBytes = 64 * 1024;
const websocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

interface Head {
  status: number;
  headers: Map<string, string>;
  rest: Buffer;
}

function parseHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const [statusLine = "", ...lines] = bytes.subarray(0, end).toString("latin1").split("\r\n");
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(statusLine)?.[1] ?? Number.NaN);
  if (Number.isNaN(status))
    throw new KubeUnreachableError("unreachable", "The cluster's answer is no HTTP/1.1");
  const headers = new Map<string, string>();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon > 0) headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
  }
  return { status, headers, rest: bytes.subarray(end + 4) };
}

async function readHead(socket: TLSSocket): Promise<Head> {
  let bytes: Buffer = Buffer.alloc(0);
  for await (const [chunk] of eventsOf(socket)) {
    bytes = Buffer.concat([bytes, chunk]);
    const head = parseHead(bytes);
    if (head !== null) return head;
    if (bytes.length > maxHeadBytes) break;
  }
  throw new KubeUnreachableError("unreachable", "The cluster hung up before it answered");
}

async function* eventsOf(socket: TLSSocket, late?: AbortSignal): AsyncGenerator<[Buffer]> {
  const isLate = () => late?.aborted === true;
  while (!socket.destroyed && !socket.readableEnded && !isLate()) {
    const chunk = socket.read() as Buffer | null; // no encoding is set, so chunks are buffers
    if (chunk !== null) yield [chunk];
    else {
      const done = new AbortController();
      const signal = late === undefined ? done.signal : AbortSignal.any([done.signal, late]);
      try {
        await Promise.race([
          once(socket, "readable", { signal }),
          once(socket, "end", { signal }),
          once(socket, "close", { signal }),
        ]);
      } catch (error) {
        if (!isLate()) throw error;
      } finally {
        done.abort();
      }
    }
  }
}

/** The body of a refusal, until its length, its end, enough, or the end of our patience. */
async function readBody(socket: TLSSocket, head: Head): Promise<string> {
  if (head.status < 200 || head.status === 204 || head.status === 304) return ""; // never with a body
  const length = Number(head.headers.get("content-length") ?? Number.POSITIVE_INFINITY);
  let bytes = head.rest;
  const enough = Math.min(length, maxBodyBytes);
  if (bytes.length < enough)
    for await (const [chunk] of eventsOf(socket, AbortSignal.timeout(refusalMs))) {
      bytes = Buffer.concat([bytes, chunk]);
      if (
        bytes.length >= enough ||
        (head.headers.get("transfer-encoding") === "chunked" && bytes.includes("\r\n0\r\n\r\n"))
      )
        break;
    }
  const text = bytes.subarray(0, maxBodyBytes).toString("utf8");
  if (head.headers.get("transfer-encoding") !== "chunked") return text;
  return text
    .split("\r\n")
    .filter((line) => !/^[0-9a-f]{1,8}$/i.test(line))
    .join("");
}

/** What a server answers to a `Sec-WebSocket-Key` (RFC 6455 §4.2.2). */
export function websocketAccept(key: string): string {
  return createHash("sha1").update(`${key}${websocketGuid}`).digest("base64");
}

/** Whether a 101 is one to the WebSocket that was asked for (RFC 6455 §4.1): without extensions, in a protocol that was offered. */
function fits({ headers }: Head, key: string, offered: string): boolean {
  const selected = headers.get("sec-websocket-protocol");
  return (
    headers.get("upgrade")?.toLowerCase() === "websocket" &&
    headers.get("sec-websocket-accept") === websocketAccept(key) &&
    (headers.get("sec-websocket-extensions") ?? "") === "" &&
    (selected === undefined || offered.split(", ").includes(selected))
  );
}

export interface Upgrade {
  /** With its query. */
  path: string;
  /** The subprotocols that are offered, separated by commas. */
  protocol: string;
  /** Name, value, name, value, …: all there is besides those of the upgrade. */
  headers: readonly string[];
  tls: TlsIdentity;
}

export interface UpgradedSocket {
  /** After its 101, with bytes that already followed put back. */
  socket: TLSSocket;
  /** The subprotocol that the cluster selected, or ''. */
  protocol: string;
}

/**
 * Dials and upgrades.
 * @throws KubeError with the cluster's refusal, KubeUnreachableError when there is no answer
 */
export async function upgradedSocket(
  endpoint: ClusterEndpoint,
  { path, protocol, headers, tls }: Upgrade,
): Promise<UpgradedSocket> {
  const url = new URL(endpoint.origin);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1"); // only URLs write IPv6 in brackets
  const socket = connect({
    ...tls.connection,
    host,
    port: Number(url.port || 443),
    servername: tls.connection.servername ?? (isIP(host) === 0 ? host : ""),
    ALPNProtocols: ["http/1.1"],
  });
  const failed = new Promise<never>((_resolve, reject) => {
    socket.once("error", (error) =>
      reject(
        new KubeUnreachableError("unreachable", `The cluster cannot be reached: ${error.message}`, error),
      ),
    );
  });
  const deadline = setTimeout(() => socket.destroy(new Error("the handshake took too long")), handshakeMs);
  try {
    await Promise.race([once(socket, "secureConnect"), failed]);
    const key = randomBytes(16).toString("base64");
    const lines = [
      `GET ${endpoint.basePath}${path} HTTP/1.1`,
      `Host: ${url.host}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      `Sec-WebSocket-Key: ${key}`,
      `Sec-WebSocket-Protocol: ${protocol}`,
    ];
    for (let i = 0; i + 1 < headers.length; i += 2)
      lines.push(`${headers[i] ?? ""}: ${headers[i + 1] ?? ""}`);
    socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    const head = await Promise.race([readHead(socket), failed]);
    if (head.status !== 101) {
      const body = await Promise.race([readBody(socket, head), failed]);
      throw kubeErrorFrom(head.status, body, head.headers.get("retry-after"));
    }
    if (!fits(head, key, protocol))
      throw new KubeUnreachableError("unreachable", "The cluster's upgrade answer does not fit the question");
    if (head.rest.length > 0) socket.unshift(head.rest);
    socket.removeAllListeners("error");
    socket.setNoDelay(true);
    return { socket, protocol: head.headers.get("sec-websocket-protocol") ?? "" };
  } catch (error) {
    socket.on("error", () => {}); // it is being thrown away; the first cause is reported
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(deadline);
    failed.catch(() => {}); // raced above; a late error of the socket is nobody's then
  }
}
