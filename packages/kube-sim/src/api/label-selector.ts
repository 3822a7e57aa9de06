/**
 * Label selectors in the query-string form: `a=b,c!=d,e in (f,g),h notin (i),j,!k,n>1`. Read token by token, so that
 * what is refused is refused in upstream's words. Source: apimachinery's pkg/labels/selector.go.
 */
import { badRequest } from "../store/status-error.ts";

export type LabelMatcher = (labels: Record<string, string> | undefined) => boolean;

const OPERATORS = ["in", "notin", "=", "==", "!=", ">", "<"];
const KEY = /^(?:[a-z0-9](?:[-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/;
const KEY_RULE =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
const VALUE_RULE =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";

/** Symbols are single tokens, everything else up to a symbol or a space is a word. */
const tokensOf = (selector: string): string[] => selector.match(/==|!=|[=!<>(),]|[^\s=!<>(),]+/g) ?? [];

const isWord = (token: string | undefined): boolean => /^[^=!<>(),]/.test(token ?? "");

class SelectorReader {
  readonly #tokens: string[];
  #position = 0;

  constructor(selector: string) {
    this.#tokens = tokensOf(selector);
  }

  read(): LabelMatcher[] {
    const matchers: LabelMatcher[] = [];
    for (;;) {
      const token = this.#peek();
      if (token === undefined) return matchers;
      if (token !== "!" && !isWord(token))
        throw new Error(`found '${token}', expected: !, identifier, or 'end of string'`);
      try {
        matchers.push(this.#requirement());
      } catch (error) {
        throw new Error(`unable to parse requirement: ${(error as Error).message}`, { cause: error }); // thrown below
      }
      const after = this.#next();
      if (after === undefined) return matchers;
      if (after !== ",") throw new Error(`found '${after}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (following !== "!" && !isWord(following))
        throw new Error(`found '${following ?? ""}', expected: identifier after ','`);
    }
  }

  #peek(): string | undefined {
    return this.#tokens[this.#position];
  }

  #next(): string | undefined {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }

  #requirement(): LabelMatcher {
    const isAbsence = this.#peek() === "!";
    if (isAbsence) this.#next();
    const key = this.#next() ?? "";
    if (!isWord(key)) throw new Error(`found '${key}', expected: identifier`);
    if (!KEY.test(key)) throw new Error(`key: Invalid value: ${JSON.stringify(key)}: ${KEY_RULE}`);
    if (isAbsence) return (labels) => labels?.[key] === undefined;
    const end = this.#peek();
    if (end === undefined || end === ",") return (labels) => labels?.[key] !== undefined;
    const operator = this.#next() ?? "";
    if (!OPERATORS.includes(operator))
      throw new Error(`found '${operator}', expected: ${OPERATORS.join(", ")}`);
    const values = operator === "in" || operator === "notin" ? this.#values() : [this.#exactValue()];
    return matcherOf(key, operator, values);
  }

  #exactValue(): string {
    const token = this.#peek();
    if (token === undefined || token === ",") return "";
    this.#next();
    if (!isWord(token)) throw new Error(`found '${token}', expected: identifier`);
    return token;
  }

  #values(): string[] {
    const open = this.#next();
    if (open !== "(") throw new Error(`found '${open ?? ""}' expected: '('`);
    const values: string[] = [];
    let isExpected = true;
    for (;;) {
      const token = this.#next();
      if (token === ")" || token === ",") {
        if (isExpected) values.push("");
        if (token === ")") return values;
        isExpected = true;
      } else if (token !== undefined && isWord(token) && isExpected) {
        values.push(token);
        isExpected = false;
      } else {
        throw new Error(`found '${token ?? ""}', expected: ',' or ')'`);
      }
    }
  }
}

function matcherOf(key: string, operator: string, values: string[]): LabelMatcher {
  const [value = ""] = values;
  if (operator === ">" || operator === "<") {
    if (!/^[-+]?\d+$/.test(value))
      throw new Error(
        `values[0]: Invalid value: ${JSON.stringify(value)}: for 'Gt', 'Lt' operators, the value must be an integer`,
      );
    const bound = Number(value);
    return (labels) => {
      const label = labels?.[key];
      if (label === undefined || !/^[-+]?\d+$/.test(label)) return false;
      return operator === ">" ? Number(label) > bound : Number(label) < bound;
    };
  }
  for (const [index, one] of values.entries()) {
    if (!VALUE.test(one))
      throw new Error(`values[${index}][${key}]: Invalid value: ${JSON.stringify(one)}: ${VALUE_RULE}`);
  }
  const wanted = new Set(values);
  const isWanted = operator === "in" || operator === "=" || operator === "==";
  return (labels) => {
    const label = labels?.[key];
    return isWanted ? label !== undefined && wanted.has(label) : label === undefined || !wanted.has(label);
  };
}

/** Undefined when everything matches. Throws 400 on a selector that cannot be read. */
export function parseLabelSelector(selector: string | null): LabelMatcher | undefined {
  if (selector === null || selector.trim() === "") return undefined;
  try {
    const matchers = new SelectorReader(selector).read();
    return (labels) => matchers.every((matches) => matches(labels));
  } catch (error) {
    throw badRequest((error as Error).message); // SelectorReader throws Errors
  }
}
