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
