/**
 * A machine's screen as the cluster serves it, as cheap as it can be made: frames that were built beforehand. It does what the
 * first frame of its client says: `stream BYTES PACKED` sends frames of so many bytes for ever, each in a TLS record of its
 * own or (PACKED = 1) as many as fit; `echo` answers each further frame with one of its size; `blink` sends 1 kB a second.
 */
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { TLSSocket } from "node:tls";

const websocketGuid = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
const blockBytes = 64 * 1024;
const blinkMs = 1000;
const maskedHeaderBytes = 6;

/** A frame with the header that it has from a server; at most 65,535 bytes of payload. */
function frameOf(payloadBytes: number): Buffer {
  const header =
    payloadBytes < 126 ? [0x82, payloadBytes] : [0x82, 126, payloadBytes >> 8, payloadBytes & 255];
  return Buffer.concat([Buffer.from(header), Buffer.alloc(payloadBytes, 0x5a)]);
}

function stream(socket: TLSSocket, payloadBytes: number, packed: boolean): void {
  const frame = frameOf(payloadBytes);
  if (!packed) socket.setMaxSendFragment(frame.length);
  const block = Buffer.concat(
    Array.from({ length: Math.max(1, Math.floor(blockBytes / frame.length)) }, () => frame),
  );
  const more = () => {
    while (!socket.destroyed && socket.write(block));
  };
  socket.on("drain", more);
  more();
}

/** Clients of the bench send short masked frames, one at a time. */
function payloadOf(frame: Buffer): string {
  const mask = frame.subarray(2, maskedHeaderBytes);
  return Buffer.from(
    frame.subarray(maskedHeaderBytes).map((byte, at) => byte ^ (mask[at % mask.length] ?? 0)),
  ).toString("latin1");
}

export function serveScreen(request: IncomingMessage, socket: TLSSocket): void {
  const key = request.headers["sec-websocket-key"] ?? "";
  socket.on("error", () => socket.destroy());
  socket.setNoDelay(true);
  socket.write(
    [
      "HTTP/1.1 101 Switching Protocols",
      "Upgrade: websocket",
      "Connection: Upgrade",
      `Sec-WebSocket-Accept: ${createHash("sha1").update(`${key}${websocketGuid}`).digest("base64")}`,
      "Sec-WebSocket-Protocol: plain.kubevirt.io",
      "\r\n",
    ].join("\r\n"),
  );
  socket.once("data", (first: Buffer) => {
    const [deed, bytes, packed] = payloadOf(first).split(" ");
    if (deed === "stream") stream(socket, Number(bytes), packed === "1");
    else if (deed === "blink") {
      const frame = frameOf(1024);
      const timer = setInterval(() => socket.write(frame), blinkMs);
      socket.once("close", () => clearInterval(timer));
    } else
      socket.on("data", (frame: Buffer) => {
        const opcode = (frame[0] ?? 0) & 15;
        if (opcode === 2) socket.write(frameOf(frame.length - maskedHeaderBytes));
      });
  });
}
