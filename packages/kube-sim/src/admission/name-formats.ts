/**
 * What names, keys and values may look like, and how the API server says that they do not. Each gives its complaints. Source:
 * apimachinery's pkg/util/validation/validation.go and pkg/api/validate/content.
 */

const SUBDOMAIN_FORMAT = "[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*";
const LABEL_FORMAT = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const KEY_FORMAT = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const SUBDOMAIN = new RegExp(`^${SUBDOMAIN_FORMAT}$`);
const LABEL = new RegExp(`^${LABEL_FORMAT}$`);
const KEY = new RegExp(`^${KEY_FORMAT}$`);
const VALUE = new RegExp(`^(${KEY_FORMAT})?$`);

const withFormat = (text: string, format: string, ...examples: readonly string[]): string =>
  `${text} (e.g. ${examples.map((one) => `'${one}', `).join(" or ")}regex used for validation is '${format}')`;

const KEY_TEXT = withFormat(
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  KEY_FORMAT,
  "MyName",
  "my.name",
  "123-abc",
);

const tooLong = (longest: number): string => `must be no more than ${longest} characters`;

export const rangeText = (low: number, high: number): string =>
  `must be between ${low} and ${high}, inclusive`;

export function subdomainProblems(value: string): string[] {
  const text =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
  return [
    ...(value.length > 253 ? [tooLong(253)] : []),
    ...(SUBDOMAIN.test(value) ? [] : [withFormat(text, SUBDOMAIN_FORMAT, "example.com")]),
  ];
}

export function labelProblems(value: string): string[] {
  const text =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
  const problems = value.length > 63 ? [tooLong(63)] : [];
  if (LABEL.test(value)) return problems;
  if (SUBDOMAIN.test(value)) return [...problems, "must not contain dots"];
  return [...problems, withFormat(text, LABEL_FORMAT, "my-name", "123-abc")];
}

/** Of a label's key, and of all that looks like one: `prefix.example/name`. */
export function qualifiedNameProblems(value: string): string[] {
  const parts = value.split("/");
  if (parts.length > 2)
    return [
      `a valid label key ${KEY_TEXT} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  const [prefix, name = ""] = parts.length === 2 ? parts : [undefined, ...parts];
  const problems: string[] = [];
  if (prefix === "") problems.push("prefix part must be non-empty");
  else if (prefix !== undefined)
    problems.push(...subdomainProblems(prefix).map((problem) => `prefix part ${problem}`));
  if (name === "") problems.push("name part must be non-empty");
  else if (name.length > 63) problems.push(`name part ${tooLong(63)}`);
  if (!KEY.test(name)) problems.push(`name part ${KEY_TEXT}`);
  return problems;
}

export function labelValueProblems(value: string): string[] {
  const text =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
  return [
    ...(value.length > 63 ? [tooLong(63)] : []),
    ...(VALUE.test(value) ? [] : [withFormat(text, `(${KEY_FORMAT})?`, "MyValue", "my_value", "12345")]),
  ];
}

export function portNameProblems(value: string): string[] {
  const problems = value.length > 15 ? [tooLong(15)] : [];
  if (!/^[-a-z0-9]+$/.test(value))
    problems.push("must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
  if (!/[a-z]/.test(value)) problems.push("must contain at least one letter (a-z)");
  if (value.includes("--")) problems.push("must not contain consecutive hyphens");
  if (value.startsWith("-") || value.endsWith("-")) problems.push("must not begin or end with a hyphen");
  return problems;
}

export const portNumberProblems = (value: number): string[] =>
  value >= 1 && value <= 65_535 ? [] : [rangeText(1, 65_535)];

/** Of an environment variable; since 1.30 all that prints may stand in it. */
export const variableNameProblems = (value: string): string[] =>
  /^[\x20-\x3c\x3e-\x7e]+$/.test(value)
    ? []
    : ["a valid environment variable name must consist only of printable ASCII characters other than '='"];
