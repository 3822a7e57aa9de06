/** Reads the protobuf bodies that kubectl sends for a few built-in types. Answers are JSON, which it accepts. */
import { badRequest, StatusError } from "../store/status-error.ts";
import { MESSAGES } from "./protobuf-messages.ts";

export const PROTOBUF = "application/vnd.kubernetes.protobuf";
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

type Json = Record<string, unknown>;

interface WireField {
  number: number;
  /** A varint, or the bytes of a length-delimited field. */
  value: bigint | Buffer;
}

function* wireFields(bytes: Buffer): Generator<WireField> {
  let offset = 0;
  const varint = (): bigint => {
    let result = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[offset];
      if (byte === undefined) throw badRequest("unexpected EOF");
      offset += 1;
      result |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return result;
    }
    throw badRequest("proto: integer overflow");
  };
  while (offset < bytes.length) {
    const tag = Number(varint());
    const number = tag >>> 3;
    switch (tag & 7) {
      case 0:
        yield { number, value: varint() };
        break;
      case 2: {
        const length = Number(varint());
        if (offset + length > bytes.length) throw badRequest("unexpected EOF");
        yield { number, value: bytes.subarray(offset, offset + length) };
        offset += length;
        break;
      }
      default:
        throw badRequest(`proto: illegal wireType ${tag & 7}`);
    }
  }
}

const textOf = (value: bigint | Buffer): string =>
  typeof value === "bigint" ? String(value) : value.toString("utf8");
const bytesOf = (value: bigint | Buffer): Buffer => (typeof value === "bigint" ? Buffer.alloc(0) : value);

function mapEntry(bytes: Buffer, read: (value: Buffer) => string): [string, string] {
  let key = "";
  let value = read(Buffer.alloc(0));
  for (const field of wireFields(bytes)) {
    if (field.number === 1) key = textOf(field.value);
    if (field.number === 2) value = read(bytesOf(field.value));
  }
  return [key, value];
}

/** A Quantity is a message whose field 1 is its text. */
function quantity(bytes: Buffer): string {
  for (const field of wireFields(bytes)) if (field.number === 1) return textOf(field.value);
  return "0";
}

function readTime(bytes: Buffer): string | undefined {
  for (const field of wireFields(bytes)) {
    if (field.number === 1 && typeof field.value === "bigint" && field.value > 0n) {
      return `${new Date(Number(field.value) * 1000).toISOString().slice(0, 19)}Z`;
    }
  }
  return undefined;
}

function readValue(type: string, value: bigint | Buffer): unknown {
  switch (type) {
    case "string":
      return textOf(value);
    case "int":
      return Number(BigInt.asIntN(64, typeof value === "bigint" ? value : 0n));
    case "bool":
      return value === 1n;
    case "Time":
      return readTime(bytesOf(value));
    default:
      return readMessage(type, bytesOf(value));
  }
}

const MAPS: Record<string, (value: Buffer) => string> = {
  map: (value) => value.toString("utf8"),
  bytesmap: (value) => value.toString("base64"),
  quantities: quantity,
};

function readMessage(name: string, bytes: Buffer): Json {
  const fields = MESSAGES[name] ?? {};
  const result: Json = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields[number];
    if (field === undefined) continue;
    const [key = "", type = ""] = field.split(":");
    const readMapValue = MAPS[type];
    if (readMapValue !== undefined) {
      const [entry, entryValue] = mapEntry(bytesOf(value), readMapValue);
      result[key] = { ...(result[key] as Json | undefined), [entry]: entryValue }; // a map field
    } else if (type.startsWith("[]")) {
      result[key] = [...((result[key] as unknown[] | undefined) ?? []), readValue(type.slice(2), value)]; // a repeated field
    } else {
      const read = readValue(type, value);
      if (read !== undefined && read !== "") result[key] = read;
    }
  }
  return result;
}

/** The object in a protobuf envelope, as JSON; 415 for types kube-sim has no table for. */
export function readProtobuf(bytes: Buffer): Json {
  if (!bytes.subarray(0, 4).equals(MAGIC)) {
    throw badRequest(
      "provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]",
    );
  }
  let apiVersion = "";
  let kind = "";
  let raw = Buffer.alloc(0);
  for (const { number, value } of wireFields(bytes.subarray(4))) {
    if (number === 1) {
      for (const type of wireFields(bytesOf(value))) {
        if (type.number === 1) apiVersion = textOf(type.value);
        if (type.number === 2) kind = textOf(type.value);
      }
    }
    if (number === 2) raw = Buffer.from(bytesOf(value));
  }
  if (MESSAGES[kind] === undefined) {
    throw new StatusError(
      415,
      "UnsupportedMediaType",
      `kube-sim reads ${kind} as application/json or application/yaml only`,
      {},
    );
  }
  return { apiVersion, kind, ...readMessage(kind, raw) };
}
