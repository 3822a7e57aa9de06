/**
 * What a file is, by its first bytes: the form fills itself in with it and asks where no disk image is seen, and the server
 * takes nothing else unasked. CDI takes any bytes for a raw disk.
 */

type ImageFileKind = "qcow2" | "iso" | "raw" | "gzip" | "xz" | "vmdk" | "vhdx" | "unknown";

export interface ImageFile {
  kind: ImageFileKind;
  /** Size of the disk inside, where the header tells. */
  virtualSizeBytes: number | null;
  /** What it is instead, when it is plainly no image, e.g. "a PDF document". */
  insteadOfImage: string | null;
}

const isoMarkAt = 32_769;
/** Enough of a file to judge it by. */
export const imageHeadBytes = 33 * 1024;

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

/** Whether all that is seen of a file are lines to be read; no disk begins so. */
function isText(head: Uint8Array): boolean {
  const control = (byte: number) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d;
  return head.length > 0 && !head.slice(0, 512).some((byte) => control(byte) || byte === 0x7f);
}

/** Whether a file is nothing that is known, and may still be a raw disk: only somebody who knows it can say so. */
export function showsNoImage({ kind, insteadOfImage }: ImageFile, fileSizeBytes: number): boolean {
  return kind === "unknown" && insteadOfImage === null && fileSizeBytes > 0;
}

/** Judges a file by its first bytes (`imageHeadBytes` are enough). */
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
  const instead = stranger?.[0] ?? (isText(head) ? "a text file" : null);
  return { kind: "unknown", virtualSizeBytes: null, insteadOfImage: instead };
}
