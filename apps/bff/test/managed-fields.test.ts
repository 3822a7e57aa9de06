/** What is cut from the text of an object is its managed fields and nothing else, whatever else the text holds. */
import {
  array,
  assert,
  constantFrom,
  dictionary,
  integer,
  letrec,
  oneof,
  property,
  string,
} from "fast-check";
import { expect, test } from "vitest";
import { withoutManagedFields } from "../src/kube/managed-fields.ts";

/** The object with every array under the key emptied, the long way. */
function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(emptied);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) => [
      key,
      key === "managedFields" && Array.isArray(child) ? [] : emptied(child),
    ]),
  );
}

const awkward = constantFrom(
  "managedFields",
  'a"managedFields',
  '"managedFields":[',
  "]",
  '\\"',
  "\\",
  "ü[",
  'k:{"name":"x"}',
);
const anything = letrec((tie) => ({
  value: oneof(
    { maxDepth: 5 },
    awkward,
    integer(),
    string({ unit: "binary" }),
    array(tie("value"), { maxLength: 4 }),
    dictionary(oneof(awkward, string()), tie("value"), { maxKeys: 5, noNullPrototype: true }),
  ),
})).value;

test("whatever the object holds, only managed fields go", () => {
  assert(
    property(anything, (value) => {
      expect(JSON.parse(withoutManagedFields(Buffer.from(JSON.stringify(value))))).toEqual(emptied(value));
    }),
    { numRuns: 1000 },
  );
});

test("a text that was cut off within them stays as it is", () => {
  const text = '{"metadata":{"managedFields":[{"fieldsV1":{"f:spec":{}';
  expect(withoutManagedFields(Buffer.from(text))).toBe(text);
});

test("of two, the second cut off, the first goes alone", () => {
  const text = '{"a":{"managedFields":[{"f:a":{}}],"é":1},"b":{"managedFields":[{"f:b":"]';
  expect(withoutManagedFields(Buffer.from(text))).toBe(text.replace('{"f:a":{}}', ""));
});
