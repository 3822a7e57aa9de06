/**
 * A gzip stream of pieces that are packed each by itself, so that empty ones, of which most disks are made, cost nothing.
 * Source: RFC 1952; RFC 1951 3.2 for blocks that end at a byte.
 */
import { promisify } from "node:util";
import { constants, crc32, deflateRaw } from "node:zlib";

const pack = promisify(deflateRaw);
/** Somebody waits for it. A full flush ends at a byte and refers to nothing before it. */
const options = { level: 1, finishFlush: constants.Z_FULL_FLUSH };
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** A last block without anything in it. */
const lastBlock = Buffer.from([3, 0]);

export async function* gzipped(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  /** As long as the piece before, and packed once it was needed. */
  let empty: { zeros: Buffer; packed?: Buffer } = { zeros: Buffer.alloc(0) };
  let sum = 0;
  let bytes = 0;
  yield header;
  for await (const chunk of chunks) {
    sum = crc32(chunk, sum);
    bytes += chunk.length;
    if (chunk.length !== empty.zeros.length) empty = { zeros: Buffer.alloc(chunk.length) };
    if (chunk.equals(empty.zeros)) yield (empty.packed ??= await pack(chunk, { ...options, level: 9 }));
    else yield await pack(chunk, options);
  }
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(sum, 0);
  trailer.writeUInt32LE(bytes % 2 ** 32, 4);
  yield Buffer.concat([lastBlock, trailer]);
}
