/** Keeps the image files of volumes in one folder, under names that come from a hash and never from a user. */
import { spawn } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { createWriteStream, existsSync, mkdirSync, readFileSync } from "node:fs";
import { copyFile, mkdir, open, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough, type Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import { findOnPath } from "./accelerator.ts";
import { limited, refusalOfDisk } from "./guest-limits.ts";
import { type DiskImage, type DiskImages, ImageRefused } from "./disk-images.ts";
import { imageHeadBytes, recogniseImage } from "./image-format.ts";

export interface DiskImagesOptions {
  dir: string;
  log: (message: string, fields?: Record<string, unknown>) => void;
}

/** What one conversion may use; a hostile image must not take the host's memory or time. Source: CDI's own limits are of this order. */
const convertLimits = { addressSpaceBytes: 2 * 1024 ** 3, cpuSeconds: 600 };

/** Runs qemu-img under limits; rejects with its own words. */
function runQemuImg(args: string[], signal?: AbortSignal): Promise<void> {
  const [command, full] = limited(convertLimits, "qemu-img", args);
  return new Promise((resolve, reject) => {
    const child = spawn(command, full, {
      stdio: ["ignore", "ignore", "pipe"],
      ...(signal && { signal }),
      killSignal: "SIGKILL",
    });
    let stderr = "";
    child.stderr.on("data", (data: Buffer) => {
      stderr = (stderr + data.toString("utf8")).slice(-2048);
    });
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(stderr.trim() || `qemu-img ended with code ${code}.`)),
    );
  });
}

/** `--image-opts` text for a file of ours: the format is given, so nothing is probed, and no name is parsed as a protocol. */
function imageOptions(format: "raw" | "qcow2", path: string): string {
  return `driver=${format},file.driver=file,file.filename=${path.replaceAll(",", ",,")}`;
}

/** What a raw disk does not hold takes no room in its copy either; where `cp` knows no holes they are filled. */
async function copyWithHoles(from: string, to: string): Promise<void> {
  const copied = await new Promise<boolean>((resolve) => {
    const child = spawn("cp", ["--sparse=always", "--", from, to], { stdio: "ignore" });
    child.on("error", () => resolve(false));
    child.on("exit", (code) => resolve(code === 0));
  });
  if (!copied) await copyFile(from, to);
}

async function readHead(path: string): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(imageHeadBytes), 0, imageHeadBytes, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Counts bytes and ends the stream with a refusal past `limit`. */
function counted(limit: number, onBytes: (total: number) => void): Transform {
  let total = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, callback) {
      total += chunk.length;
      onBytes(total);
      if (total > limit) {
        callback(
          new ImageRefused(
            "virtual-size-too-large",
            "Virtual image size is larger than the reported available storage. A larger PVC is required.",
          ),
        );
      } else callback(null, chunk);
    },
  });
}

/** A qcow2 file may be a little larger than the disk it describes: its tables, and clusters that were written twice. */
function transferLimit(capacityBytes: number): number {
  return capacityBytes + Math.max(64 * 1024 ** 2, Math.ceil(capacityBytes / 16));
}

class Images implements DiskImages {
  readonly #dir: string;
  readonly #hasQemuImg = findOnPath("qemu-img") !== null;
  readonly #images: Map<string, DiskImage>;
  /** Of disks with given content, by content and size: the pristine file that the next one is a copy of. */
  readonly #originals = new Map<string, Promise<string>>();
  #saving: Promise<void> = Promise.resolve();
  readonly #index: string;

