/** Numbers that may be a part of something: `2`, `25%`. Source: pkg/apis/apps/validation, ValidatePositiveIntOrPercent. */
import { type Cause, invalidValue, nonNegative } from "./field-causes.ts";

export type WholeOrPercent = number | string;

export function wholeOrPercentProblems(
  value: WholeOrPercent | undefined,
  at: string,
  upTo = Infinity,
): Cause[] {
  if (value === undefined) return [];
  if (typeof value === "number") return nonNegative(at, value);
  if (!/^[0-9]+%$/.test(value))
    return [invalidValue(at, value, "must be an integer or percentage (e.g '5%%')")];
  return Number.parseInt(value, 10) > upTo
    ? [invalidValue(at, value, `must not be greater than ${upTo}%`)]
    : [];
}
