/**
 * Reads an object of a built-in kind as the API server's typed decoder does: fields without a place in the type are
 * dropped and named, null means "not given", and the first value of a wrong type is an error in the words of Go's
 * encoding/json (sigs.k8s.io/json, and the types that read themselves: Quantity, IntOrString, Time).
 */
import { resolveSchema, type StructuralSchema } from "./structural-schema.ts";

type Json = Record<string, unknown>;

export interface Decoded {
  value: unknown;
  /** Paths of what has no place, in the order they were met: `spec.containers[0].imagee`. */
  unknown: string[];
  /** The first value that does not fit, in Go's words. */
  error: string | undefined;
}

/** Where a value stands: Go names fields without the places in their lists. */
interface Place {
  path: string;
  /** `PodSpec`: the innermost struct. */
  struct: string;
  /** `spec.containers`: the fields on the way. */
  fields: string;
}

/** Objects whose fields are anybody's. */
const OPEN = /\.(RawExtension|FieldsV1)$/;
const SPECIAL_TIME = /\.meta\.v1\.(Micro)?Time$/;

export interface Decoding {
  /** Where the value stands in its object: '' for a whole one. */
  at?: string;
  /** Whether what is not given gets the default that its type declares. */
  defaults: boolean;
}

/** `struct` is the Go name of the value's own type. */
export function decodeBuiltin(
  value: unknown,
  schema: StructuralSchema,
  struct: string,
  { at = "", defaults }: Decoding,
): Decoded {
  const decoder = new Decoder(defaults);
  const result = decoder.read(value, schema, { path: at, struct, fields: at });
  return { value: result, unknown: decoder.unknown, error: decoder.error };
}

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** How Go calls a JSON value. */
const jsonKind = (value: unknown): string =>
  Array.isArray(value) ? "array" : typeof value === "boolean" ? "bool" : typeof value;

/** The last two parts of a model's name: `v1.PodSpec`, `resource.Quantity`. */
const modelType = (name: string): string => name.split(".").slice(-2).join(".");

function goType(reference: StructuralSchema): string {
  if (reference.go !== undefined) return reference.go;
  if (typeof reference.$ref === "string") return modelType(reference.$ref);
  switch (reference.type) {
    case "array":
      return `[]${goType(reference.items ?? {})}`;
    case "object":
      return `map[string]${goType(
        typeof reference.additionalProperties === "object" ? reference.additionalProperties : {},
      )}`;
    case "integer":
      return reference.format ?? "int";
    case "boolean":
      return "bool";
    case "number":
      return "float64";
    default:
      return reference.format === "byte" ? "[]uint8" : "string";
  }
}

class Decoder {
  readonly unknown: string[] = [];
  error: string | undefined;
  readonly #defaults: boolean;

  constructor(defaults: boolean) {
    this.#defaults = defaults;
  }

  read(value: unknown, reference: StructuralSchema, place: Place): unknown {
    const schema = resolveSchema(reference);
    if (typeof reference.$ref === "string" && (schema.type !== "object" || OPEN.test(reference.$ref)))
      return this.#special(value, reference.$ref);
    switch (schema.type) {
      case "object":
        if (!isRecord(value)) return this.#refuse(value, reference, place);
        return this.#fields(value, reference, schema, place);
      case "array":
        if (!Array.isArray(value)) return this.#refuse(value, reference, place);
        return this.#items(value, schema, place);
      case "integer":
        return this.#integer(value, reference, place);
      case undefined:
        return value;
      default:
        return this.#scalar(value, reference, schema, place);
    }
  }

  #fields(value: Json, reference: StructuralSchema, schema: StructuralSchema, place: Place): Json {
    const { additionalProperties } = schema;
    const properties = additionalProperties === undefined ? (schema.properties ?? {}) : undefined;
    const struct = properties === undefined ? place.struct : (modelName(reference) ?? place.struct);
    const result: Json = {};
    for (const [key, field] of Object.entries(value)) {
      const path = place.path === "" ? key : `${place.path}.${key}`;
      if (properties !== undefined) {
        const known = properties[key];
        if (known === undefined) this.unknown.push(path);
        else if (field !== null) {
          const fields = place.fields === "" ? key : `${place.fields}.${key}`;
          result[key] = this.read(field, known, { path, struct, fields });
        }
      } else if (typeof additionalProperties === "object") {
        // the zero value of a map's strings is a value
        if (field === null && additionalProperties.type === "string") result[key] = "";
        else if (field !== null) result[key] = this.read(field, additionalProperties, { ...place, path });
      }
    }
    if (this.#defaults) fillDefaults(result, schema);
    return result;
  }

