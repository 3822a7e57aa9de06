/** What follows from a chosen file: a name, the size of a disk, and what is plainly no image is refused before it is sent. */
import { type ImageFile, imageHeadBytes, judgeImageHead } from "@kubev/api-types/image-file";

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

export async function judgeImageFile(file: Blob): Promise<ImageFile> {
  const head = new Uint8Array(await file.slice(0, imageHeadBytes).arrayBuffer());
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