  constructor(dir: string) {
    this.#dir = dir;
    mkdirSync(dir, { recursive: true, mode: 0o700 });
    this.#index = join(dir, "images.json");
    const saved = existsSync(this.#index)
      ? (JSON.parse(readFileSync(this.#index, "utf8")) as [string, DiskImage][])
      : []; // our own file
    this.#images = new Map(saved.filter(([, image]) => existsSync(image.path)));
  }

  get(volume: string): DiskImage | undefined {
    return this.#images.get(volume);
  }

  async createBlank(volume: string, sizeBytes: number): Promise<DiskImage> {
    const path = await this.#path(volume);
    if (this.#hasQemuImg) {
      await runQemuImg(["create", "-q", "-f", "qcow2", path, String(sizeBytes)]);
      return this.#keep(volume, { path, format: "qcow2", virtualSizeBytes: sizeBytes });
    }
    await writeFile(path, "");
    await truncate(path, sizeBytes);
    return this.#keep(volume, { path, format: "raw", virtualSizeBytes: sizeBytes });
  }

  async createFilled(volume: string, content: Buffer, sizeBytes: number): Promise<DiskImage> {
    const path = await this.#path(volume);
    if (!this.#hasQemuImg) {
      await writeFile(path, content, { mode: 0o600 });
      await truncate(path, sizeBytes);
      return this.#keep(volume, { path, format: "raw", virtualSizeBytes: sizeBytes });
    }
    const name = `${createHash("sha256").update(content).digest("hex").slice(0, 32)}-${sizeBytes}`;
    const making = this.#originals.get(name) ?? this.#original(name, content, sizeBytes);
    this.#originals.set(name, making);
    await copyFile(await making, path);
    return this.#keep(volume, { path, format: "qcow2", virtualSizeBytes: sizeBytes });
  }

  async #original(name: string, content: Buffer, sizeBytes: number): Promise<string> {
    const folder = join(this.#dir, "originals");
    const path = join(folder, `${name}.qcow2`);
    if (existsSync(path)) return path;
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const raw = `${path}.raw`;
    try {
      await writeFile(raw, content, { mode: 0o600 });
      await this.#adopt(raw, "raw", path, `${path}.new`, sizeBytes, undefined);
      return path;
    } catch (error) {
      this.#originals.delete(name);
      throw error;
    } finally {
      await rm(raw, { force: true });
    }
  }

  async clone(volume: string, fromVolume: string, sizeBytes: number): Promise<DiskImage> {
    const path = await this.#path(volume);
    const source = await this.#copy(fromVolume, path);
    const image = await this.#keep(volume, { ...source, path });
    return sizeBytes > source.virtualSizeBytes ? this.resize(volume, sizeBytes) : image;
  }

  async copyTo(path: string, fromVolume: string): Promise<void> {
    await this.#copy(fromVolume, path);
  }

  async #copy(fromVolume: string, path: string): Promise<DiskImage> {
    const source = this.#images.get(fromVolume);
    if (!source) throw new Error(`Volume ${fromVolume} has no image.`);
    if (source.format === "raw") await copyWithHoles(source.path, path);
    else await copyFile(source.path, path);
    return source;
  }

  async receiveUpload(
    volume: string,
    body: Readable,
    options: Parameters<DiskImages["receiveUpload"]>[2],
  ): Promise<DiskImage> {
    const path = await this.#path(volume);
    // Names of its own: two uploads to one volume never touch each other's file between check and conversion.
    const attempt = randomUUID();
    const arriving = `${path}.${attempt}.upload`;
    const expanded = `${path}.${attempt}.expanded`;
    const target = `${path}.${attempt}.new`;
    const { capacityBytes, expectedBytes, signal } = options;
    const full = refusalOfDisk(this.#dir);
    if (full !== null) throw new Error(full);
    let received = 0;
    try {
      await pipeline(
        body,
        counted(transferLimit(capacityBytes), (total) => {
          received = total;
          options.onBytes?.(total);
        }),
        createWriteStream(arriving),
        ...(signal ? [{ signal }] : []),
      );
      if (expectedBytes !== undefined && received < expectedBytes) {
        throw new ImageRefused("cut-off", `The upload ended after ${received} of ${expectedBytes} bytes.`);
      }
      let file = arriving;
      let recognised = recogniseImage(await readHead(file));
      if (recognised.format === "gzip") {
        await this.#gunzip(arriving, expanded, capacityBytes, signal);
        file = expanded;
        recognised = recogniseImage(await readHead(file));
        if (recognised.format === "gzip")
          throw new ImageRefused("unsupported-format", "The file is compressed twice.");
      }
      const virtualSizeBytes =
        recognised.format === "qcow2" ? recognised.virtualSizeBytes : (await stat(file)).size;
      if (virtualSizeBytes > capacityBytes) {
        throw new ImageRefused(
          "virtual-size-too-large",
          `Virtual image size ${virtualSizeBytes} is larger than the reported available storage ${capacityBytes}. A larger PVC is required.`,
        );
      }
      const image = await this.#adopt(file, recognised.format, path, target, capacityBytes, signal);
      return await this.#keep(volume, image);
    } finally {
      await Promise.all([arriving, expanded, target].map((file) => rm(file, { force: true })));
    }
  }

  async receiveDump(
    volume: string,
    capacityBytes: number,
    write: (path: string) => Promise<void>,
  ): Promise<DiskImage> {
    const path = await this.#path(volume);
    const arriving = `${path}.${randomUUID()}.dump`;
    const full = refusalOfDisk(this.#dir, capacityBytes);
    if (full !== null) throw new Error(full);
    try {
      await write(arriving);
      const { size } = await stat(arriving);
      if (size > capacityBytes)
        throw new Error(`The volume holds ${capacityBytes} bytes, and the dump has ${size}.`);
      await truncate(arriving, capacityBytes);
      await rename(arriving, path);
    } finally {
      await rm(arriving, { force: true });
    }
    return this.#keep(volume, { path, format: "raw", virtualSizeBytes: capacityBytes });
  }

  async resize(
    volume: string,
    sizeBytes: number,
    growOpen: (image: DiskImage) => Promise<boolean> = () => Promise.resolve(false),
  ): Promise<DiskImage> {
    const image = this.#images.get(volume);
    if (!image) throw new Error(`Volume ${volume} has no image.`);
    if (sizeBytes <= image.virtualSizeBytes) return image;
    if (await growOpen(image)) return this.#keep(volume, { ...image, virtualSizeBytes: sizeBytes });
    if (image.format === "raw") await truncate(image.path, sizeBytes);
    else if (this.#hasQemuImg)
      await runQemuImg([
        "resize",
        "-q",
        "--image-opts",
        imageOptions("qcow2", image.path),
        String(sizeBytes),
      ]);
    return this.#keep(volume, { ...image, virtualSizeBytes: sizeBytes });
  }

  async remove(volume: string): Promise<void> {
    const image = this.#images.get(volume);
    if (!image) return;
    this.#images.delete(volume);
    await rm(image.path, { force: true });
    await this.#saveIndex();
  }

  /** Turns a checked file into the volume's own qcow2 of full capacity; without qemu-img it is kept as it came. */
  async #adopt(
    file: string,
    format: "raw" | "qcow2",
    path: string,
    target: string,
    capacityBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<DiskImage> {
    if (!this.#hasQemuImg) {
      await rename(file, path);
      if (format === "raw") await truncate(path, capacityBytes);
      return { path, format, virtualSizeBytes: capacityBytes };
    }
    try {
      await runQemuImg(
        ["convert", "--image-opts", "-O", "qcow2", imageOptions(format, file), target],
        signal,
      );
      await runQemuImg(["resize", "-q", "-f", "qcow2", target, String(capacityBytes)], signal);
    } catch (error) {
      signal?.throwIfAborted();
      throw new ImageRefused(
        "corrupt",
        error instanceof Error ? error.message.replaceAll(`${this.#dir}/`, "") : String(error),
      );
    }
    await rename(target, path);
    return { path, format: "qcow2", virtualSizeBytes: capacityBytes };
  }

  async #gunzip(
    from: string,
    to: string,
    capacityBytes: number,
    signal: AbortSignal | undefined,
  ): Promise<void> {
    const source = (await open(from, "r")).createReadStream();
    try {
      await pipeline(
        source,
        createGunzip(),
        counted(transferLimit(capacityBytes), () => {}),
        new PassThrough(),
        createWriteStream(to),
        ...(signal ? [{ signal }] : []),
      );
    } catch (error) {
      if (error instanceof ImageRefused || signal?.aborted) throw error;
      throw new ImageRefused("corrupt", "The compressed file is damaged or cut off.");
    }
  }

  async #path(volume: string): Promise<string> {
    const folder = join(this.#dir, createHash("sha256").update(volume).digest("hex").slice(0, 32));
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return join(folder, "disk.img");
  }

  async #keep(volume: string, image: DiskImage): Promise<DiskImage> {
    this.#images.set(volume, image);
    await this.#saveIndex();
    return image;
  }

  /** One after the other, each with what is known by then: an older list never replaces a newer one. */
  async #saveIndex(): Promise<void> {
    this.#saving = this.#saving.then(
      async () => this.#writeIndex(),
      async () => this.#writeIndex(),
    );
    await this.#saving;
  }

  async #writeIndex(): Promise<void> {
    const next = `${this.#index}.next`;
    await writeFile(next, JSON.stringify([...this.#images]), { flush: true });
    await rename(next, this.#index);
  }
}

export function openDiskImages(options: DiskImagesOptions): Promise<DiskImages> {
  return Promise.resolve(new Images(options.dir));
}
