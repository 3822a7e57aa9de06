/**
 * Writes a small ISO 9660 image with Joliet names: a volume label and a few files in its root, which is all that a
 * NoCloud seed needs. Source: ECMA-119 and the Joliet specification.
 */

const sectorBytes = 2048;

export interface IsoFile {
  name: string;
  content: Buffer;
}

function bothEndian16(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(value, 0);
  bytes.writeUInt16BE(value, 2);
  return bytes;
}

function bothEndian32(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(value, 0);
  bytes.writeUInt32BE(value, 4);
  return bytes;
}

function sectors(bytes: number): number {
  return Math.ceil(bytes / sectorBytes);
}

function padded(bytes: Buffer, length: number, fill = 0): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(Math.max(0, length - bytes.length), fill)]).subarray(0, length);
}

/** UCS-2 big endian, as Joliet wants names. */
function ucs2(text: string): Buffer {
  return Buffer.from(text, "utf16le").swap16();
}

function directoryRecord(identifier: Buffer, at: number, bytes: number, directory: boolean): Buffer {
  const record = Buffer.alloc(33 + identifier.length + (identifier.length % 2 === 0 ? 1 : 0));
  record[0] = record.length;
  bothEndian32(at).copy(record, 2);
  bothEndian32(bytes).copy(record, 10);
  record.set([125, 1, 1, 0, 0, 0, 0], 18); // 2025-01-01: the image depends on its content only
  record[25] = directory ? 2 : 0;
  bothEndian16(1).copy(record, 28);
  record[32] = identifier.length;
  identifier.copy(record, 33);
  return record;
}

function pathTable(rootAt: number, bigEndian: boolean): Buffer {
  const table = Buffer.alloc(10);
  table[0] = 1;
  if (bigEndian) {
    table.writeUInt32BE(rootAt, 2);
    table.writeUInt16BE(1, 6);
  } else {
    table.writeUInt32LE(rootAt, 2);
    table.writeUInt16LE(1, 6);
  }
  return table;
}

interface Layout {
  rootAt: number;
  pathTableAt: number;
  totalSectors: number;
}

function volumeDescriptor(joliet: boolean, label: string, layout: Layout): Buffer {
  const text = (value: string, length: number) =>
    joliet ? padded(ucs2(value), length) : padded(Buffer.from(value, "latin1"), length, 0x20);
  const descriptor = Buffer.alloc(sectorBytes);
  descriptor[0] = joliet ? 2 : 1;
  descriptor.write("CD001\x01", 1, "latin1");
  text("", 32).copy(descriptor, 8);
  text(label, 32).copy(descriptor, 40);
  bothEndian32(layout.totalSectors).copy(descriptor, 80);
  if (joliet) descriptor.write("%/E", 88, "latin1"); // UCS-2 level 3
  bothEndian16(1).copy(descriptor, 120);
  bothEndian16(1).copy(descriptor, 124);
  bothEndian16(sectorBytes).copy(descriptor, 128);
  bothEndian32(10).copy(descriptor, 132);
  descriptor.writeUInt32LE(layout.pathTableAt, 140);
  descriptor.writeUInt32BE(layout.pathTableAt + 1, 148);
  directoryRecord(Buffer.from([0]), layout.rootAt, sectorBytes, true).copy(descriptor, 156);
  text("", 623).copy(descriptor, 190);
  descriptor[881] = 1;
  return descriptor;
}

/** Of a name, as Joliet's record of a file can hold it. */
const longestName = 110;

/** `files` go into the root folder; throws, in plain words, where their records do not fit one sector (about 25 files). */
export function isoImage(label: string, files: IsoFile[]): Buffer {
  // 0–15 system area, 16 primary, 17 Joliet, 18 terminator, 19–20 and 21–22 path tables, 23 and 24 roots, then files.
  const roots = { primary: 23, joliet: 24 };
  let next = 25;
  const placed = files.map((file, index) => {
    const at = next;
    next += Math.max(1, sectors(file.content.length));
    return { ...file, at, shortName: `FILE${index}.;1` };
  });
  const tooLong = files.find(({ name }) => name.length > longestName);
  if (tooLong) throw new Error(`The name ${tooLong.name} is too long for a file on a CD-ROM.`);
  const root = (at: number, identifier: (file: (typeof placed)[number]) => Buffer) => {
    const records = Buffer.concat([
      directoryRecord(Buffer.from([0]), at, sectorBytes, true),
      directoryRecord(Buffer.from([1]), at, sectorBytes, true),
      ...placed.map((file) => directoryRecord(identifier(file), file.at, file.content.length, false)),
    ]);
    if (records.length > sectorBytes) throw new Error("These are more files than the CD-ROM has room for.");
    return padded(records, sectorBytes);
  };
  const terminator = padded(Buffer.from("\xffCD001\x01", "latin1"), sectorBytes);
  return Buffer.concat([
    Buffer.alloc(16 * sectorBytes),
    volumeDescriptor(false, label, { rootAt: roots.primary, pathTableAt: 19, totalSectors: next }),
    volumeDescriptor(true, label, { rootAt: roots.joliet, pathTableAt: 21, totalSectors: next }),
    terminator,
    ...[roots.primary, roots.joliet].flatMap((at) => [
      padded(pathTable(at, false), sectorBytes),
      padded(pathTable(at, true), sectorBytes),
    ]),
    root(roots.primary, (file) => Buffer.from(file.shortName, "latin1")),
    root(roots.joliet, (file) => ucs2(file.name)),
    ...placed.map((file) => padded(file.content, Math.max(1, sectors(file.content.length)) * sectorBytes)),
  ]);
}
