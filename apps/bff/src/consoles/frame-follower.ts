/**
 * Follows WebSocket frame headers in a byte stream without touching it, so that whoever splices two sockets knows where one
 * frame ends and may put a frame of his own there. RFC 6455 §5.2. Payloads are never read.
 */

const maxHeaderBytes = 14;

export class FrameFollower {
  /** Payload bytes of the current frame still to come. */
  #payloadLeft = 0;
  #header = Buffer.alloc(maxHeaderBytes);
  #headerBytes = 0;
  /** Set once a close frame went by. */
  sawClose = false;
  /** How many answers to pings went by. */
  pongs = 0;

  /** True between two frames: the only place where another frame may be put. */
  get atBoundary(): boolean {
    return this.#payloadLeft === 0 && this.#headerBytes === 0;
  }

  /** Takes the next bytes of the stream, however they were cut. */
  push(chunk: Buffer): void {
    this.#advance(chunk, false);
  }

  /**
   * Takes bytes only up to the end of the current frame.
   * @returns how many bytes of `chunk` belong to it
   */
  pushToBoundary(chunk: Buffer): number {
    return this.#advance(chunk, true);
  }

  #advance(chunk: Buffer, stopAtBoundary: boolean): number {
    let at = 0;
    while (at < chunk.length) {
      if (stopAtBoundary && this.atBoundary) return at;
      if (this.#payloadLeft > 0) {
        const step = Math.min(this.#payloadLeft, chunk.length - at);
        this.#payloadLeft -= step;
        at += step;
        continue;
      }
      // most headers lie whole in what came
      const headerBytes = this.#headerBytes === 0 ? this.#readHeader(chunk, at, chunk.length) : 0;
      if (headerBytes > 0) {
        at += headerBytes;
        continue;
      }
      this.#header[this.#headerBytes] = chunk[at] ?? 0;
      this.#headerBytes += 1;
      at += 1;
      if (this.#readHeader(this.#header, 0, this.#headerBytes) > 0) this.#headerBytes = 0;
    }
    return at;
  }

  /** @returns how many bytes of `from` the header at `at` has; 0 where it goes on beyond `end`, and nothing is read */
  #readHeader(from: Buffer, at: number, end: number): number {
    if (end - at < 2) return 0;
    const opcode = (from[at] ?? 0) & 0x0f;
    const second = from[at + 1] ?? 0;
    const short = second & 0x7f;
    const lengthBytes = short === 126 ? 2 : short === 127 ? 8 : 0;
    const needed = 2 + lengthBytes + ((second & 0x80) === 0 ? 0 : 4);
    if (end - at < needed) return 0;
    this.#payloadLeft =
      lengthBytes === 0
        ? short
        : lengthBytes === 2
          ? ((from[at + 2] ?? 0) << 8) | (from[at + 3] ?? 0)
          : Number(from.readBigUInt64BE(at + 2) & 0x1fffffffffffffn);
    if (opcode === 0x8) this.sawClose = true;
    if (opcode === 0xa) this.pongs += 1;
    return needed;
  }
}

/** An unmasked frame as a server sends it; payloads of control frames are at most 125 bytes. */
export function serverFrame(opcode: 0x8 | 0x9, payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x80 | opcode, payload.length]), payload]);
}

/** A ping as a client sends it. The mask is zero: it only shields proxies from chosen payloads, and this one is fixed. */
export function clientPing(payload: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x89, 0x80 | payload.length, 0, 0, 0, 0]), payload]);
}

const maxReasonBytes = 120;

/** A reason that is too long is cut between two characters: a browser drops the code with a reason that is no UTF-8. */
export function closeFrame(code: number, reason: string): Buffer {
  const room = new Uint8Array(maxReasonBytes);
  const { written } = new TextEncoder().encodeInto(reason, room);
  const text = Buffer.from(room.buffer, 0, written);
  const payload = Buffer.alloc(2 + text.length);
  payload.writeUInt16BE(code, 0);
  text.copy(payload, 2);
  return serverFrame(0x8, payload);
}
