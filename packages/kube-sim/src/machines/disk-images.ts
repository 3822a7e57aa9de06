/** The image files behind PersistentVolumes. Every byte in them is hostile: formats are given or checked by us, never probed. */
import type { Readable } from "node:stream";

/** A refusal that the person who sent the image should read. `code` is stable, `message` is plain English. */
export class ImageRefused extends Error {
  readonly code:
    | "not-an-image"
    | "backing-file"
    | "external-data-file"
    | "unsupported-format"
    | "virtual-size-too-large"
    | "corrupt"
    | "cut-off";
  constructor(code: ImageRefused["code"], message: string) {
    super(message);
    this.code = code;
  }
}

export interface DiskImage {
  path: string;
  format: "qcow2" | "raw";
  virtualSizeBytes: number;
}

export interface DiskImages {
  /** The image of a volume, keyed by the PersistentVolume's name. */
  get(volume: string): DiskImage | undefined;
  createBlank(volume: string, sizeBytes: number): Promise<DiskImage>;
  /** A disk of `sizeBytes` that begins with `content`; converted once for all volumes that want the same. */
  createFilled(volume: string, content: Buffer, sizeBytes: number): Promise<DiskImage>;
  /** Copies another volume's image, grown to `sizeBytes` where that is larger. */
  clone(volume: string, fromVolume: string, sizeBytes: number): Promise<DiskImage>;
  /** A copy in a file of the caller's, in the image's own format. */
  copyTo(path: string, fromVolume: string): Promise<void>;
  /**
   * Takes an uploaded file (raw, qcow2, ISO; gzip or xz-compressed where the tools exist), refuses hostile ones with
   * `ImageRefused`, and settles when it has become the volume's image. `onBytes` counts what has arrived.
   */
  receiveUpload(
    volume: string,
    body: Readable,
    options: {
      capacityBytes: number;
      expectedBytes?: number;
      signal?: AbortSignal;
      onBytes?: (total: number) => void;
    },
  ): Promise<DiskImage>;
  /** Makes a file of at most `capacityBytes`, which `write` fills at a path of ours, the volume's raw image. */
  receiveDump(
    volume: string,
    capacityBytes: number,
    write: (path: string) => Promise<void>,
  ): Promise<DiskImage>;
  /**
   * Grows an image; never shrinks one. `open` does it where a guest has the file open: it grows the file and says true, or says false.
   */
  resize(
    volume: string,
    sizeBytes: number,
    open?: (image: DiskImage) => Promise<boolean>,
  ): Promise<DiskImage>;
  remove(volume: string): Promise<void>;
}
