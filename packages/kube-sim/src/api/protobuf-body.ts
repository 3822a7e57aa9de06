/** Reads the protobuf bodies that typed clients send for built-in types. Answers are JSON, which they accept. */
import { badRequest, StatusError } from "../store/status-error.ts";
import { protobufMessages } from "./protobuf-messages.gen.ts";

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
      case 1:
        yield { number, value: bytes.subarray(offset, offset + 8) };
        offset += 8;
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

interface Field {
  /** Empty for a struct that is inlined. */
  name: string;
  /** A scalar, a special type or a message; of what a list or map holds. */
  type: string;
  holds: "one" | "list" | "map";
  /** Go leaves a zero out of JSON. */
  dropsZero: boolean;
}

const read = new Map<string, ReadonlyMap<number, Field>>();

/** The fields of a message by number. */
function fieldsOf(message: string): ReadonlyMap<number, Field> {
  const known = read.get(message);
  if (known !== undefined) return known;
  const fields = new Map(
    (protobufMessages[message] ?? "")
      .split(",")
      .filter((text) => text !== "")
      .map((text): [number, Field] => {
        const [number, name = "", word = ""] = text.split(" ");
        const [, mark = "", type = "", zero] = /^(\[\]|\{\})?([^?]*)(\?)?$/.exec(word) ?? [];
        const holds = mark === "[]" ? "list" : mark === "{}" ? "map" : "one";
        return [Number(number), { name, type, holds, dropsZero: zero !== undefined }];
      }),
  );
  read.set(message, fields);
  return fields;
}

/** The first occurrence of each field of a small message. */
const partsOf = (bytes: Buffer): Map<number, bigint | Buffer> =>
  new Map([...wireFields(bytes)].map(({ number, value }) => [number, value]));

const integer = (value: bigint | Buffer | undefined): number =>
  Number(BigInt.asIntN(64, typeof value === "bigint" ? value : 0n));

/** Of a Timestamp; what was never set is absent. */
function time(bytes: Buffer, digits: number): string | undefined {
  const parts = partsOf(bytes);
  const seconds = integer(parts.get(1));
  if (seconds <= 0) return undefined;
  const micros = String(Math.floor(integer(parts.get(2)) / 1000)).padStart(6, "0");
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}${digits === 0 ? "" : `.${micros}`}Z`;
}

/** Types that say of themselves how they are written (apimachinery). */
const SPECIAL: Readonly<Record<string, (bytes: Buffer) => unknown>> = {
  Time: (bytes) => time(bytes, 0),
  MicroTime: (bytes) => time(bytes, 6),
  Duration: (bytes) => `${integer(partsOf(bytes).get(1)) / 1e9}s`,
  Quantity: (bytes) => textOf(partsOf(bytes).get(1) ?? Buffer.from("0")),
  IntOrString: (bytes) => {
    const parts = partsOf(bytes);
    return integer(parts.get(1)) === 1 ? textOf(parts.get(3) ?? Buffer.alloc(0)) : integer(parts.get(2));
  },
  Raw: (bytes) => {
    const raw = bytesOf(partsOf(bytes).get(1) ?? Buffer.alloc(0));
    return raw.length === 0 ? undefined : (JSON.parse(raw.toString("utf8")) as unknown);
  },
};

function readValue(type: string, value: bigint | Buffer): unknown {
  switch (type) {
    case "string":
      return textOf(value);
    case "bytes":
      return bytesOf(value).toString("base64");
    case "int":
      return integer(value);
    case "float":
      return bytesOf(value).readDoubleLE(0);
    case "bool":
      return value === 1n;
    default: {
      const special = SPECIAL[type];
      return special === undefined ? readMessage(type, bytesOf(value)) : special(bytesOf(value));
    }
  }
}

function readMessage(message: string, bytes: Buffer): Json {
  const fields = fieldsOf(message);
  const result: Json = {};
  for (const { number, value } of wireFields(bytes)) {
    const field = fields.get(number);
    if (field === undefined) continue;
    const { name, type, holds } = field;
    if (holds === "map") {
      const parts = partsOf(bytesOf(value));
      const key = textOf(parts.get(1) ?? Buffer.alloc(0));
      const entry = readValue(type, parts.get(2) ?? Buffer.alloc(0));
      const map = (result[name] ??= Object.create(null)) as Json; // a map field
      map[key] = entry;
      continue;
    }
    const one = readValue(type, value);
    if (holds === "list")
      ((result[name] ??= []) as unknown[]).push(one); // a repeated field
    else if (name === "") Object.assign(result, one);
    else if (one !== undefined && !(field.dropsZero && (one === "" || one === 0 || one === false)))
      result[name] = one;
  }
  return result;
}

/** The message of a kind: groups are told by their first word, and options of any group are meta's. */
function messageOf(apiVersion: string, kind: string): string | undefined {
  const [group = "", version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  return [`${group.split(".")[0] ?? ""}/${version ?? ""}.${kind}`, `meta/v1.${kind}`].find(
    (name) => protobufMessages[name] !== undefined,
  );
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
  const message = messageOf(apiVersion, kind);
  if (message === undefined) {
    throw new StatusError(
      415,
      "UnsupportedMediaType",
      `kube-sim reads ${kind} as application/json or application/yaml only`,
      {},
    );
  }
  return { apiVersion, kind, ...readMessage(message, raw) };
}
