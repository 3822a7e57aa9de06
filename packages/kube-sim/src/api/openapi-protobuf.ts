/**
 * The version 2 document as gnostic's protobuf, the only form kubectl asks for. Field numbers are those of
 * google/gnostic-models, openapiv2/OpenAPIv2.proto; only what kube-sim's document has is known here.
 */

type Json = Record<string, unknown>;

/** `name:type`; `[]` repeats, `named` is a map as a list of name and value, other types are messages. */
const MESSAGES: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  Document: { 1: "swagger:string", 2: "info:Info", 8: "paths:Paths", 9: "definitions:NamedSchemas" },
  Info: { 1: "title:string", 2: "version:string" },
  Operation: {
    3: "description:string",
    5: "operationId:string",
    7: "consumes:[]string",
    8: "parameters:[]Parameter",
    9: "responses:Responses",
    13: "x-:extensions",
  },
  PathItem: {
    2: "get:Operation",
    3: "put:Operation",
    4: "post:Operation",
    5: "delete:Operation",
    8: "patch:Operation",
  },
  QueryParameter: {
    2: "in:string",
    3: "description:string",
    4: "name:string",
    6: "type:string",
    20: "uniqueItems:bool",
  },
  Response: { 1: "description:string" },
  Schema: {
    1: "$ref:string",
    2: "format:string",
    4: "description:string",
    5: "default:any",
    7: "maximum:double",
    9: "minimum:double",
    11: "maxLength:int",
    12: "minLength:int",
    13: "pattern:string",
    14: "maxItems:int",
    15: "minItems:int",
    19: "required:[]string",
    20: "enum:[]any",
    21: "additionalProperties:AdditionalProperties",
    22: "type:Type",
    23: "items:Items",
    25: "properties:NamedSchemas",
    31: "x-:extensions",
  },
};

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(Math.trunc(value)));
  while (rest >= 0x80n) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}

const field = (number: number, wireType: number, content: Buffer): Buffer =>
  Buffer.concat([varint(number * 8 + wireType), content]);

const delimited = (number: number, content: Buffer): Buffer =>
  field(number, BYTES, Buffer.concat([varint(content.length), content]));

/** An Any holds YAML, of which JSON is a part. */
const any = (value: unknown): Buffer => delimited(2, Buffer.from(JSON.stringify(value)));

const named = (number: number, entries: [string, Buffer][]): Buffer =>
  Buffer.concat(
    entries.map(([name, value]) =>
      delimited(number, Buffer.concat([delimited(1, Buffer.from(name)), delimited(2, value)])),
    ),
  );

const messages = (values: unknown, name: string): [string, Buffer][] =>
  Object.entries(values as Json).map(([key, value]) => [key, message(name, value as Json)]); // objects by the document's making

/** What a value of a type is when it stands in field `number`. */
function valueOf(type: string, number: number, value: unknown): Buffer {
  switch (type) {
    case "string":
      return delimited(number, Buffer.from(String(value)));
    case "bool":
      return field(number, VARINT, varint(value === true ? 1 : 0));
    case "int":
      return field(number, VARINT, varint(Number(value)));
    case "double": {
      const content = Buffer.alloc(8);
      content.writeDoubleLE(Number(value));
      return field(number, FIXED64, content);
    }
    case "any":
      return delimited(number, any(value));
    case "Type":
      return delimited(number, delimited(1, Buffer.from(String(value))));
    case "Items":
      return delimited(number, delimited(1, message("Schema", value as Json))); // a schema by JSON schema's rules
    case "AdditionalProperties":
      return delimited(
        number,
        typeof value === "object"
          ? delimited(1, message("Schema", value as Json))
          : valueOf("bool", 2, value), // as above
      );
    case "NamedSchemas":
      return delimited(number, named(1, messages(value, "Schema")));
    case "Paths":
      return delimited(number, named(2, messages(value, "PathItem")));
    case "Responses":
      return delimited(
        number,
        named(
          1,
          messages(value, "Response").map(([code, response]) => [code, delimited(1, response)]),
        ),
      );
    case "Parameter":
      // ParametersItem.parameter, Parameter.non_body_parameter, NonBodyParameter.query_parameter_sub_schema
      return delimited(
        number,
        delimited(1, delimited(2, delimited(3, message("QueryParameter", value as Json)))),
      ); // as above
    default:
      return delimited(number, message(type, value as Json)); // as above
  }
}

function message(name: string, content: Json): Buffer {
  const parts: Buffer[] = [];
  for (const [number, declared] of Object.entries(MESSAGES[name] ?? {})) {
    const colon = declared.lastIndexOf(":");
    const key = declared.slice(0, colon);
    const type = declared.slice(colon + 1);
    if (type === "extensions") {
      const extensions = Object.entries(content).filter(([extension]) => extension.startsWith(key));
      parts.push(
        named(
          Number(number),
          extensions.map(([extension, value]) => [extension, any(value)]),
        ),
      );
      continue;
    }
    const value = content[key];
    if (value === undefined) continue;
    if (type.startsWith("[]")) {
      for (const item of value as unknown[]) parts.push(valueOf(type.slice(2), Number(number), item)); // `[]` declares an array
    } else parts.push(valueOf(type, Number(number), value));
  }
  return Buffer.concat(parts);
}

/** The bytes of an OpenAPI version 2 document given as JSON. */
export const gnosticDocument = (document: Json): Buffer => message("Document", document);
