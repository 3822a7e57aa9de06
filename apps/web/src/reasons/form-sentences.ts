/** What is wrong with a field, a text or a query. */
import type { Sentence } from "./params.ts";

/** What a text must look like, by what it is; '' is a name. */
const patterns: Record<string, string> & { "": string } = {
  "": "Use lower-case letters, digits and hyphens; begin and end with a letter or digit.",
  mac: "Write six pairs of hexadecimal digits, such as 52:54:00:12:34:56.",
  amount: "Write an amount, such as 4, 500m or 16Gi.",
};

export const formSentences = {
  "field-required": () => "Fill this in.",
  "field-invalid": (p) =>
    p.text("expected") === "ip"
      ? "Write one IP address, such as 10.16.0.9 or fd00::9."
      : "This value is not valid.",
  "field-unknown": () => "This field is not known.",
  "field-too-long": (p) => `Use at most ${p.number("max")} characters.`,
  "field-too-short": (p) => `Use at least ${p.number("min")} characters.`,
  "field-too-small": (p) => `The smallest value is ${p.number("min")}.`,
  "field-too-large": (p) => `The largest value is ${p.number("max")}.`,
  "field-pattern": (p) => patterns[p.text("expected")] ?? patterns[""],
  "field-choice": (p) => `Choose one of: ${p.text("choices", "the listed values")}.`,
  "field-type": (p) => `A ${p.text("expected", "different kind of value")} is needed here.`,
  "field-upstream": () => "The cluster did not accept this value.",
  "name-taken": () => "This name is already used.",
  "yaml-syntax": () => "This is not valid YAML.",
  "yaml-not-this-object": (p) => `The text must stay the ${p.text("kind", "object")} ${p.text("name", "")}.`,
  "yaml-other-project": (p) =>
    `It names another project. Leave the namespace out, or make it ${p.text("project", "this one")}.`,
  "yaml-secret-lost": (p) =>
    `The hidden value at ${p.text("path")} was changed in part. Leave it as it was, or replace all of it.`,
  "cloud-init-not-yaml": () => "The cloud-init text is not valid YAML.",
  "cloud-init-no-header": () =>
    "The text must begin with #cloud-config or #! to be understood by cloud-init.",
  "ssh-key-invalid": (p) =>
    `Line ${p.number("line")} is not an SSH public key. One looks like "ssh-ed25519 AAAAC3Nza… you@computer".`,
  "ssh-key-private": (p) =>
    `Line ${p.number("line")} is a private key. Keep it to yourself and paste the .pub file instead.`,
  "cloud-init-empty": () => "The cloud-init text is empty.",
  "dry-run-warned": () => "The cluster would make it, and warns.",
  "dry-run-refused": () => "The cluster would refuse this.",
  "dry-run-impossible": () => "The cluster cannot check this before its other parts exist.",
  "part-already-exists": (p) =>
    `The ${p.text("kind", "object")} ${p.text("name", "of this name")} already exists.`,
  "query-field-unknown": (p) =>
    `There is no field "${p.text("field")}" to search by.${p.has("choices") ? ` The fields here are: ${p.text("choices")}.` : ""}`,
  "query-value-not-number": (p) =>
    p.has("value")
      ? `"${p.text("value")}" is not a number.`
      : `A number is missing after "${p.text("field", "the field")}".`,
  "query-value-unknown": (p) =>
    `"${p.text("field")}" is never "${p.text("value")}". It can be: ${p.text("choices", "something else")}.`,
  "query-unit-missing": (p) => `A size needs its unit, for example ${p.text("value", "8")}Gi.`,
  "query-operator-wrong": (p) => `The field "${p.text("field")}" cannot be compared this way.`,
  "query-quote-open": () => "A quotation mark is not closed.",
  "query-sort-unknown": (p) => `The list cannot be sorted by "${p.text("sort")}".`,
} satisfies Record<string, Sentence>;
