/** One file in a tar, as it is read, behind the folder that it lies in. Source: GNU tar's manual, "Basic Tar Format". */
import type { Readable } from "node:stream";

const blockBytes = 512;
/** What twelve bytes hold in octal digits. */
const mostOctal = 8 ** 11;

function header(name: string, type: "0" | "5", mode: number, sizeBytes: number, modifiedMs: number): Buffer {
  const block = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, length: number) =>
    block.write(`${value.toString(8).padStart(length - 1, "0")}\0`, at, "latin1");
  block.write(name, 0, 100, "utf8");
  octal(mode, 100, 8);
  // qemu's user, as on a volume of KubeVirt's
  octal(107, 108, 8);
  octal(107, 116, 8);
  if (sizeBytes < mostOctal) octal(sizeBytes, 124, 12);
  else {
    block.writeUInt8(0x80, 124);
    block.writeBigUInt64BE(BigInt(sizeBytes), 128);
  }
  octal(Math.floor(modifiedMs / 1000), 136, 12);
  block.write("        ", 148, "latin1");
  block.write(type, 156, "latin1");
  block.write("ustar  \0", 257, "latin1");
  const sum = block.reduce((total, byte) => total + byte, 0);
  block.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return block;
}

export async function* tarOf(
  file: { name: string; sizeBytes: number; modifiedMs: number },
  content: Readable,
): AsyncGenerator<Buffer> {
  const { name, sizeBytes, modifiedMs } = file;
  yield header("./", "5", 0o775, 0, modifiedMs);
  yield header(`./${name}`, "0", 0o660, sizeBytes, modifiedMs);
  yield* content as AsyncIterable<Buffer>; // no encoding is set
  yield Buffer.alloc(((blockBytes - (sizeBytes % blockBytes)) % blockBytes) + 2 * blockBytes);
}
