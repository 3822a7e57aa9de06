/** Field errors of the server, found by the path of the field they belong to. */
import type { FieldError } from "@kubev/api-types/errors";
import type { Reason } from "@kubev/api-types/reason";
import { ApiError } from "../api/api-error.ts";
import { formatBytes } from "../format/numbers.ts";
import { reasonWithCause } from "../reasons/reason-text.ts";

export interface FormErrors {
  /** The sentence at the field `path`, or undefined. */
  at: (path: string) => string | undefined;
  all: readonly { path: string; text: string }[];
}

/** Limits of a size, in the units that sizes are typed in. */
function sizeText(path: string, { code, params }: Reason): string | undefined {
  if (!/bytes$/i.test(path)) return undefined;
  const { min, max } = params ?? {};
  if (code === "field-too-small" && typeof min === "number")
    return `The smallest size is ${formatBytes(min)}.`;
  return code === "field-too-large" && typeof max === "number"
    ? `The largest size is ${formatBytes(max)}.`
    : undefined;
}

export function formErrors(fields: readonly FieldError[]): FormErrors {
  const all = fields.map(({ path, reason }) => ({
    path,
    text: sizeText(path, reason) ?? reasonWithCause(reason),
  }));
  return { all, at: (path) => all.find((each) => each.path === path)?.text };
}

export function fieldsOf(error: unknown): readonly FieldError[] {
  return error instanceof ApiError ? (error.detail?.fields ?? []) : [];
}
