/**
 * A disk's bytes as its guest sees them, from any place on and without a copy: raw files are read as they are, others through
 * qemu-nbd, which sees one file whose format is given, read-only and under limits.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { createReadStream } from "node:fs";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { findOnPath } from "./accelerator.ts";
import type { DiskImage } from "./disk-images.ts";
import { emptiness, emptyExtents, type IsEmpty } from "./empty-extents.ts";
import { limited } from "./guest-limits.ts";
import { NbdClient } from "./nbd-client.ts";

const serverLimits = { addressSpaceBytes: 2 * 1024 ** 3 };
const chunkBytes = 1024 ** 2;
/** Given to many readers: nobody writes into what he reads. */
const zeros = Buffer.alloc(chunkBytes);
const startWithinMs = 10_000;

/** What this machine has no tool to read. */
export class UnreadableFormat extends Error {}

export interface RawDisk {
  sizeBytes: number;
  /** The bytes from `start` on, `length` of them. One stream at a time. */
  read(start: number, length: number): Readable;
  close(): Promise<void>;
}

export async function openRawDisk(image: DiskImage): Promise<RawDisk> {
  if (image.format === "raw") {
    const { size } = await stat(image.path);
    return {
      sizeBytes: size,
      read: (start, length) =>
        length === 0
          ? Readable.from([])
          : createReadStream(image.path, { start, end: start + length - 1, highWaterMark: chunkBytes }),
      close: () => Promise.resolve(),
    };
  }
  if (findOnPath("qemu-nbd") === null)
    throw new UnreadableFormat("qemu-nbd (Debian: qemu-utils) is not installed, and the disk is a qcow2.");
  const folder = await mkdtemp(join(tmpdir(), "kube-sim-nbd-"));
  const socket = join(folder, "s");
  // nobody writes it meanwhile, and a guest that starts shall not wait for a reader
  const options = `driver=qcow2,file.driver=file,file.locking=off,file.filename=${image.path.replaceAll(",", ",,")}`;
  const [command, args] = limited(serverLimits, "qemu-nbd", [
    "--read-only",
    "--persistent",
    `--socket=${socket}`,
    "--image-opts",
    options,
  ]);
  const server = spawn(command, args, { stdio: ["ignore", "ignore", "pipe"] });
  const close = async (client?: NbdClient) => {
    client?.close();
    server.kill("SIGKILL");
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const [client, extents] = await Promise.all([connected(server, socket), emptyExtents(options)]);
    return {
      sizeBytes: client.sizeBytes,
      read: (start, length) =>
        Readable.from(chunks(client, emptiness(extents), start, length), { objectMode: false }),
      close: () => close(client),
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function* chunks(
  client: NbdClient,
  isEmpty: IsEmpty,
  start: number,
  length: number,
): AsyncGenerator<Buffer> {
  for (let at = start; at < start + length; at += chunkBytes) {
    const bytes = Math.min(chunkBytes, start + length - at);
    yield isEmpty(at, bytes) ? zeros.subarray(0, bytes) : await client.read(at, bytes);
  }
}

/** qemu-nbd says nothing once it listens: it is asked until it answers, or ends. */
async function connected(server: ChildProcess, socket: string): Promise<NbdClient> {
  let words = "";
  let ended: string | undefined;
  server.stderr?.on("data", (data: Buffer) => (words = (words + data.toString("utf8")).slice(-2048)));
  server.once("error", (error) => (ended = error.message));
  server.once("exit", (code) => (ended ??= words.trim() || `qemu-nbd ended with code ${String(code)}`));
  const deadline = Date.now() + startWithinMs;
  for (;;) {
    try {
      return await NbdClient.open(socket);
    } catch (error) {
      if (ended !== undefined) throw new Error(ended, { cause: error });
      if (Date.now() > deadline) throw new Error("qemu-nbd does not answer", { cause: error });
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
}
