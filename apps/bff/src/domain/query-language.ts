/**
 * The small query language of every list: words match anything, `field:value` a field, `field>n` a number, a leading `-`
 * negates, quotes hold words together, `a,b` means either, `field=value` the whole of a text. Pure; what was not understood is told, the rest is applied.
 */
import type { QueryProblem } from "@kubev/api-types/list-query";
import type { ReasonCode } from "@kubev/api-types/reason-codes";
import { parseQuantity } from "./quantity.ts";

export type Operator = ":" | "=" | ">" | "<" | ">=" | "<=";

export interface Term {
  negated: boolean;
  /** '' for a plain word. */
  field: string;
  operator: Operator;
  value: string;
  at: number;
  length: number;
}

export interface ParsedQuery {
  terms: Term[];
  problems: QueryProblem[];
}

/** How one field of an entry is matched. */
export type QueryField<Entry> =
  | {
      kind: "text";
      match: "contains" | "prefix" | "equals";
      get: (entry: Entry) => string | readonly string[];
      /** All that it can be, of what is matched as a whole: another word is told and not searched for. */
      known?: readonly string[];
    }
  | { kind: "bytes"; get: (entry: Entry) => number }
  /** NaN is what is not known: no number compares with it. */
  | { kind: "number"; get: (entry: Entry) => number; parse: (text: string) => number }
  | { kind: "label"; get: (entry: Entry) => Readonly<Record<string, string>> };

const problem = (
  term: Pick<Term, "at" | "length">,
  code: ReasonCode,
  params: Record<string, string>,
): QueryProblem => ({ at: term.at, length: term.length, reason: { code, params } });

/** Splits a query into terms. Never throws, whatever the text. */
export function parseQuery(text: string): ParsedQuery {
  const terms: Term[] = [];
  const problems: QueryProblem[] = [];
  let i = 0;
  while (i < text.length) {
    if (/\s/.test(text.charAt(i))) {
      i += 1;
      continue;
    }
    const at = i;
    let negated = false;
    if (text[i] === "-" && i + 1 < text.length && !/\s/.test(text.charAt(i + 1))) {
      negated = true;
      i += 1;
    }
    // `cpu:>4` is `cpu>4`
    const head = /^([a-zA-Z]+)(?::(?=[<>]))?(>=|<=|:|=|>|<)/.exec(text.slice(i));
    let field = "";
    let operator: Operator = ":";
    if (head !== null) {
      field = (head[1] ?? "").toLowerCase();
      operator = head[2] as Operator; // the alternatives of the pattern are exactly the operators
      i += head[0].length;
    }
    let value = "";
    while (i < text.length && !/\s/.test(text.charAt(i))) {
      if (text[i] !== '"') {
        value += text[i];
        i += 1;
        continue;
      }
      const close = text.indexOf('"', i + 1);
      if (close < 0) {
        problems.push({ at: i, length: text.length - i, reason: { code: "query-quote-open" } });
        value += text.slice(i + 1);
        i = text.length;
      } else {
        value += text.slice(i + 1, close);
        i = close + 1;
      }
    }
    if (field === "" && value === "") continue;
    terms.push({ negated, field, operator, value, at, length: i - at });
  }
  return { terms, problems };
}

const mostKnown = 10_000;

function textTest<Entry>(
  field: Extract<QueryField<Entry>, { kind: "text" }>,
  operator: ":" | "=",
  value: string,
) {
  const match = operator === "=" ? "equals" : field.match;
  const wanted = value
    .toLowerCase()
    .split(",")
    .filter((part) => part !== "");
  const look = (have: string): boolean => {
    const low = have.toLowerCase();
    return wanted.some((part) =>
      match === "equals" ? low === part : match === "prefix" ? low.startsWith(part) : low.includes(part),
    );
  };
  // states, hosts and the like repeat over thousands of entries; a query may be asked for days
  const known = new Map<string, boolean>();
  const one = (have: string): boolean => {
    // names are as many as entries
    if (field.match !== "equals") return look(have);
    let answer = known.get(have);
    if (answer === undefined) {
      answer = look(have);
      if (known.size >= mostKnown) known.clear();
      known.set(have, answer);
    }
    return answer;
  };
  if (wanted.length === 0) {
    // `field:` asks for entries without a value
    return (entry: Entry) => {
      const have = field.get(entry);
      return typeof have === "string" ? have === "" : have.length === 0;
    };
  }
  return (entry: Entry) => {
    const have = field.get(entry);
    return typeof have === "string" ? one(have) : have.some(one);
  };
}

