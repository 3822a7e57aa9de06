/** Keys of config maps and secrets can be file names. Source: apimachinery's pkg/util/validation, IsConfigMapKey. */
import { type Cause, invalidValue } from "./field-causes.ts";

const KEY_RULE =
  "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')";

/** What is wrong with a key of a config map or secret. */
export function keyProblems(field: string, key: string): Cause[] {
  const causes: Cause[] = [];
  if (!/^[-._a-zA-Z0-9]+$/.test(key)) causes.push(invalidValue(`${field}[${key}]`, key, KEY_RULE));
  if (key.length > 253)
    causes.push(invalidValue(`${field}[${key}]`, key, "must be no more than 253 characters"));
  if (key === ".") causes.push(invalidValue(`${field}[${key}]`, key, "must not be '.'"));
  else if (key.startsWith(".."))
    causes.push(invalidValue(`${field}[${key}]`, key, "must not start with '..'"));
  return causes;
}
