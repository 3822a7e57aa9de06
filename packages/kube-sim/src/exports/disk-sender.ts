/**
 * Sends the disks of exports as they are read: never more than a few chunks in memory, ended when the client goes, when the export
 * is no longer ready or when the cluster closes.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import type { VmExport } from "../controllers/export-shapes.ts";
import { claimKind, vmExportKind } from "../controllers/kinds.ts";
import type { TypedStore } from "../controllers/typed-store.ts";
import { volumeImage } from "../controllers/volume-content.ts";
import type { DiskImages } from "../machines/disk-images.ts";
import { openRawDisk, type RawDisk, UnreadableFormat } from "../machines/raw-disk.ts";
import { boundVolume } from "../store/bound-volume.ts";
import { byteRange, RangeRefused } from "./byte-range.ts";
import { ExportRefused } from "./export-refused.ts";
import { gzipped } from "./gzip-stream.ts";
import { tarOf } from "./tar-stream.ts";

/** Each holds a process and a core. */
const mostAtOnce = 16;

interface Sending {
  vmExport: VmExport;
  abort: AbortController;
}

export class DiskSender {
  readonly #store: TypedStore;
  readonly #images: DiskImages;
  readonly #sending = new Set<Sending>();
  readonly #done = new Set<Promise<void>>();
  readonly #stop: () => void;

  constructor(store: TypedStore, images: DiskImages) {
    this.#store = store;
    this.#images = images;
    this.#stop = store.raw.onChange(({ kind, object, type }) => {
      if (kind.group !== vmExportKind.group || kind.resource !== vmExportKind.resource) return;
      const { status } = object as VmExport; // stored under exports
      if (type !== "DELETED" && status?.phase === "Ready") return;
      for (const { vmExport, abort } of this.#sending)
        if (vmExport.metadata.uid === object.metadata.uid) abort.abort();
    });
  }

  async close(): Promise<void> {
    this.#stop();
    for (const { abort } of this.#sending) abort.abort();
    await Promise.all(this.#done);
  }

  sendRaw(
    vmExport: VmExport,
    claimName: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    return this.#send(vmExport, claimName, async (disk, signal) => {
      const size = disk.sizeBytes;
      // nothing is known by which an If-Range could hold
      const header = request.headers["if-range"] === undefined ? request.headers.range : undefined;
      const range = rangeOf(header, size);
      const { start, length } = range ?? { start: 0, length: size };
      response.writeHead(range ? 206 : 200, {
        "Content-Type": "application/octet-stream",
        "Content-Length": length,
        "Accept-Ranges": "bytes",
        ...(range && { "Content-Range": `bytes ${start}-${start + length - 1}/${size}` }),
      });
      if (request.method === "HEAD") response.end();
      else await pipeline(disk.read(start, length), response, { signal });
    });
  }

  sendGzip(vmExport: VmExport, claimName: string, response: ServerResponse): Promise<void> {
    return this.#send(vmExport, claimName, async (disk, signal) => {
      response.writeHead(200, { "Content-Type": "application/x-gzip" });
      await pipeline(disk.read(0, disk.sizeBytes), gzipped, response, { signal });
    });
  }

  /** The claim as a folder: one file, as far as is known here. */
  sendArchive(vmExport: VmExport, claimName: string, response: ServerResponse): Promise<void> {
    return this.#send(vmExport, claimName, async (disk, signal) => {
      response.writeHead(200, { "Content-Type": "application/x-gzip" });
      const file = {
        name: this.fileName(vmExport, claimName),
        sizeBytes: disk.sizeBytes,
        modifiedMs: Date.parse(vmExport.metadata.creationTimestamp),
      };
      const tar = tarOf(file, disk.read(0, disk.sizeBytes));
      await pipeline(tar, gzipped, response, { signal });
    });
  }

  /** What the one file on a claim is called: a guest's memory as its dump named it, else a disk. */
  fileName({ metadata }: VmExport, claimName: string): string {
    const claim = this.#store.get(claimKind, metadata.namespace, claimName);
    const dump = claim?.metadata.annotations?.["kubevirt.io/memory-dump"] ?? "";
    // anybody may have written it
    return /^[\w.-]{1,90}\.memory\.dump$/.test(dump) ? dump : "disk.img";
  }

  async #send(
    vmExport: VmExport,
    claimName: string,
    send: (disk: RawDisk, signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    if (this.#sending.size >= mostAtOnce) throw new ExportRefused(503);
    const sending = { vmExport, abort: new AbortController() };
    this.#sending.add(sending);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#done.add(promise);
    let disk: RawDisk | undefined;
    try {
      disk = await this.#open(vmExport, claimName);
      sending.abort.signal.throwIfAborted();
      await send(disk, sending.abort.signal);
    } finally {
      await disk?.close();
      this.#sending.delete(sending);
      this.#done.delete(promise);
      resolve();
    }
  }

  async #open({ metadata }: VmExport, claimName: string): Promise<RawDisk> {
    const claim = this.#store.get(claimKind, metadata.namespace, claimName);
    const volume = boundVolume(this.#store.raw, claim);
    const image = volume === undefined ? undefined : await volumeImage(this.#store, this.#images, volume);
    if (image === undefined) throw new ExportRefused(500);
    try {
      return await openRawDisk(image);
    } catch (error) {
      if (error instanceof UnreadableFormat) throw new ExportRefused(501, `${error.message}\n`);
      throw error;
    }
  }
}

function rangeOf(header: string | undefined, sizeBytes: number) {
  try {
    return byteRange(header, sizeBytes);
  } catch (error) {
    if (!(error instanceof RangeRefused)) throw error;
    throw new ExportRefused(
      416,
      `${error.message}\n`,
      error.tellsSize ? { "Content-Range": `bytes */${sizeBytes}` } : {},
      { cause: error },
    );
  }
}