  #items(value: unknown[], schema: StructuralSchema, place: Place): unknown[] {
    const items = schema.items ?? {};
    return value.map((item, index) =>
      this.read(item ?? zeroOf(items), items, { ...place, path: `${place.path}[${index}]` }),
    );
  }

  #integer(value: unknown, reference: StructuralSchema, place: Place): unknown {
    if (typeof value !== "number") return this.#refuse(value, reference, place);
    const most = reference.format === "int32" ? 2 ** 31 : 2 ** 63;
    if (Number.isInteger(value) && value < most && value >= -most) return value;
    return this.#refuse(value, reference, place, `number ${value}`);
  }

  #scalar(value: unknown, reference: StructuralSchema, schema: StructuralSchema, place: Place): unknown {
    if (typeof value !== schema.type) return this.#refuse(value, reference, place);
    if (schema.format === "byte" && typeof value === "string") this.#bytes(value);
    return value;
  }

  /** Base64 as Go reads it: line ends are skipped, padding is asked for. */
  #bytes(value: string): void {
    const text = value.replaceAll(/[\r\n]/g, "");
    const match = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?/.exec(text);
    const good = match?.[0].length ?? 0;
    if (good === text.length) return;
    const rest = /^[A-Za-z0-9+/]*/.exec(text.slice(good))?.[0].length ?? 0;
    // a quantum that ends early is reported at its start's end, a foreign character where it stands
    this.#fail(`illegal base64 data at input byte ${good + rest === text.length ? good : good + rest}`);
  }

  /** Types with a reading of their own know nothing of the field they stand in. */
  #special(value: unknown, name: string): unknown {
    if (name.endsWith(".Quantity")) {
      const text = typeof value === "number" ? String(value) : value;
      if (
        typeof text === "string" &&
        /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/.test(text)
      )
        return value;
      return this.#fail(
        "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
      );
    }
    if (name.endsWith(".IntOrString")) {
      if (typeof value === "string" || Number.isInteger(value)) return value;
      return this.#fail(
        `json: cannot unmarshal ${typeof value === "number" ? `number ${value}` : jsonKind(value)} into Go value of type int32`,
      );
    }
    if (SPECIAL_TIME.test(name)) return this.#time(value, name.endsWith("MicroTime"));
    if (name.endsWith(".Duration")) {
      if (typeof value === "string") return value;
      return this.#fail(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
    }
    return value;
  }

  #time(value: unknown, micro: boolean): unknown {
    if (typeof value !== "string")
      return this.#fail(`json: cannot unmarshal ${jsonKind(value)} into Go value of type string`);
    if (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.test(value)) return value;
    const layout = micro ? "2006-01-02T15:04:05.000000Z07:00" : "2006-01-02T15:04:05Z07:00";
    const matched = /^\d{4}(-\d\d(-\d\d(T\d\d(:\d\d(:\d\d)?)?)?)?)?/.exec(value)?.[0] ?? "";
    const wanted = ["2006", "-", "01", "-", "02", "T", "15", ":", "04", ":", "05", "Z07:00"];
    const parts = matched === "" ? 0 : matched.split(/[-T:]/).length * 2 - 1;
    return this.#fail(
      `parsing time ${JSON.stringify(value)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(value.slice(matched.length))} as ${JSON.stringify(wanted[parts] ?? "Z07:00")}`,
    );
  }

  #refuse(value: unknown, reference: StructuralSchema, place: Place, shown = jsonKind(value)): unknown {
    const into = place.fields === "" ? "Go value" : `Go struct field ${place.struct}.${place.fields}`;
    return this.#fail(`json: cannot unmarshal ${shown} into ${into} of type ${goType(reference)}`);
  }

  #fail(error: string): undefined {
    this.error ??= error;
    return undefined;
  }
}

/** What null in a list is to Go: the element's zero value. */
function zeroOf(reference: StructuralSchema): unknown {
  if (typeof reference.$ref === "string" && reference.$ref.endsWith(".Quantity")) return "0";
  switch (resolveSchema(reference).type) {
    case "object":
      return {};
    case "array":
      return [];
    case "string":
      return "";
    case "boolean":
      return false;
    case "integer":
    case "number":
      return 0;
    default:
      return null;
  }
}

const declaredDefaults = new WeakMap<StructuralSchema, (readonly [string, unknown])[]>();

/** Defaults that are Go's zero values say nothing: they are left out when an object is written. */
function fillDefaults(object: Json, schema: StructuralSchema): void {
  let defaults = declaredDefaults.get(schema);
  if (defaults === undefined) {
    defaults = Object.entries(schema.properties ?? {}).flatMap(([name, { default: fallback }]) =>
      fallback === undefined || fallback === "" || fallback === false || fallback === 0
        ? []
        : [[name, fallback] as const],
    );
    declaredDefaults.set(schema, defaults);
  }
  for (const [name, fallback] of defaults) object[name] ??= fallback;
}

const modelName = (reference: StructuralSchema): string | undefined =>
  typeof reference.$ref === "string" ? reference.$ref.slice(reference.$ref.lastIndexOf(".") + 1) : undefined;
