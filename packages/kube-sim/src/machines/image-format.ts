/**
 * Looks at the first bytes of an uploaded file and decides what it is, before any QEMU tool sees it. A disk image is
 * hostile: a qcow2 header can name other files of the host, so anything that refers elsewhere is refused here, and the
 * format found here is given to the tools, which never probe.
 *
 * Source: QEMU's docs/interop/qcow2.rst (header layout, incompatible features, header extensions).
 */
import { ImageRefused } from "./disk-images.ts";

export type ImageFormat =
  | { format: "raw" }
  | { format: "qcow2"; virtualSizeBytes: number }
  | { format: "gzip" };

/** How many leading bytes `recogniseImage` wants; fewer only when the file ends before. */
export const imageHeadBytes = 64 * 1024;

const foreignFormats: { name: string; at: number; magic: Buffer }[] = [
  { name: "VMDK", at: 0, magic: Buffer.from("KDMV") },
  { name: "VMDK", at: 0, magic: Buffer.from("COWD") },
  { name: "VMDK", at: 0, magic: Buffer.from("# Disk DescriptorFile") },
  { name: "VHDX", at: 0, magic: Buffer.from("vhdxfile") },
  { name: "VHD", at: 0, magic: Buffer.from("conectix") },
  { name: "VDI", at: 0x40, magic: Buffer.from([0x7f, 0x10, 0xda, 0xbe]) },
  { name: "QED", at: 0, magic: Buffer.from("QED\0") },
  { name: "LUKS", at: 0, magic: Buffer.from([0x4c, 0x55, 0x4b, 0x53, 0xba, 0xbe]) },
  { name: "xz", at: 0, magic: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]) },
  { name: "zstd", at: 0, magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) },
  { name: "qcow (version 1)", at: 0, magic: Buffer.from([0x51, 0x46, 0x49, 0xfb, 0, 0, 0, 1]) },
];

const qcow2Magic = Buffer.from([0x51, 0x46, 0x49, 0xfb]);
const externalDataFileBit = 1n << 2n;
/** Dirty, compression type, extended L2 entries: harmless. Corrupt (bit 1) and everything unknown are refused. */
const acceptedIncompatibleBits = (1n << 0n) | (1n << 3n) | (1n << 4n);
const externalDataFileNameExtension = 0x44415441;
const backingFormatExtension = 0xe2792aca;

function startsWithAt(head: Buffer, at: number, magic: Buffer): boolean {
  return head.length >= at + magic.length && head.subarray(at, at + magic.length).equals(magic);
}

function checkHeaderExtensions(head: Buffer, start: number): void {
  let at = start;
  while (at + 8 <= head.length) {
    const type = head.readUInt32BE(at);
    const length = head.readUInt32BE(at + 4);
    if (type === 0) return;
    if (type === externalDataFileNameExtension) {
      throw new ImageRefused(
        "external-data-file",
        "The image keeps its data in another file. Convert it to a self-contained image first.",
      );
    }
    if (type === backingFormatExtension) {
      throw new ImageRefused(
        "backing-file",
        "The image names the format of a backing file. Convert it to a self-contained image first.",
      );
    }
    at += 8 + Math.ceil(length / 8) * 8;
  }
}

function checkQcow2(head: Buffer): ImageFormat {
  if (head.length < 104) throw new ImageRefused("corrupt", "The qcow2 header is cut off.");
  const version = head.readUInt32BE(4);
  if (version !== 2 && version !== 3) {
    throw new ImageRefused(
      "unsupported-format",
      `qcow2 version ${version} is not supported; versions 2 and 3 are.`,
    );
  }
  if (head.readBigUInt64BE(8) !== 0n || head.readUInt32BE(16) !== 0) {
    throw new ImageRefused(
      "backing-file",
      "The image depends on a backing file. Convert it to a self-contained image first.",
    );
  }
  const clusterBits = head.readUInt32BE(20);
  if (clusterBits < 9 || clusterBits > 21)
    throw new ImageRefused("corrupt", `The qcow2 header gives a cluster size of 2^${clusterBits} bytes.`);
  if (head.readUInt32BE(32) !== 0) throw new ImageRefused("unsupported-format", "The image is encrypted.");
  let extensionsAt = 72;
  if (version === 3) {
    const incompatible = head.readBigUInt64BE(72);
    if ((incompatible & externalDataFileBit) !== 0n) {
      throw new ImageRefused(
        "external-data-file",
        "The image keeps its data in another file. Convert it to a self-contained image first.",
      );
    }
    if ((incompatible & ~acceptedIncompatibleBits) !== 0n) {
      throw new ImageRefused(
        "corrupt",
        "The image is marked corrupt or uses qcow2 features that are not supported.",
      );
    }
    extensionsAt = head.readUInt32BE(100);
    if (extensionsAt < 104 || extensionsAt > head.length)
      throw new ImageRefused("corrupt", "The qcow2 header length is wrong.");
  }
  checkHeaderExtensions(head, extensionsAt);
  const size = head.readBigUInt64BE(24);
  if (size > BigInt(Number.MAX_SAFE_INTEGER)) {
    throw new ImageRefused("virtual-size-too-large", `The image claims a size of ${size} bytes.`);
  }
  return { format: "qcow2", virtualSizeBytes: Number(size) };
}

/**
 * What the file is, from its first bytes. Anything without a known mark is raw, as it is for CDI. Throws `ImageRefused`.
 */
export function recogniseImage(head: Buffer): ImageFormat {
  if (head.length === 0) throw new ImageRefused("not-an-image", "The file is empty.");
  if (startsWithAt(head, 0, Buffer.from([0x1f, 0x8b]))) return { format: "gzip" };
  for (const { name, at, magic } of foreignFormats) {
    if (startsWithAt(head, at, magic)) {
      throw new ImageRefused(
        "unsupported-format",
        `${name} is not supported here. Convert the image to qcow2 or raw first.`,
      );
    }
  }
  if (startsWithAt(head, 0, qcow2Magic)) return checkQcow2(head);
  return { format: "raw" };
}
