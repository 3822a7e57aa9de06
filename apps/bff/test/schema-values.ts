/** Values of a JSON Schema, and values that are nearly so: what a stranger may send to an operation that declares it. */

export interface JsonSchema {
  type?: string | string[];
  enum?: unknown[];
  const?: unknown;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  items?: JsonSchema;
  pattern?: string;
  format?: string;
  minLength?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  minItems?: number;
  maxItems?: number;
  $ref?: string;
}

/** In [0, 1). */
type Random = () => number;

export function pick<T>(random: Random, from: readonly T[]): T {
  const found = from[Math.floor(random() * from.length)];
  if (found === undefined) throw new Error("Nothing to pick from");
  return found;
}

/** Nested so deeply that whoever walks it by calling himself runs out of stack. */
export function deep(depth: number): unknown {
  let value: unknown = 1;
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

/** As JSON.stringify, which runs out of stack itself where a value is nested too deeply: then another one that is. */
export function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "null";
  } catch {
    return `${"[".repeat(50_000)}${"]".repeat(50_000)}`;
  }
}

/** Texts that have broken other servers. */
export const hostileTexts = [
  "",
  " ",
  "..",
  "../../etc/passwd",
  "%2e%2e%2f",
  "a/b",
  "a\\b",
  "a\u0000b",
  "\uFEFFa",
  "\u202Ea",
  "😀".repeat(200),
  "x".repeat(70),
  "x".repeat(5000),
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "-1",
  "1e400",
  "NaN",
  "9007199254740993",
  "0x10",
  "'; drop table sessions; --",
  "<script>alert(1)</script>",
  // oxlint-disable-next-line no-template-curly-in-string -- what somebody may send
  "${7*7}",
  "a\r\nset-cookie: b=c",
  "A".repeat(64),
  "-a",
  "a-",
  "a..b",
  "*",
  "project:",
  '"open',
  "cpu>",
  "-label:",
  "(((((((((((((((((((((((((((((((",
] as const;

const hostileValues: readonly unknown[] = [
  null,
  true,
  -1,
  0,
  1.5,
  1e308,
  2 ** 53,
  -(2 ** 63),
  [],
  {},
  [[]],
  [null],
  { length: -1 },
  { toString: 1, valueOf: 2 },
];

export interface ValueSource {
  random: Random;
  /** Words of the cluster under test, so that some of what is sent means something. */
  words: readonly string[];
  /** Values for texts of this property's name. */
  texts?: Readonly<Record<string, (random: Random) => string>>;
  /** How often, in [0, 1), something is not as the schema has it. */
  wrongness: number;
}

function textOf(schema: JsonSchema, { random, words }: ValueSource): string {
  if (random() < 0.7) return pick(random, words);
  if (schema.format === "date-time") return pick(random, ["2026-01-01T00:00:00Z", "2026-13-45T99:99:99Z"]);
  const length = Math.min(schema.maxLength ?? 12, (schema.minLength ?? 0) + Math.floor(random() * 12));
  return Array.from({ length }, () => pick(random, "abcz019-.".split(""))).join("");
}

function numberOf(schema: JsonSchema, { random }: ValueSource): number {
  const least = schema.minimum ?? 0;
  const most = Math.min(schema.maximum ?? 1000, least + 1e12);
  return pick(random, [least, most, Math.floor(least + random() * (most - least)), least + 1]);
}

function objectOf(schema: JsonSchema, root: JsonSchema, source: ValueSource): Record<string, unknown> {
  const { random, wrongness } = source;
  const required = new Set(schema.required);
  const value: Record<string, unknown> = {};
  for (const [key, property] of Object.entries(schema.properties ?? {})) {
    const isThere = required.has(key) ? random() >= wrongness / 4 : random() < 0.6;
    if (isThere) value[key] = valueOf(property, root, source, key);
  }
  if (typeof schema.additionalProperties === "object")
    for (let count = Math.floor(random() * 3); count > 0; count -= 1)
      value[pick(random, source.words)] = valueOf(schema.additionalProperties, root, source);
  if (random() < wrongness / 4)
    Object.defineProperty(value, pick(random, ["__proto__", "constructor", "extra"]), {
      value: { polluted: true },
      enumerable: true,
    });
  return value;
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  if (schema.$ref === undefined) return schema;
  let found: unknown = root;
  for (const segment of schema.$ref.replace(/^#\/?/, "").split("/"))
    if (segment !== "") found = (found as Record<string, unknown> | undefined)?.[segment]; // a pointer into the schema
  return found ?? {};
}

/** A value of `schema`, or nearly one. */
export function valueOf(schema: JsonSchema, root: JsonSchema, source: ValueSource, name = ""): unknown {
  const { random, wrongness } = source;
  if (random() < wrongness / 3)
    return random() < 0.02 ? deep(5000) : pick(random, [...hostileTexts, ...hostileValues]);
  const text = source.texts?.[name];
  if (text !== undefined) return text(random);
  const one = resolved(schema, root);
  if (one.const !== undefined) return one.const;
  if (one.enum !== undefined) return pick(random, one.enum);
  const branches = one.anyOf ?? one.oneOf;
  if (branches !== undefined) return valueOf(pick(random, branches), root, source, name);
  if (one.allOf !== undefined)
    return Object.assign({}, ...one.allOf.map((part) => valueOf(part, root, source, name)));
  switch (Array.isArray(one.type) ? pick(random, one.type) : one.type) {
    case "object":
      return objectOf(one, root, source);
    case "array": {
      const length = Math.max(one.minItems ?? 0, Math.floor(random() * Math.min(one.maxItems ?? 4, 4)));
      return Array.from({ length }, () => valueOf(one.items ?? {}, root, source));
    }
    case "string":
      return textOf(one, source);
    case "number":
    case "integer":
      return numberOf(one, source);
    case "boolean":
      return random() < 0.5;
    case "null":
      return null;
    default:
      return pick(random, [...hostileValues, ...source.words]);
  }
}
