/** Reads from a block device that is served over NBD, as much of the protocol as that takes. Source: NBD's doc/proto.md, simple replies. */
import { connect, type Socket } from "node:net";

const NBD_MAGIC = 0x4e42444d41474943n;
const OPTION_MAGIC = 0x49484156454f5054n;
const REQUEST_MAGIC = 0x25609513;
const REPLY_MAGIC = 0x67446698;
const EXPORT_NAME = 1;
/** Fixed newstyle, and no zeroes after the handshake. */
const FLAGS = 3;
const READ = 0;

/** What arrives, in pieces as long as they are asked for; what nobody asks for stays in the socket. */
class Pieces {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer[] = [];
  #bytes = 0;

  constructor(socket: Socket) {
    this.#chunks = (socket as AsyncIterable<Buffer>)[Symbol.asyncIterator](); // no encoding is set
  }

  /** Exactly that many bytes; fails where the connection ends before. */
  async take(length: number): Promise<Buffer> {
    while (this.#bytes < length) {
      const { done, value } = await this.#chunks.next();
      if (done === true) throw new Error("the NBD server ended the connection");
      this.#rest.push(value);
      this.#bytes += value.length;
    }
    const all = Buffer.concat(this.#rest, this.#bytes);
    this.#rest = [all.subarray(length)];
    this.#bytes -= length;
    return all.subarray(0, length);
  }
}

export class NbdClient {
  readonly #socket: Socket;
  readonly #pieces: Pieces;
  readonly sizeBytes: number;
  #handle = 0n;

  private constructor(socket: Socket, pieces: Pieces, sizeBytes: number) {
    this.#socket = socket;
    this.#pieces = pieces;
    this.sizeBytes = sizeBytes;
  }

  /** Opens the default export behind a Unix socket. */
  static async open(path: string): Promise<NbdClient> {
    const socket = connect(path);
    try {
      await new Promise<void>((resolve, reject) => {
        socket.once("connect", resolve).once("error", reject);
      });
      socket.on("error", () => socket.destroy());
      const pieces = new Pieces(socket);
      const greeting = await pieces.take(18);
      if (greeting.readBigUInt64BE(0) !== NBD_MAGIC || greeting.readBigUInt64BE(8) !== OPTION_MAGIC)
        throw new Error("what answers is no NBD server");
      const flags = greeting.readUInt16BE(16) & FLAGS;
      const hello = Buffer.alloc(20);
      hello.writeUInt32BE(flags, 0);
      hello.writeBigUInt64BE(OPTION_MAGIC, 4);
      hello.writeUInt32BE(EXPORT_NAME, 12);
      socket.write(hello);
      const about = await pieces.take(flags === FLAGS ? 10 : 134);
      return new NbdClient(socket, pieces, Number(about.readBigUInt64BE(0)));
    } catch (error) {
      socket.destroy();
      throw error;
    }
  }

  /** One request after the other; at most 32 MiB each, as servers take. */
  async read(offset: number, length: number): Promise<Buffer> {
    this.#handle += 1n;
    const request = Buffer.alloc(28);
    request.writeUInt32BE(REQUEST_MAGIC, 0);
    request.writeUInt16BE(READ, 6);
    request.writeBigUInt64BE(this.#handle, 8);
    request.writeBigUInt64BE(BigInt(offset), 16);
    request.writeUInt32BE(length, 24);
    this.#socket.write(request);
    const reply = await this.#pieces.take(16);
    if (reply.readUInt32BE(0) !== REPLY_MAGIC || reply.readBigUInt64BE(8) !== this.#handle)
      throw new Error("an answer of NBD is out of step");
    const fault = reply.readUInt32BE(4);
    if (fault !== 0) throw new Error(`NBD could not read: error ${fault}`);
    return this.#pieces.take(length);
  }

  close(): void {
    this.#socket.destroy();
  }
}
