/** What the API server says of a field that it does not take. Source: apimachinery's pkg/util/validation/field/errors.go. */
import type { StatusCause } from "../store/status-error.ts";

export type Cause = Required<StatusCause>;

export const required = (field: string, text = ""): Cause => ({
  reason: "FieldValueRequired",
  message: text === "" ? "Required value" : `Required value: ${text}`,
  field,
});

export const invalidValue = (field: string, value: unknown, text: string): Cause => ({
  reason: "FieldValueInvalid",
  message: `Invalid value: ${JSON.stringify(value)}: ${text}`,
  field,
});

export const unsupported = (field: string, value: unknown, supported: readonly string[]): Cause => ({
  reason: "FieldValueNotSupported",
  message: `Unsupported value: ${JSON.stringify(value)}: supported values: ${supported.map((one) => `"${one}"`).join(", ")}`,
  field,
});

export const forbiddenField = (field: string, text: string): Cause => ({
  reason: "FieldValueForbidden",
  message: `Forbidden: ${text}`,
  field,
});

/** `longest` in bytes. */
export const tooLong = (field: string, longest: number): Cause => ({
  reason: "FieldValueTooLong",
  message: `Too long: may not be more than ${longest} bytes`,
  field,
});

export const duplicate = (field: string, value: unknown): Cause => ({
  reason: "FieldValueDuplicate",
  message: `Duplicate value: ${JSON.stringify(value)}`,
  field,
});

/** What is named is not there. */
export const missing = (field: string, value: unknown): Cause => ({
  reason: "FieldValueNotFound",
  message: `Not found: ${JSON.stringify(value)}`,
  field,
});

export const nonNegative = (field: string, value: number | undefined | null): Cause[] =>
  (value ?? 0) < 0 ? [invalidValue(field, value, "must be greater than or equal to 0")] : [];

export const immutable = (field: string, value: unknown): Cause =>
  invalidValue(field, value, "field is immutable");
