/** A fault as data: what shall go wrong, with which requests, how often. Read from files and from the admin socket as well. */

const CODES = [401, 404, 409, 410, 422, 429, 500, 503, 504] as const;

export type FaultCode = (typeof CODES)[number];

export type FaultEffect =
  /** Answers with a Status of this code instead of doing the request. */
  | { kind: "status"; code: FaultCode; retryAfterSeconds?: number }
  /** Answers with this code and text, a Status or not, instead of doing the request. */
  | { kind: "answer"; code: number; text: string }
  /** As if the API group were not installed: its paths are not there, and discovery does not name it. */
  | { kind: "missing-group"; group: string }
  /** Does the request later. */
  | { kind: "delay"; delayMs: number }
  /** Takes the request and never answers. */
  | { kind: "silence" }
  /** Closes the connection without an answer. */
  | { kind: "hang-up" }
  /** Begins an answer, and closes the connection after so many bytes of it. */
  | { kind: "cut"; afterBytes: number }
  /** Sends the answer in pieces of so many bytes; a watch for as long as it lasts. */
  | { kind: "split"; pieceBytes: number }
  /** Lets so many lines of a watch pass, then sends this text after them, which need not be a whole line, and ends the answer. */
  | { kind: "last-words"; afterLines: number; text: string };

export interface Fault {
  method?: string;
  /** Matches where the path with its query contains this text; everywhere when absent. */
  urlContains?: string;
  effect: FaultEffect;
  /** How many requests it hits; all when absent. */
  times?: number;
  /** Hits only each so-manieth of the requests that match. */
  everyNth?: number;
}

type Json = Record<string, unknown>;

const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function count(value: unknown, name: string): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 0)
    throw new Error(`${name} must be a whole number of 0 or more`);
  return value;
}

function text(value: unknown, name: string): string {
  if (typeof value !== "string") throw new Error(`${name} must be a text`);
  return value;
}

function readEffect(value: unknown): FaultEffect {
  if (!isRecord(value)) throw new Error("effect must be an object with a kind");
  switch (value["kind"]) {
    case "status": {
      const code = CODES.find((one) => one === value["code"]);
      if (code === undefined) throw new Error(`effect.code must be one of ${CODES.join(", ")}`);
      const { retryAfterSeconds } = value;
      return {
        kind: "status",
        code,
        ...(retryAfterSeconds === undefined
          ? {}
          : { retryAfterSeconds: count(retryAfterSeconds, "effect.retryAfterSeconds") }),
      };
    }
    case "answer": {
      const code = count(value["code"], "effect.code");
      if (code < 200 || code > 599) throw new Error("effect.code must be a status from 200 to 599");
      return { kind: "answer", code, text: text(value["text"], "effect.text") };
    }
    case "missing-group":
      return { kind: "missing-group", group: text(value["group"], "effect.group") };
    case "delay":
      return { kind: "delay", delayMs: count(value["delayMs"], "effect.delayMs") };
    case "cut":
      return { kind: "cut", afterBytes: count(value["afterBytes"], "effect.afterBytes") };
    case "split":
      return { kind: "split", pieceBytes: Math.max(1, count(value["pieceBytes"], "effect.pieceBytes")) };
    case "last-words":
      return {
        kind: "last-words",
        afterLines: count(value["afterLines"], "effect.afterLines"),
        text: text(value["text"], "effect.text"),
      };
    case "silence":
    case "hang-up":
      return { kind: value["kind"] };
    default:
      throw new Error(
        "effect.kind must be one of status, answer, missing-group, delay, silence, hang-up, cut, split, last-words",
      );
  }
}

const FIELDS = new Set(["method", "urlContains", "effect", "times", "everyNth"]);

/** @throws Error that names the field that is wrong */
export function readFault(value: unknown): Fault {
  if (!isRecord(value)) throw new Error("a fault must be an object");
  const unknown = Object.keys(value).find((name) => !FIELDS.has(name));
  if (unknown !== undefined) throw new Error(`a fault has no field ${unknown}`);
  const { method, urlContains, times, everyNth } = value;
  return {
    effect: readEffect(value["effect"]),
    ...(method === undefined ? {} : { method: text(method, "method") }),
    ...(urlContains === undefined ? {} : { urlContains: text(urlContains, "urlContains") }),
    ...(times === undefined ? {} : { times: count(times, "times") }),
    ...(everyNth === undefined ? {} : { everyNth: Math.max(1, count(everyNth, "everyNth")) }),
  };
}

/** The faults of a YAML file: a list of them. @throws Error with the place that is wrong */
export function readFaults(value: unknown): Fault[] {
  if (!Array.isArray(value)) throw new Error("the file must hold a list of faults");
  return value.map((item: unknown, index) => {
    try {
      return readFault(item);
    } catch (error) {
      throw new Error(`fault ${index + 1}: ${(error as Error).message}`, { cause: error }); // readFault throws Errors
    }
  });
}