function numberTest<Entry>(
  field: Extract<QueryField<Entry>, { kind: "number" | "bytes" }>,
  operator: Operator,
  wanted: number,
) {
  switch (operator) {
    case ">":
      return (entry: Entry) => field.get(entry) > wanted;
    case "<":
      return (entry: Entry) => field.get(entry) < wanted;
    case ">=":
      return (entry: Entry) => field.get(entry) >= wanted;
    case "<=":
      return (entry: Entry) => field.get(entry) <= wanted;
    case ":":
    case "=":
      return (entry: Entry) => field.get(entry) === wanted;
  }
}

/** Below this a number without a unit is no size that anybody means, as in `memory>4`. */
const leastBytes = 2 ** 20;
const isBare = (text: string) => /^[0-9.]+$/.test(text);

/** The words of a value that the field can have; null where none is left of it. Those that it cannot have are added to `problems`. */
function knownPart(
  term: Term,
  known: readonly string[] | undefined,
  problems: QueryProblem[],
): string | null {
  if (known === undefined || term.value === "") return term.value;
  const words = term.value.split(",").filter((word) => word !== "");
  const can = new Set(known.map((word) => word.toLowerCase()));
  const kept = words.filter((word) => can.has(word.toLowerCase()));
  const lost = words.filter((word) => !can.has(word.toLowerCase()));
  if (lost.length === 0) return term.value;
  const params = { field: term.field, value: lost.join(", "), choices: known.join(", ") };
  problems.push(problem(term, "query-value-unknown", params));
  return kept.length === 0 ? null : kept.join();
}

function labelTest<Entry>(field: Extract<QueryField<Entry>, { kind: "label" }>, value: string) {
  const equals = value.indexOf("=");
  const key = equals < 0 ? value : value.slice(0, equals);
  const wanted = equals < 0 ? null : value.slice(equals + 1).split(",");
  return (entry: Entry) => {
    const labels = field.get(entry);
    if (!Object.hasOwn(labels, key)) return false;
    return wanted === null || wanted.includes(labels[key] ?? "");
  };
}

/** Turns terms into one test over entries. `haystack` must be lower case. */
export function compileQuery<Entry>(
  query: ParsedQuery,
  fields: Readonly<Record<string, QueryField<Entry>>>,
  haystack: (entry: Entry) => string,
): { test: ((entry: Entry) => boolean) | null; problems: QueryProblem[] } {
  const problems = [...query.problems];
  const tests: ((entry: Entry) => boolean)[] = [];
  const add = (negated: boolean, test: (entry: Entry) => boolean) =>
    tests.push(negated ? (entry) => !test(entry) : test);
  const choices = Object.keys(fields).join(", ");
  for (const term of query.terms) {
    if (term.field === "") {
      const word = term.value.toLowerCase();
      add(term.negated, (entry) => haystack(entry).includes(word));
      continue;
    }
    const field = Object.hasOwn(fields, term.field) ? fields[term.field] : undefined;
    if (field === undefined) {
      problems.push(problem(term, "query-field-unknown", { field: term.field, choices }));
    } else if (field.kind === "number") {
      const wanted = field.parse(term.value);
      if (Number.isNaN(wanted))
        problems.push(problem(term, "query-value-not-number", { field: term.field, value: term.value }));
      else add(term.negated, numberTest(field, term.operator, wanted));
    } else if (field.kind === "bytes") {
      const { value } = term;
      const wanted = parseQuantity(value);
      if (Number.isNaN(wanted))
        problems.push(problem(term, "query-value-not-number", { field: term.field, value }));
      else if (isBare(value) && wanted > 0 && wanted < leastBytes)
        problems.push(problem(term, "query-unit-missing", { value }));
      else add(term.negated, numberTest(field, term.operator, wanted));
    } else if (term.operator !== ":" && term.operator !== "=") {
      problems.push(problem(term, "query-operator-wrong", { field: term.field }));
    } else if (field.kind === "label") add(term.negated, labelTest(field, term.value));
    else {
      const value = knownPart(term, field.known, problems);
      if (value !== null) add(term.negated, textTest(field, term.operator, value));
    }
  }
  if (tests.length === 0) return { test: null, problems };
  return { test: (entry) => tests.every((test) => test(entry)), problems };
}
