/** What stands in place of the preview while the form cannot be asked about: what is missing first, then what is there and not right. */
import type { DraftError } from "./draft.ts";
import { fieldLabel } from "./field-labels.ts";

const labelsOf = (errors: readonly DraftError[]) =>
  [...new Set(errors.map(({ path }) => fieldLabel(path)))].join(", ");

/** A part of a sentence that goes on with what happens then. */
export function previewPrompt(errors: readonly DraftError[]): string {
  const missing = errors.filter(({ misspelt }) => !misspelt);
  if (missing.length === 0) return `Something in the form is not right yet (${labelsOf(errors)}). Correct it`;
  return missing.some(({ path }) => path === "name" || path.startsWith("source."))
    ? "Give the machine a name and a source"
    : `Something is still missing (${labelsOf(missing)}). Fill it in`;
}
