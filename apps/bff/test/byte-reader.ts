/** A browser's socket by hand, over TCP: it reads one byte when told to, or as fast as it comes, and says what it is told to say. */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import type { Person } from "./console-under-test.ts";

/** A frame as a client sends it, up to 125 bytes. The mask is zero. */
export const clientFrame = (first: number, payload: Buffer): Buffer =>
  Buffer.concat([Buffer.from([first, 0x80 | payload.length, 0, 0, 0, 0]), payload]);

export class ByteReader {
  readonly socket: Socket;
  /** What came since the upgrade. */
  bytes = 0;
  /** The last of it. */
  tail = Buffer.alloc(0);
  closed = false;
  #head = "";
  #reads: "head" | "all" | "one" = "head";

  private constructor(url: string) {
    const { hostname, port } = new URL(url);
    this.socket = connect({
      host: hostname,
      port: Number(port),
      onread: { buffer: Buffer.alloc(1), callback: (count, buffer) => this.#take(buffer.subarray(0, count)) },
    });
    this.socket.on("error", () => {});
    this.socket.on("close", () => {
      this.closed = true;
    });
  }

  /** @throws Error where the upgrade is refused */
  static async open(url: string, person: Person, path: string, protocols: string[]): Promise<ByteReader> {
    const reader = new ByteReader(url);
    await once(reader.socket, "connect");
    reader.socket.write(
      [
        `GET ${path} HTTP/1.1`,
        `Host: ${new URL(url).host}`,
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        `Sec-WebSocket-Protocol: ${protocols.join(", ")}`,
        `Origin: ${url}`,
        `Cookie: ${person.cookie}`,
        "\r\n",
      ].join("\r\n"),
    );
    await once(reader.socket, "upgraded");
    if (!reader.#head.startsWith("HTTP/1.1 101")) throw new Error(reader.#head);
    return reader;
  }

  #take(chunk: Uint8Array): boolean {
    if (this.#reads === "head") {
      this.#head += Buffer.from(chunk).toString("latin1");
      if (!this.#head.endsWith("\r\n\r\n")) return true;
      this.#reads = "one";
      this.socket.emit("upgraded");
      return false;
    }
    this.bytes += chunk.length;
    this.tail = Buffer.concat([this.tail, chunk]).subarray(-200);
    return this.#reads === "all";
  }

  /** Takes one byte, if there is one, and stops there. */
  readOne(): void {
    this.#reads = "one";
    this.socket.resume();
  }

  readAll(): void {
    this.#reads = "all";
    this.socket.resume();
  }

  say(frame: Buffer): void {
    if (!this.socket.destroyed) this.socket.write(frame);
  }
}
