/** Label selectors in the query-string form: `a=b,c!=d,e in (f,g),h notin (i),j,!k,n>1`. */
import { badRequest } from "../store/status-error.ts";

export type LabelMatcher = (labels: Record<string, string> | undefined) => boolean;

const NAME = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
const SET = new RegExp(`^(${NAME})\\s+(in|notin)\\s*\\(([^)]*)\\)$`);
const COMPARISON = new RegExp(`^(${NAME})\\s*(==|=|!=|>|<)\\s*([-A-Za-z0-9_.]*)$`);
const EXISTS = new RegExp(`^(!?)\\s*(${NAME})$`);

/** Splits at commas outside parentheses. */
function splitTerms(selector: string): string[] {
  return selector
    .split(/,(?![^(]*\))/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
}

function parseTerm(term: string): LabelMatcher {
  const set = SET.exec(term);
  if (set !== null) {
    const [, key = "", operator, list = ""] = set;
    const values = new Set(list.split(",").map((value) => value.trim()));
    return operator === "in"
      ? (labels) => labels?.[key] !== undefined && values.has(labels[key])
      : (labels) => labels?.[key] === undefined || !values.has(labels[key]);
  }
  const comparison = COMPARISON.exec(term);
  if (comparison !== null) {
    const [, key = "", operator = "=", value = ""] = comparison;
    switch (operator) {
      case "!=":
        return (labels) => labels?.[key] !== value;
      case ">":
        return (labels) => labels?.[key] !== undefined && Number(labels[key]) > Number(value);
      case "<":
        return (labels) => labels?.[key] !== undefined && Number(labels[key]) < Number(value);
      default:
        return (labels) => labels?.[key] === value;
    }
  }
  const exists = EXISTS.exec(term);
  if (exists !== null) {
    const [, not, key = ""] = exists;
    return not === "!" ? (labels) => labels?.[key] === undefined : (labels) => labels?.[key] !== undefined;
  }
  throw badRequest(`unable to parse requirement: ${term}`);
}

/** Undefined when everything matches. Throws 400 on a selector that cannot be read. */
export function parseLabelSelector(selector: string | null): LabelMatcher | undefined {
  if (selector === null || selector.trim() === "") return undefined;
  const terms = splitTerms(selector).map(parseTerm);
  return (labels) => terms.every((matches) => matches(labels));
}
