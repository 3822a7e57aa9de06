/** What a chosen file is, from its first bytes: to fill in the form well and to refuse what is plainly no image. */

type ImageFileKind = "qcow2" | "iso" | "raw" | "gzip" | "xz" | "vmdk" | "vhdx" | "unknown";

export interface ImageFile {
  kind: ImageFileKind;
  /** Size of the disk inside, where the header tells. */
  virtualSizeBytes: number | null;
  /** What it is instead, when it is plainly no image, e.g. "a PDF document". */
  insteadOfImage: string | null;
}

const isoMarkAt = 32_769;
const headBytes = 33 * 1024;

const strangers: readonly [name: string, bytes: readonly number[]][] = [
  ["a PDF document", [0x25, 0x50, 0x44, 0x46]],
  ["a ZIP archive", [0x50, 0x4b, 0x03, 0x04]],
  ["a PNG picture", [0x89, 0x50, 0x4e, 0x47]],
  ["a JPEG picture", [0xff, 0xd8, 0xff]],
  ["a Linux program", [0x7f, 0x45, 0x4c, 0x46]],
  ["a web page", [0x3c, 0x21, 0x44, 0x4f, 0x43]],
];

function startsWith(bytes: Uint8Array, marks: readonly number[], at = 0): boolean {
  return marks.every((mark, index) => bytes[at + index] === mark);
}

function ascii(text: string): number[] {
  return Array.from(text, (character) => character.charCodeAt(0));
}

/** No disk is larger than this: a header that says so is damaged. */
const largestDiskBytes = 64 * 1024 ** 4;

/** Whether the header's size cannot be true. */
export function isHeaderDamaged(image: ImageFile): boolean {
  return image.virtualSizeBytes !== null && image.virtualSizeBytes > largestDiskBytes;
}

/** Whether a file's name promises a format that its first bytes do not show. */
export function isNameDeceiving(image: ImageFile, fileName: string): boolean {
  return image.kind === "unknown" && /\.(qcow2|vmdk)$/i.test(fileName);
}

/** Judges a file by its first bytes (33 KiB are enough). */
export function judgeImageHead(head: Uint8Array, fileSizeBytes: number): ImageFile {
  const found = (kind: ImageFileKind, virtualSizeBytes: number | null = null): ImageFile => ({
    kind,
    virtualSizeBytes,
    insteadOfImage: null,
  });
  if (startsWith(head, [0x51, 0x46, 0x49, 0xfb])) {
    const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
    return found("qcow2", head.byteLength >= 32 ? Number(view.getBigUint64(24)) : null);
  }
  if (startsWith(head, [0x1f, 0x8b])) return found("gzip");
  if (startsWith(head, [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00])) return found("xz");
  if (startsWith(head, ascii("KDMV"))) return found("vmdk");
  if (startsWith(head, ascii("vhdxfile"))) return found("vhdx");
  if (startsWith(head, ascii("CD001"), isoMarkAt)) return found("iso", fileSizeBytes);
  if (head[510] === 0x55 && head[511] === 0xaa) return found("raw", fileSizeBytes);
  const stranger = strangers.find(([, bytes]) => startsWith(head, bytes));
  return { kind: "unknown", virtualSizeBytes: null, insteadOfImage: stranger?.[0] ?? null };
}

export async function judgeImageFile(file: Blob): Promise<ImageFile> {
  const head = new Uint8Array(await file.slice(0, headBytes).arrayBuffer());
  return judgeImageHead(head, file.size);
}

/** A name that Kubernetes takes, from a file's name: `Debian 12 (amd64).qcow2` → `debian-12-amd64`. */
export function imageNameFrom(fileName: string): string {
  return fileName
    .toLowerCase()
    .replace(/(\.(qcow2|img|raw|iso|xz|gz|vmdk|vhdx|bin))+$/, "")
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 63)
    .replace(/^-+|-+$/g, "");
}

const mebibyte = 1024 ** 2;
const gibibyte = 1024 ** 3;

/** A disk that the image fits on: whole GiB, or whole MiB for the very small. */
export function fittingDiskBytes(image: ImageFile, fileSizeBytes: number): number {
  const packed = image.kind === "gzip" || image.kind === "xz" || image.kind === "unknown";
  const needed = image.virtualSizeBytes ?? fileSizeBytes * (packed ? 4 : 1.1);
  const step = needed < gibibyte / 2 ? 64 * mebibyte : gibibyte;
  return Math.max(step, Math.ceil(needed / step) * step);
}
