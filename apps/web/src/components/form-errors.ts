/** Field errors of the server, found by the path of the field they belong to. */
import type { FieldError } from "@kubev/api-types/errors";
import { ApiError } from "../api/api-error.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";

export interface FormErrors {
  /** The sentence at the field `path`, or undefined. */
  at: (path: string) => string | undefined;
  all: readonly { path: string; text: string }[];
}

export function formErrors(fields: readonly FieldError[]): FormErrors {
  const all = fields.map((field) => ({ path: field.path, text: reasonWithCause(field.reason) }));
  return { all, at: (path) => all.find((each) => each.path === path)?.text };
}

export function fieldsOf(error: unknown): readonly FieldError[] {
  return error instanceof ApiError ? (error.detail?.fields ?? []) : [];
}
